import type { Action, ActionState, Recheck, ToldEffect, Verdict } from '../model/action.ts';
import type { Quadrant, StoredFinding } from '../model/finding.ts';
import type { Movement, Status } from '../model/goal.ts';
import type { Labels, Unit } from '../model/kpi.ts';
import type { Result } from '../model/result.ts';
import type { StoredResult } from '../model/result-store.ts';
import type { Review } from '../model/review.ts';

/** A figure as the meeting saw it: the id of its row never changes. */
export interface FrozenResult {
  readonly id: number;
  readonly kpi: string;
  readonly goal: string | null;
  readonly label: Labels;
  readonly period: string;
  readonly periodStart: string;
  readonly complete: boolean;
  readonly unit: Unit;
  readonly currency: string | null;
  readonly value: number | null;
  readonly target: Result['target'];
  readonly status: Status | null;
  readonly movement: Movement | null;
  readonly n: number;
  readonly stage: Result['stage'];
}

export interface FrozenFinding {
  readonly id: string;
  readonly title: Labels;
  readonly priority: number;
  readonly quadrant: Quadrant;
}

export interface FrozenAction {
  readonly id: number;
  readonly title: Labels;
  readonly type: Action['type'];
  readonly state: ActionState;
  readonly owner: string | null;
  readonly dueOn: string | null;
  readonly verdict: Verdict | null;
  readonly recheck: Recheck | null;
  /** Effect with its interval, in words. */
  readonly effect: Labels | null;
  /** With its figures; not kept by reviews of long ago. */
  readonly measured?: ToldEffect | null;
}

/** What is different from the last review. */
export interface ReviewChanges {
  readonly since: string;
  readonly review: number;
  readonly figures: readonly { readonly before: FrozenResult; readonly now: FrozenResult }[];
  /** Periods that the last review saw and that read differently now. */
  readonly restated: readonly { readonly before: FrozenResult; readonly now: FrozenResult }[];
  readonly newFindings: readonly FrozenFinding[];
  readonly closedFindings: readonly FrozenFinding[];
  readonly movedActions: readonly { readonly action: FrozenAction; readonly from: ActionState | null }[];
  /** What was decided then. */
  readonly decisions: string | null;
}

export interface ReviewPage {
  readonly on: string;
  readonly results: readonly FrozenResult[];
  readonly findings: readonly FrozenFinding[];
  readonly actions: readonly FrozenAction[];
  readonly changes: ReviewChanges | null;
}

export interface ReviewInput {
  readonly on: string;
  /** Of the company, with goals. */
  readonly results: readonly StoredResult[];
  readonly labels: (kpi: string) => Labels;
  /** Open ones, by priority. */
  readonly findings: readonly StoredFinding[];
  readonly actions: readonly Action[];
  readonly effects: ReadonlyMap<number, Labels>;
  /** What was measured of them. */
  readonly told?: ReadonlyMap<number, ToldEffect>;
  readonly previous: Review<ReviewPage> | null;
  readonly previousOn: string;
}

export function assembleReview(input: ReviewInput): ReviewPage {
  const frozen = input.results.map((result) => freezeResult(result, input.labels));
  const results = newestOfEach(frozen);
  const findings = input.findings.map(freezeFinding);
  const actions = input.actions
    .filter(({ state }) => state !== 'rejected')
    .map((action) => ({
      ...freezeAction(action, input.effects.get(action.id) ?? null),
      measured: input.told?.get(action.id) ?? null,
    }));
  const { previous } = input;
  const changes =
    previous && changesSince(previous, { frozen, results, all: findings, actions, since: input.previousOn });
  return { on: input.on, results, findings, actions, changes };
}

function freezeResult(result: StoredResult, labels: ReviewInput['labels']): FrozenResult {
  const { id, kpi, goal, periodStart, complete, unit, currency, value, target, status, movement, n, stage } =
    result;
  const plain = {
    id,
    kpi,
    goal,
    periodStart,
    complete,
    unit,
    currency,
    value,
    target,
    status,
    movement,
    n,
    stage,
  };
  return { ...plain, label: labels(kpi), period: result.periodLabel };
}

function freezeFinding({ id, title, priority, quadrant }: StoredFinding): FrozenFinding {
  return { id, title, priority, quadrant };
}

function freezeAction(action: Action, effect: Labels | null): FrozenAction {
  const { id, title, type, state, dueOn, verdict, recheck } = action;
  return { id, title, type, state, owner: action.owner?.name ?? null, dueOn, verdict, recheck, effect };
}

/** Of each goal the newest complete period and the running one. */
function newestOfEach(results: readonly FrozenResult[]): readonly FrozenResult[] {
  const groups = Map.groupBy(results, ({ kpi, goal }) => `${kpi}\n${goal}`);
  return [...groups.values()].flatMap((group) => {
    const sorted = group.toSorted((a, b) => (a.periodStart < b.periodStart ? -1 : 1));
    const complete = sorted.findLast((result) => result.complete);
    const running = sorted.findLast((result) => !result.complete);
    return [complete, running].filter((result) => result !== undefined);
  });
}

interface Now {
  readonly frozen: readonly FrozenResult[];
  readonly results: readonly FrozenResult[];
  readonly all: readonly FrozenFinding[];
  readonly actions: readonly FrozenAction[];
  readonly since: string;
}

function changesSince(previous: Review<ReviewPage>, now: Now): ReviewChanges {
  const { page } = previous;
  const complete = (results: readonly FrozenResult[]) => results.filter((result) => result.complete);
  const seen = new Set(page.findings.map(({ id }) => id));
  const open = new Set(now.all.map(({ id }) => id));
  return {
    since: now.since,
    review: previous.id,
    figures: pairs(complete(page.results), complete(now.results), isSameGoal).filter(hasMoved),
    restated: pairs(complete(page.results), now.frozen, isSamePeriod).filter(
      ({ before, now: later }) => before.value !== later.value,
    ),
    newFindings: now.all.filter(({ id }) => !seen.has(id)),
    closedFindings: page.findings.filter(({ id }) => !open.has(id)),
    movedActions: now.actions.flatMap((action) => {
      const before = page.actions.find(({ id }) => id === action.id);
      const moved = before?.state !== action.state || before?.verdict !== action.verdict;
      return moved ? [{ action, from: before?.state ?? null }] : [];
    }),
    decisions: previous.notes,
  };
}

/** A new period, or another verdict on the same one. */
function hasMoved({ before, now }: ReviewChanges['figures'][number]): boolean {
  return before.period !== now.period || before.value !== now.value || before.status !== now.status;
}

type SameRule = (a: FrozenResult, b: FrozenResult) => boolean;

const isSameGoal: SameRule = (a, b) => a.kpi === b.kpi && a.goal === b.goal;
const isSamePeriod: SameRule = (a, b) => isSameGoal(a, b) && a.period === b.period;

function pairs(before: readonly FrozenResult[], now: readonly FrozenResult[], isSame: SameRule) {
  return before.flatMap((one) => {
    const later = now.find((other) => isSame(one, other));
    return later ? [{ before: one, now: later }] : [];
  });
}
