import { type DetectOptions, detectFindings } from '../../src/improve/detect.ts';
import type { Finding } from '../../src/model/finding.ts';
import type { Detection } from '../../src/model/store.ts';
import { createZone } from '../../src/model/zone.ts';
import { at, type LooseRow, openTempStore, type TempStore } from '../store/temp-store.ts';

export const zone = createZone('Europe/Madrid');
export const asOf = at('2026-11-01T00:00:00Z');
export const dayMs = 86_400_000;
export const hourMs = 3_600_000;

/** So many days before as_of, epoch ms. */
export const ago = (days: number): number => asOf - days * dayMs;
export const dateAgo = (days: number): string => zone.dateOf(ago(days));

/** A store of canonical rows, on which detectors run. */
export interface FindingsStore extends TempStore {
  detect(options?: Partial<DetectOptions>): Promise<Detection>;
  /** What one detector found. */
  found(detector: string, options?: Partial<DetectOptions>): Promise<readonly Finding[]>;
  /** Why it found nothing, in English. */
  silence(detector: string): Promise<readonly string[]>;
  /** People in teams, since ever. */
  staff(teams: Readonly<Record<string, readonly string[]>>): Promise<void>;
}

export async function openFindingsStore(): Promise<FindingsStore> {
  const temp = await openTempStore();
  const detect: FindingsStore['detect'] = async (options = {}) => {
    await temp.store.derive(new AbortController().signal);
    return detectFindings({
      store: temp.store,
      zone,
      currency: 'EUR',
      goals: [],
      catalog: [],
      asOf,
      cutoff: asOf,
      convert: (minor) => minor,
      log: { debug() {}, info() {}, warn() {}, error() {} },
      signal: new AbortController().signal,
      ...options,
    });
  };
  return {
    ...temp,
    detect,
    found: async (detector, options) =>
      (await detect(options)).findings.filter((finding) => finding.detector === detector),
    silence: async (detector) =>
      (await detect()).silences
        .filter((silence) => silence.detector === detector)
        .map(({ reason }) => reason.en),
    async staff(teams) {
      const people = Object.values(teams).flat();
      const actors = people.map((id) => ({
        id,
        kind: 'user',
        name: id,
        active: 1,
        licensed: 1,
        created_at: ago(900),
      }));
      const memberships = Object.entries(teams).flatMap(([teamId, members]) =>
        members.map((actorId) => ({ actorId, at: ago(900), teams: [{ teamId, primary: true }] })),
      );
      await temp.fill({ team: Object.keys(teams).map((id) => ({ id, name: `Team ${id}` })) });
      await temp.save('actor', { rows: actors, memberships });
    },
  };
}

/** Rows one by one. */
export function times(count: number, make: (place: number) => LooseRow): LooseRow[] {
  return Array.from({ length: count }, (_, place) => make(place));
}

/** An open deal and its first state in the history. */
export function openDeal(id: string, row: LooseRow = {}): LooseRow {
  return {
    id,
    outcome: 'open',
    stage: 'new',
    pipeline: 'sales',
    created_at: ago(60),
    updated_at: ago(60),
    ...row,
  };
}
