import type { Goal, TargetValue } from '../../src/model/goal.ts';
import type { CalendarRules } from '../../src/model/period.ts';
import {
  type Cut,
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
import {
  attainment,
  evidenceOf,
  gapClosed,
  medianBounds,
  movementOf,
  type Side,
  statusOf,
  wilson,
} from './goals-oracle-judge.ts';
import { labelOf } from './goals-oracle-labels.ts';
import {
  business,
  dayAfter,
  type Forecast,
  forecastOf,
  linear,
  type Past,
  type Progress,
  progressOf,
  seasonal,
} from './goals-oracle-pace.ts';
import { back, before, businessDaysIn, endAt, type Span, spanOf } from './goals-oracle-periods.ts';
import { promised, unallocated } from './goals-oracle-targets.ts';
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
}

export interface Place {
  readonly goalId: string;
  readonly segment: Segment;
  readonly span: Span;
}

export interface Nights {
  /** One evaluation with the goals of that day. */
  run(asOf: number, goals: readonly Goal[]): void;
  judge(place: Place): Judged | null;
}

const placeKey = ({ goalId, segment, span }: Place) =>
  `${goalId} ${segment.kind} ${segment.id} ${span.startOn}`;

export function createNights({ office: whole, rules, holidays }: Setting): Nights {
  const versions = new Map<string, Version[]>();
  const frozen = new Map<string, number>();
  const official = new Map<string, Judged | null>();
  let asOf = 0;
  let office = whole;
  let counter = createCounter(whole);

  function renew(goal: Goal): void {
    const known = versions.get(goal.id) ?? [];
    const text = JSON.stringify(goal);
    if (known.at(-1)?.text === text) return;
    const from = known.length === 0 ? '' : spanOf(rules, goal.every, localDay(asOf - 1)).startOn;
    versions.set(goal.id, [...known, { from, goal, text }]);
  }

  function versionFor({ goalId, span }: Place): number {
    return (versions.get(goalId) ?? []).findLastIndex(({ from }) => from <= span.startOn);
  }

  const itemsOf = (goal: Goal, segment: Segment, span: Pick<Cut, 'startOn' | 'endOn'>) =>
    counter.itemsIn(kpiOf(goal), segment, { ...span, asOf });

  function baselineOf(goal: Goal, segment: Segment): number | null {
    const { form } = formOf(kpiOf(goal));
    if (goal.baseline.kind === 'fixed')
      return form === 'money' || form === 'mean'
        ? Math.round(goal.baseline.value * 100)
        : goal.baseline.value;
    const key = `${goal.id} ${segment.kind} ${segment.id}`;
    const known = frozen.get(key);
    if (known !== undefined) return known;
    const found = pool(goal, segment, goal.baseline.periods);
    if (found !== null) frozen.set(key, found);
    return found;
  }

  function pool(goal: Goal, segment: Segment, count: number): number | null {
    const { form } = formOf(kpiOf(goal));
    const current = spanOf(rules, goal.every, localDay(asOf - 1));
    const first = counter.firstDay(kpiOf(goal), segment, asOf);
    if (first === null) return null;
    const told = [...back(rules, current)].filter((span) => isOfficial(span, asOf) && span.endOn > first);
    // What lies before the first that was counted is no zero.
    const oldest = told.findLastIndex((span) => itemsOf(goal, segment, span).length > 0);
    const spans = told.slice(0, form === 'stock' ? Math.min(count, oldest + 1) : count);
    if (spans.length < 3) return null;
    const items = spans.flatMap((span) => itemsOf(goal, segment, span));
    const { num, value } = figureOf(form, items, goal.statistic);
    return ['count', 'money', 'stock'].includes(form) ? num / spans.length : value;
  }

  function pastOf(goal: Goal, { segment, span }: Place, position: number): Past[] {
    const first = counter.firstDay(kpiOf(goal), segment, asOf);
    const past: Past[] = [];
    for (const one of back(rules, span)) {
      if (first === null || one.endOn <= first || past.length === 12) break;
      const endOn = dayAfter(one, position, holidays);
      const sum = (cut: Pick<Cut, 'startOn' | 'endOn'>) =>
        figureOf('money', itemsOf(goal, segment, cut), 'p50').num;
      past.push({ soFar: sum({ startOn: one.startOn, endOn }), total: sum(one) });
    }
    return past;
  }

  function paceOf(goal: Goal, place: Place, actual: number) {
    const { span } = place;
    const progress = progressOf(span, asOf);
    const soFar = { startOn: span.startOn, endOn: plusDays(span.startOn, progress.done) };
    const past = pastOf(goal, place, businessDaysIn(soFar, holidays));
    const share = shareDue(goal, { span, progress, past });
    return { share, forecast: progress.done > 0 ? forecastOf(actual, share, past) : null };
  }

  function shareDue(
    { pacing }: Goal,
    { span, progress, past }: { span: Span; progress: Progress; past: readonly Past[] },
  ): number {
    if (pacing === 'linear') return linear(progress);
    const learned = pacing === 'seasonal' ? seasonal(past) : null;
    return learned ?? business(span, progress, holidays);
  }

  function movedFrom(goal: Goal, { segment, span }: Place): { previous: number | null; movement: string } {
    const { form, mode, better } = formOf(kpiOf(goal));
    const earlier = before(rules, span);
    const over = isOver(span, asOf);
    const { done, days } = progressOf(span, asOf);
    const cutOf = (one: Span, count: number) => {
      const until = plusDays(one.startOn, count);
      return {
        startOn: one.startOn,
        endOn: over || form === 'stock' || until > one.endOn ? one.endOn : until,
      };
    };
    const sides = [cutOf(earlier, done), cutOf(span, over ? days : done)].map((cut): Side => {
      const items = itemsOf(goal, segment, cut);
      return { items, figure: figureOf(form, items, goal.statistic), days: lengthOfCut(cut) };
    });
    const [last, now] = sides;
    const isOpenRate = mode === 'rate' && !over;
    if (!last || !now || isOpenRate || (!over && mode === 'cumulative' && done === 0))
      return { previous: null, movement: 'no_evidence' };
    const first = counter.firstDay(kpiOf(goal), segment, asOf);
    const isTold = first !== null && first < span.startOn;
    const began = firstRecord(kpiOf(goal), office);
    return {
      previous: began !== null && endAt(earlier) <= began && last.figure.num === 0 ? null : last.figure.value,
      movement: isTold ? movementOf(form, better, [last, now]) : 'no_evidence',
    };
  }

  /** As far on the way from the baseline as the period's end, or today, lies into the ramp. */
  function onRamp(
    { ramp }: Goal,
    target: TargetValue,
    { base, span }: { base: number | null; span: Span },
  ): TargetValue {
    if (!ramp || base === null || typeof target !== 'number') return target;
    const reached = isOver(span, asOf) ? span.endOn : plusDays(localDay(asOf - 1), 1);
    const share = daysFrom(ramp.from, reached) / daysFrom(ramp.from, ramp.to);
    return base + (target - base) * Math.max(0, Math.min(1, share));
  }

  function judgeNow(place: Place): Judged | null {
    const at = versionFor(place);
    const goal = versions.get(place.goalId)?.[at]?.goal;
    const label = labelOf(rules, place.span);
    if (!goal) return null;
    const kpi = kpiOf(goal);
    const { form, mode } = formOf(kpi);
    const { segment, span } = place;
    const asked = { goal, kpi, label, span, segment, counter, asOf, rules, holidays };
    const promise = promised(asked);
    if (promise === null) return null;
    const items = itemsOf(goal, segment, span);
    const figure = figureOf(form, items, goal.statistic);
    const isOpenSum = mode === 'cumulative' && !isOver(span, asOf);
    const pace = isOpenSum ? paceOf(goal, place, figure.num) : null;
    const base = baselineOf(goal, segment);
    const target = onRamp(goal, promise.target, { base, span });
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
      ...movedFrom(goal, place),
    };
  }

  return {
    run(at, goals) {
      asOf = at;
      office = knownAt(whole, at);
      counter = createCounter(office);
      for (const goal of goals) renew(goal);
    },
    judge(place) {
      const key = placeKey(place);
      const kept = official.get(key);
      // A restated figure stands beside the judgement as published.
      if (kept !== undefined) return kept && { ...kept, value: judgeNow(place)?.value ?? null };
      const judged = judgeNow(place);
      if (isOfficial(place.span, asOf)) official.set(key, judged);
      return judged;
    },
  };
}

const kpiOf = (goal: Goal) => goal.kpi as KpiId;
const lengthOfCut = ({ startOn, endOn }: { startOn: string; endOn: string }) =>
  (Date.parse(endOn) - Date.parse(startOn)) / 86_400_000;
const times = (target: TargetValue, share: number): TargetValue =>
  typeof target === 'number' ? target * share : { lo: target.lo * share, hi: target.hi * share };

function boundsOf({ kpi, statistic }: Goal, items: readonly Item[]) {
  const { form } = formOf(kpi as KpiId);
  if (items.length === 0) return null;
  if (form === 'ratio') return wilson(figureOf(form, items, 'p50').num, items.length);
  return form === 'hours' && statistic === 'p50' ? medianBounds(items.map(({ num }) => num)) : null;
}
