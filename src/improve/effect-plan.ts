import type { Action, EffectPlan } from '../model/action.ts';
import { RunError } from '../model/errors.ts';
import type { Goal } from '../model/goal.ts';
import type { Kpi } from '../model/kpi.ts';
import type { Measure, Span } from '../model/measure.ts';
import type { Segment } from '../model/result.ts';
import { addDays } from '../model/zone.ts';

/** What the person who starts an action may set; null: by default. */
export interface PlanChoices {
  readonly windowDays: number | null;
  readonly washOutDays: number | null;
  readonly minEffect: number | null;
  readonly control: Segment | null;
}

export interface PlanInput {
  readonly action: Action;
  readonly kpi: Kpi;
  readonly goal: Goal | null;
  readonly better: EffectPlan['better'];
  readonly measure: Measure;
  readonly choices: PlanChoices;
  /** Local day on which the action starts; the window before ends here. */
  readonly startOn: string;
  readonly now: number;
  readonly today: string;
}

/** Four weeks for a month: the same weekdays on both sides. */
const windowByGrain = { day: 28, week: 28, month: 28, quarter: 91, year: 364 } as const;
const longestWashOutDays = 91;
/** Windows looked back at: about a year of them. */
export const earlierWindows = 12;
const leastShareOfTarget = 0.05;
/** Mixes that are known to move results, the first that a KPI can be split by. */
const mixKinds = ['category', 'case_category', 'type', 'priority', 'channel', 'source'];

/** Everything by which the effect will be judged, fixed before it can be seen. */
export async function planEffect(input: PlanInput): Promise<EffectPlan> {
  const { action, kpi, goal, better, choices, startOn } = input;
  const windowDays = choices.windowDays ?? windowByGrain[goal?.every ?? 'month'];
  requireWeeks(windowDays);
  const before = { from: addDays(startOn, -windowDays), to: startOn };
  return {
    fixedAt: input.now,
    kpi: kpi.id,
    definitionVersion: kpi.version,
    segment: action.segment,
    better,
    windowDays,
    before,
    washOutDays: choices.washOutDays ?? (await medianCycleDays(input, windowDays)),
    minEffect: choices.minEffect ?? (await leastEffect(input, before)),
    control: choices.control,
    strata: strataOf(kpi, action.segment),
    clock: goal?.clock ?? 'calendar',
    pickedAsWorst: action.finding !== null,
    exploratory: startOn < input.today,
  };
}

/** Null for a KPI that is best within a range: a change of it is neither better nor worse by itself. */
export function directionOf(kpi: Kpi, goal: Goal | null): EffectPlan['better'] | null {
  if (goal?.shape === 'at_most') return 'lower';
  if (goal?.shape === 'at_least' || kpi.better === 'higher') return 'higher';
  return kpi.better === 'lower' ? 'lower' : null;
}

function requireWeeks(days: number): void {
  if (Number.isInteger(days) && days >= 7 && days <= 364 && days % 7 === 0) return;
  throw new RunError('usage', {
    where: '--window',
    message: `A window of ${days} days cannot be compared.`,
    fix: 'Give whole weeks, so that both windows have the same weekdays: 28, 91 ...',
  });
}

/** One median cycle of the records that the KPI counts: those begun before the action are let pass. */
async function medianCycleDays(
  { kpi, measure, action, startOn }: PlanInput,
  windowDays: number,
): Promise<number> {
  const cycle = cycleOf(kpi);
  if (cycle === null) return 0;
  const span = { from: addDays(startOn, -windowDays * earlierWindows), to: startOn };
  const answer = await measure({ kpi: cycle, segment: action.segment, spans: [span] });
  const hours = answer?.spans[0]?.whole.value ?? null;
  return hours === null ? 0 : Math.min(longestWashOutDays, Math.ceil(hours / 24));
}

function cycleOf({ id, unit, needs }: Kpi): string | null {
  if (unit === 'hours') return id;
  if (needs.includes('deal')) return 'sales_cycle_hours';
  return needs.includes('ticket') ? 'case_resolution_hours' : null;
}

/** A twentieth of the target, or of where it stands. */
async function leastEffect({ kpi, goal, measure, action }: PlanInput, before: Span): Promise<number> {
  const { targets } = goal ?? {};
  if (targets?.kind === 'constant' && typeof targets.value === 'number')
    return Math.abs(targets.value) * leastShareOfTarget;
  const clock = goal?.clock ?? 'calendar';
  const answer = await measure({ kpi: kpi.id, segment: action.segment, spans: [before], clock });
  return Math.abs(answer?.spans[0]?.whole.value ?? 0) * leastShareOfTarget;
}

function strataOf({ dimensions }: Kpi, segment: Segment): string | null {
  return mixKinds.find((kind) => dimensions.includes(kind) && kind !== segment.kind) ?? null;
}
