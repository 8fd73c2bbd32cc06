import type { ActionType, Effort } from './finding.ts';
import type { DurationClock, Goal } from './goal.ts';
import type { Labels, Language, Unit } from './kpi.ts';
import type { Span } from './measure.ts';
import type { Result, Segment } from './result.ts';
import type { Awaitable } from './store.ts';

export const actionStates = ['proposed', 'accepted', 'started', 'done', 'rejected'] as const;
export type ActionState = (typeof actionStates)[number];

/** A person of a CRM, or a name alone. */
export interface ActionOwner {
  readonly source: string | null;
  readonly id: string | null;
  readonly name: string;
}

/** Its task in the CRM. */
export interface ActionTask {
  /** Connection. */
  readonly source: string;
  readonly key: string;
  /** null: still to be created. */
  readonly remoteId: string | null;
  /** Why the CRM refused it the last time. */
  readonly problem: string | null;
}

/** Something that is done about a finding, and what is expected of it. */
export interface Action {
  readonly id: number;
  readonly finding: string | null;
  readonly detector: string | null;
  readonly type: ActionType;
  readonly effort: Effort;
  readonly state: ActionState;
  readonly title: Labels;
  /** Which precondition held, with its figures. */
  readonly reason: Labels;
  readonly hypothesis: Labels;
  readonly kpi: string | null;
  readonly goal: string | null;
  readonly segment: Segment;
  readonly subject: string | null;
  readonly owner: ActionOwner | null;
  readonly dueOn: string | null;
  readonly startedOn: string | null;
  readonly finishedOn: string | null;
  readonly measuredAt: number | null;
  readonly verdict: Verdict | null;
  readonly recheck: Recheck | null;
  readonly plan: EffectPlan | null;
  readonly task: ActionTask | null;
}

export interface ActionEvent {
  readonly state: ActionState;
  readonly at: number;
  readonly author: string;
  readonly note: string | null;
}

/** How an effect is to be measured, fixed when the action starts. */
export interface EffectPlan {
  /** Epoch ms. */
  readonly fixedAt: number;
  readonly kpi: string;
  /** A later version of the KPI's definition is not compared with it. */
  readonly definitionVersion: string;
  readonly segment: Segment;
  readonly better: 'higher' | 'lower';
  /** Whole weeks, so that both windows have the same weekdays. */
  readonly windowDays: number;
  /** The window before begins and ends here. */
  readonly before: Span;
  /** Days that are left out after the action is finished. */
  readonly washOutDays: number;
  /** Smaller changes do not matter; in the KPI's unit. */
  readonly minEffect: number;
  readonly control: Segment | null;
  /** Kind of segments by whose mix before the figures are weighted. */
  readonly strata: string | null;
  /** What durations are measured by; not kept of actions that were started long ago: the calendar. */
  readonly clock?: DurationClock;
  /** Chosen because it was worst: judged against its long baseline. */
  readonly pickedAsWorst: boolean;
  /** Fixed when some of what it looks at could already be seen. */
  readonly exploratory: boolean;
}

export type Verdict = 'improved' | 'worsened' | 'no_evidence' | 'insufficient';
export type Recheck = 'held' | 'faded';

export type EffectMethod =
  | 'newcombe'
  | 'hodges_lehmann'
  | 'kaplan_meier'
  | 'welch'
  | 'binomial'
  | 'behaviour_chart';

/** What one side of a comparison came to. */
export interface EffectSide extends Span {
  readonly num: number | null;
  readonly den: number | null;
  readonly value: number | null;
  readonly n: number;
  /** 95 % interval of the value, an end null where there is none; not kept of what was measured long ago. */
  readonly interval?: { readonly low: number | null; readonly high: number | null } | null;
}

/** Later less earlier, with its 95 % interval; null where there is no end to it. */
export interface EffectSize {
  readonly effect: number;
  readonly low: number | null;
  readonly high: number | null;
}

/** Remarks that go with an effect; their sentences are chosen where they are shown. */
export type EffectNote =
  | 'waiting'
  | 'not_started'
  | 'immature'
  | 'too_few'
  | 'not_comparable'
  | 'definition_changed'
  | 'no_data'
  | 'not_synced'
  | 'below_min_effect'
  | 'control_touched'
  | 'control_too_small'
  | 'mix_moved'
  | 'trend_before'
  | 'long_baseline'
  | 'joint'
  | 'exploratory'
  | 'recheck_too_few';

export interface EffectReport {
  readonly verdict: Verdict;
  readonly recheck: Recheck | null;
  readonly method: EffectMethod | null;
  readonly p: number | null;
  readonly before: EffectSide | null;
  readonly after: EffectSide | null;
  /** By which the verdict was reached. */
  readonly size: EffectSize | null;
  /** Before control, mix and trend were taken into account; null where there were none. */
  readonly plain: EffectSize | null;
  readonly control: {
    readonly segment: Segment;
    readonly before: EffectSide;
    readonly after: EffectSide;
    readonly size: EffectSize;
  } | null;
  /** Share of the records that moved between strata, and the value after with the mix before. */
  readonly mix: {
    readonly kind: string;
    readonly moved: number;
    readonly standardised: number | null;
  } | null;
  /** What the trend before led to expect. */
  readonly expected: number | null;
  /** The smallest effect that windows of this size would show with 80 % power. */
  readonly detectable: number | null;
  /** Records per window that it would take to show an effect of this size. */
  readonly recordsNeeded: number | null;
  readonly minEffect: number | null;
  /** First local day on which it can be measured, where it could not. */
  readonly readyOn: string | null;
  /** Actions that are judged together. */
  readonly joint: readonly number[];
  readonly notes: readonly EffectNote[];
}

export interface StoredEffect extends EffectReport {
  readonly asOf: number;
}

/** An effect with all that is needed to show it to people. */
export interface ToldEffect {
  readonly action: number;
  readonly title: Labels;
  readonly kpi: string;
  readonly label: Labels;
  readonly segment: Segment;
  readonly report: EffectReport;
  readonly unit: Unit;
  readonly currency: string;
  /** Of the goal; null where there is none, or none that figures of so many days can be held against. */
  readonly target: Result['target'];
  /** Which side of the target is good. */
  readonly shape: Goal['shape'] | null;
  /** The change with its interval, in words; null: none could be measured. */
  readonly change: Labels | null;
  readonly remarks: Readonly<Record<Language, readonly string[]>>;
}

export type NewAction = Omit<
  Action,
  'id' | 'state' | 'startedOn' | 'finishedOn' | 'measuredAt' | 'verdict' | 'recheck' | 'plan' | 'task'
>;

/** What a step may change of an action, beside its state. */
export type ActionPatch = Partial<
  Pick<Action, 'state' | 'owner' | 'dueOn' | 'hypothesis' | 'startedOn' | 'finishedOn' | 'plan' | 'task'>
>;

export interface ActionStore {
  actions(): Awaitable<readonly Action[]>;
  actionHistory(id: number): Awaitable<readonly ActionEvent[]>;
  addAction(action: NewAction, event: Omit<ActionEvent, 'state'>): Awaitable<number>;
  /** An event is written with it where the state changes. */
  changeAction(id: number, patch: ActionPatch, event?: Omit<ActionEvent, 'state'>): Awaitable<void>;
  /** Newest last. */
  effects(id: number): Awaitable<readonly StoredEffect[]>;
  /** Only where it differs from the newest one stored. */
  saveEffect(id: number, effect: StoredEffect): Awaitable<void>;
}
