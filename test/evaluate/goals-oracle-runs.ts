import type { Goal, TargetValue } from '../../src/model/goal.ts';
import type { CalendarRules } from '../../src/model/period.ts';
import {
  createCounter,
  figureOf,
  firstRecord,
  formOf,
  type Item,
  isOfficial,
  isOver,
  type KpiId,
  type Segment,
} from './goals-oracle-count.ts';
import { attainment, evidenceOf, gapClosed, medianBounds, statusOf, wilson } from './goals-oracle-judge.ts';
import { labelOf } from './goals-oracle-labels.ts';
import {
  itemsOf,
  kpiOf,
  movedFrom,
  type Night,
  paceOf,
  poolBaseline,
  type Spot,
} from './goals-oracle-night.ts';
import { type Forecast, linear, progressOf } from './goals-oracle-pace.ts';
import { endAt, type Span, spanOf } from './goals-oracle-periods.ts';
import { promised, type Quota, unallocated } from './goals-oracle-targets.ts';
import { knownAt, type Office } from './goals-oracle-world.ts';
import { daysFrom, localDay, plusDays } from './oracle-clock.ts';

/** What a series of nights says of goals, each by the version that is valid for the period. */

interface Version {
  readonly from: string;
  readonly goal: Goal;
  readonly text: string;
}

export interface Judged {
  readonly value: number | null;
  readonly target: TargetValue | null;
  readonly version: number;
  readonly baseline: number | null;
  readonly status: string;
  readonly evidence: string;
  readonly movement: string;
  readonly attainment: number | null;
  readonly gapClosed: number | null;
  readonly forecast: Forecast | null;
  readonly previous: number | null;
  readonly unallocated: Readonly<Record<string, number>>;
  readonly targetFrom: string | null;
}

export interface Setting {
  readonly office: Office;
  readonly rules: CalendarRules;
  readonly holidays: ReadonlySet<string>;
  readonly quotas: readonly Quota[];
}

export interface Place extends Spot {
  readonly goalId: string;
}

export interface Nights {
  /** One evaluation with the goals of that day. */
  run(asOf: number, goals: readonly Goal[]): void;
  judge(place: Place): Judged | null;
}

const placeKey = ({ goalId, segment, span }: Place) =>
  `${goalId} ${segment.kind} ${segment.id} ${span.startOn}`;

export function createNights({ office: whole, rules, holidays, quotas }: Setting): Nights {
  const versions = new Map<string, Version[]>();
  const frozen = new Map<string, number>();
  const official = new Map<string, Judged | null>();
  let night = nightAt(0);

  function nightAt(asOf: number): Night {
    const office = knownAt(whole, asOf);
    return { asOf, office, counter: createCounter(office), rules, holidays, quotas };
  }

  function renew(goal: Goal): void {
    const known = versions.get(goal.id) ?? [];
    const text = JSON.stringify(goal);
    if (known.at(-1)?.text === text) return;
    const from = known.length === 0 ? '' : spanOf(rules, goal.every, localDay(night.asOf - 1)).startOn;
    versions.set(goal.id, [...known, { from, goal, text }]);
  }

  function versionFor({ goalId, span }: Place): number {
    return (versions.get(goalId) ?? []).findLastIndex(({ from }) => from <= span.startOn);
  }

  function baselineOf(goal: Goal, segment: Segment): number | null {
    const { form } = formOf(kpiOf(goal));
    if (goal.baseline.kind === 'fixed')
      return form === 'money' || form === 'mean'
        ? Math.round(goal.baseline.value * 100)
        : goal.baseline.value;
    const key = `${goal.id} ${segment.kind} ${segment.id}`;
    const known = frozen.get(key);
    if (known !== undefined) return known;
    const found = poolBaseline(night, goal, { segment, count: goal.baseline.periods });
    if (found !== null) frozen.set(key, found);
    return found;
  }

  function judgeNow(place: Place): Judged | null {
    const at = versionFor(place);
    const goal = versions.get(place.goalId)?.[at]?.goal;
    const label = labelOf(rules, place.span);
    if (!goal) return null;
    const kpi = kpiOf(goal);
    const { form, mode } = formOf(kpi);
    const { segment, span } = place;
    const { asOf, office } = night;
    const asked = { ...night, goal, kpi, label, span, segment };
    const promise = promised(asked);
    if (promise === null) return null;
    const items = itemsOf(night, goal, place);
    const figure = figureOf(form, items, goal.statistic);
    const isOpenSum = mode === 'cumulative' && !isOver(span, asOf);
    const pace = isOpenSum ? paceOf(night, goal, { ...place, actual: figure.num }) : null;
    const base = baselineOf(goal, segment);
    const target = onRamp(goal, promise.target, { base, span, asOf });
    const due = pace ? times(target, pace.share) : target;
    const { shape } = goal;
    const elapsed = isOpenSum ? linear(progressOf(span, asOf)) : 1;
    const began = firstRecord(kpi, office);
    const isUntold = began === null || (endAt(span) <= began && figure.num === 0 && mode !== 'rate');
    const one = { ...goal, shape, target: due, form, mode, figure, elapsed, hasBegun: true };
    const status = isUntold ? 'insufficient' : statusOf(one);
    return {
      value: figure.value,
      target,
      version: at + 1,
      baseline: base,
      status,
      evidence: status === 'insufficient' ? 'unknown' : evidenceOf(due, boundsOf(goal, items)),
      attainment: figure.value === null ? null : attainment(shape, due, figure.value),
      gapClosed: gapClosed(figure.value, pace && base !== null ? base * pace.share : base, due),
      forecast: pace?.forecast ?? null,
      unallocated: unallocated(asked),
      targetFrom: promise.from ?? null,
      ...movedFrom(night, goal, place),
    };
  }

  return {
    run(at, goals) {
      night = nightAt(at);
      for (const goal of goals) renew(goal);
    },
    judge(place) {
      const key = placeKey(place);
      const kept = official.get(key);
      // A restated figure stands beside the judgement as published.
      if (kept !== undefined) return kept && { ...kept, value: judgeNow(place)?.value ?? null };
      const judged = judgeNow(place);
      if (isOfficial(place.span, night.asOf)) official.set(key, judged);
      return judged;
    },
  };
}

/** As far on the way from the baseline as the period's end, or today, lies into the ramp. */
function onRamp(
  { ramp }: Goal,
  target: TargetValue,
  { base, span, asOf }: { base: number | null; span: Span; asOf: number },
): TargetValue {
  if (!ramp || base === null || typeof target !== 'number') return target;
  const reached = isOver(span, asOf) ? span.endOn : plusDays(localDay(asOf - 1), 1);
  const share = daysFrom(ramp.from, reached) / daysFrom(ramp.from, ramp.to);
  return base + (target - base) * Math.max(0, Math.min(1, share));
}

const times = (target: TargetValue, share: number): TargetValue =>
  typeof target === 'number' ? target * share : { lo: target.lo * share, hi: target.hi * share };

function boundsOf({ kpi, statistic }: Goal, items: readonly Item[]) {
  const { form } = formOf(kpi as KpiId);
  if (items.length === 0) return null;
  if (form === 'ratio') return wilson(figureOf(form, items, 'p50').num, items.length);
  return form === 'hours' && statistic === 'p50' ? medianBounds(items.map(({ num }) => num)) : null;
}
