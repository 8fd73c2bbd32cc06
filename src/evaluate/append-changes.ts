import type { Kpi } from '../model/kpi.ts';
import type { Result } from '../model/result.ts';
import type { NewResult, StoredResult } from '../model/result-store.ts';
import { restatementOf } from './causes.ts';
import type { Desk } from './desk.ts';
import type { KpiOutcome } from './evaluate-kpi.ts';
import { emptied, planRow, seriesKey, withdraw } from './restate.ts';
import { keyText } from './segments.ts';

export interface KpiTally {
  readonly kpi: string;
  /** Series computed. */
  readonly results: number;
  /** Rows written: new figures or stages, restatements among them. */
  readonly appended: number;
  readonly restated: number;
  readonly withdrawn: number;
}

interface KpiResults extends KpiOutcome {
  readonly evaluationId: number;
  readonly kpi: Kpi;
}

const rowsPerAppend = 500;

/** Writes down what is new or differs from what stands; of figures that nothing stands for any more, that they are gone. */
export async function appendChanges(desk: Desk, outcome: KpiResults): Promise<KpiTally> {
  const { evaluationId, kpi, results, places } = outcome;
  const before = await readStanding(desk, kpi, places);
  const rows: NewResult[] = [];
  for (const result of results) {
    const key = seriesKey(result);
    const row = await rowFor(desk, outcome, { previous: before.get(key) ?? null, result });
    if (row) rows.push(row);
    before.delete(key);
  }
  const gone: NewResult[] = [];
  const oldest = oldestByGrain(results);
  const told = new Set(results.map(placeOf));
  for (const left of before.values()) {
    if (places === null && !isGone(desk, left, oldest)) continue;
    const isComputed = places !== null || oldest.has(left.grain);
    if (!isComputed || !isPublished(left) || told.has(placeOf(left)) || !isAsked(desk, kpi, left)) {
      gone.push(withdraw(left, desk.reportedAsOf));
      continue;
    }
    const result = emptied(left, { version: kpi.version, asOf: desk.reportedAsOf });
    const row = await rowFor(desk, outcome, { previous: left, result });
    if (row) rows.push(row);
  }
  await append(desk, evaluationId, [...rows, ...gone]);
  const restated = rows.filter((row) => row.stage === 'restated').length;
  const tally = { results: results.length, appended: rows.length, restated, withdrawn: gone.length };
  return { kpi: kpi.id, ...tally };
}

interface Candidate {
  readonly previous: StoredResult | null;
  readonly result: Result;
}

async function rowFor(
  { nightly }: Desk,
  { kpi, causesAt }: KpiResults,
  { previous, result }: Candidate,
): Promise<NewResult | null> {
  const row = planRow(previous, result);
  if (!row || !previous || row.stage !== 'restated') return row;
  const ratesChanged = kpi.money.length > 0 && (nightly?.written.get('fx_rate') ?? 0) > 0;
  return {
    ...row,
    restatement: restatementOf({ previous, row, split: await causesAt(result), ratesChanged }),
  };
}

/** The newest rows of the series that were looked at. */
async function readStanding(
  { store, reportedAsOf }: Desk,
  { id }: Kpi,
  places: KpiOutcome['places'],
): Promise<Map<string, StoredResult>> {
  if (places !== null)
    return new Map((await store.newestResults(id, places)).map((row) => [seriesKey(row), row]));
  const standing = new Map<string, StoredResult>();
  for await (const rows of store.latestResults(reportedAsOf, { kpi: id, asStored: true })) {
    for (const row of rows) standing.set(seriesKey(row), row);
  }
  return standing;
}

/** What is older than the history that is computed stays, unless what it speaks of has left the settings. */
function isGone(desk: Desk, left: StoredResult, oldest: ReadonlyMap<string, string>): boolean {
  const from = oldest.get(left.grain);
  if (from === undefined || left.periodStart >= from) return true;
  return !isInSettings(desk, left);
}

function isInSettings({ settings }: Desk, { goal, segment }: StoredResult): boolean {
  if (goal !== null && !settings.goals.some((configured) => configured.id === goal)) return false;
  const goalKinds = settings.goals.flatMap(({ segments }) => segments);
  return ['company', 'connection', ...settings.segments, ...goalKinds].includes(segment.kind);
}

/** A figure that people have seen: it does not vanish, it becomes 0 and says why. */
function isPublished({ stage, n, nMissing }: StoredResult): boolean {
  return stage === 'restated' || (stage === 'official' && n + nMissing > 0);
}

/** The KPI is still split this way, and the connection that the segment belongs to still there. */
function isAsked(desk: Desk, kpi: Kpi, left: StoredResult): boolean {
  const { kind, source } = left.segment;
  if (!isInSettings(desk, left) || kind === 'connection') return false;
  const isSplit = kind === 'company' || kpi.dimensions.includes(kind) || desk.mapped.has(kind);
  return isSplit && (source === null || desk.sources.some(({ connection }) => connection === source));
}

function placeOf({ grain, periodStart, segment }: Result): string {
  return `${grain}\n${periodStart}\n${keyText(segment)}`;
}

/** The company has a row in every period: its first one tells how far back each grain was computed. */
function oldestByGrain(results: readonly Result[]): ReadonlyMap<string, string> {
  const oldest = new Map<string, string>();
  for (const { grain, periodStart } of results) {
    const known = oldest.get(grain);
    if (known === undefined || periodStart < known) oldest.set(grain, periodStart);
  }
  return oldest;
}

export async function append(desk: Desk, evaluationId: number, rows: readonly NewResult[]): Promise<void> {
  for (let from = 0; from < rows.length; from += rowsPerAppend) {
    await desk.store.appendResults(evaluationId, rows.slice(from, from + rowsPerAppend));
  }
}
