import { openMeasure } from '../../src/evaluate/measure.ts';
import { measureEffect } from '../../src/improve/effect.ts';
import { planEffect } from '../../src/improve/effect-plan.ts';
import type { Action, EffectReport } from '../../src/model/action.ts';
import type { Measure } from '../../src/model/measure.ts';
import type { Segment } from '../../src/model/result.ts';
import { addDays } from '../../src/model/zone.ts';
import { createRandom, type Random } from '../../src/sandbox/random.ts';
import { baseSettings, type LooseRow, quiet, type Workspace } from '../evaluate/workspace.ts';

/** Windows of 28 days: twelve before, then the one that is judged, then the one of the re-check. */
export const firstOn = '2025-01-06';
export const windowDays = 28;
export const startOn = addDays(firstOn, 12 * windowDays);

export function dayIn(window: number, day: number): string {
  return addDays(firstOn, window * windowDays + day);
}

export interface Planted {
  readonly team: string;
  readonly perWindow: number;
  /** By window. */
  readonly wonShare: (window: number) => number;
  readonly medianHours: (window: number) => number;
}

/** Deals and cases of one person per team, closed evenly over the windows. */
export function plantRows(
  planted: readonly Planted[],
  { seed, windows, kpi }: { readonly seed: number; readonly windows: number; readonly kpi: string },
) {
  const random = createRandom(seed);
  const deal: LooseRow[] = [];
  const ticket: LooseRow[] = [];
  for (const team of planted) {
    for (let window = 0; window < windows; window++) {
      for (let i = 0; i < team.perWindow; i++) {
        if (kpi === 'win_rate') deal.push(makeDeal(team, { window, i, random }));
        else ticket.push(makeTicket(team, { window, i, random }));
      }
    }
  }
  return { deal, ticket };
}

interface Made {
  readonly window: number;
  readonly i: number;
  readonly random: Random;
}

function makeDeal({ team, perWindow, wonShare }: Planted, { window, i, random }: Made): LooseRow {
  const day = dayIn(window, Math.floor((i * windowDays) / perWindow));
  const won = random.chance(wonShare(window));
  return {
    id: `${team}-${window}-${i}`,
    outcome: won ? 'won' : 'lost',
    closed_on: day,
    created_at: '2024-06-01T00:00:00Z',
    owner_id: team,
  };
}

/** Log-normal around the median, as resolution times are. */
function makeTicket({ team, perWindow, medianHours }: Planted, { window, i, random }: Made): LooseRow {
  const closedAt = Date.parse(`${dayIn(window, Math.floor((i * windowDays) / perWindow))}T10:00:00Z`);
  const hours = random.logNormal(medianHours(window), 0.8);
  return {
    id: `${team}-${window}-${i}`,
    is_closed: 1,
    created_at: closedAt - Math.round(hours * 3_600_000),
    last_closed_at: closedAt,
    owner_id: team,
  };
}

export function teamsOf(planted: readonly Planted[]) {
  return {
    team: planted.map(({ team }) => ({ id: `T-${team}`, name: team })),
    actor: planted.map(({ team }) => ({ id: team, name: team, kind: 'user', active: 1 })),
    memberships: planted.map(({ team }) => ({
      actorId: team,
      teams: [{ teamId: `T-${team}`, primary: true }],
    })),
  };
}

export function teamSegment(team: string): Segment {
  return { kind: 'team', id: `T-${team}`, name: team, source: 'crm' };
}

export interface Judged {
  readonly measure?: Measure;
  readonly kpi: string;
  readonly segment: Segment;
  /** It was picked because it was worst. */
  readonly picked?: boolean;
  readonly control?: Segment | null;
  readonly others?: readonly Action[];
  readonly asOf?: string;
}

/** Starts and finishes an action on the first day of the thirteenth window, then judges it. */
export async function judge(workspace: Workspace, judged: Judged): Promise<EffectReport> {
  const { action, measure, kpi } = await startAction(workspace, judged);
  const today = judged.asOf ?? addDays(startOn, 1 + windowDays);
  return measureEffect({ action, actions: [action, ...(judged.others ?? [])], kpi, measure, today });
}

/** Figures as known on a day. */
export async function measureAt(
  workspace: Workspace,
  asOf = addDays(startOn, 2 + 2 * windowDays),
): Promise<Measure> {
  return openMeasure({
    store: workspace.store,
    settings: baseSettings,
    catalog: await workspace.catalog(),
    asOf: Date.parse(`${asOf}T00:00:00Z`),
    log: quiet,
  });
}

export async function startAction(
  workspace: Workspace,
  { kpi: id, segment, picked = false, control = null, asOf, measure: given }: Judged,
  number = 1,
) {
  const catalog = await workspace.catalog();
  const kpi = catalog.find((known) => known.id === id);
  if (!kpi) throw new Error(id);
  const measure = given ?? (await measureAt(workspace, asOf));
  const proposed: Action = {
    id: number,
    finding: picked ? 'off_target_kpi|team' : null,
    detector: null,
    type: 'training',
    effort: 'M',
    state: 'started',
    title: { en: 'Workshop', es: 'Taller' },
    reason: { en: '', es: '' },
    hypothesis: { en: '', es: '' },
    kpi: id,
    goal: null,
    segment,
    subject: null,
    owner: null,
    dueOn: null,
    startedOn: startOn,
    finishedOn: null,
    measuredAt: null,
    verdict: null,
    recheck: null,
    plan: null,
    task: null,
  };
  const plan = await planEffect({
    action: proposed,
    kpi,
    goal: null,
    better: id === 'win_rate' ? 'higher' : 'lower',
    measure,
    choices: { windowDays, washOutDays: 0, minEffect: null, control },
    startOn,
    now: Date.parse(`${startOn}T09:00:00Z`),
    today: startOn,
  });
  const action: Action = { ...proposed, state: 'done', plan, finishedOn: addDays(startOn, -1) };
  return { action, measure, kpi };
}
