import type { Goal } from '../../src/model/goal.ts';
import type { CalendarRules } from '../../src/model/period.ts';
import {
  type Counter,
  type Cut,
  figureOf,
  firstRecord,
  formOf,
  type Item,
  isOfficial,
  isOver,
  type KpiId,
  type Segment,
} from './goals-oracle-count.ts';
import { movementOf, type Side } from './goals-oracle-judge.ts';
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
import type { Quota } from './goals-oracle-targets.ts';
import type { Office } from './goals-oracle-world.ts';
import { daysFrom, localDay, plusDays } from './oracle-clock.ts';

/** What one night knows: baseline, pace and movement of a goal. */
export interface Night {
  readonly asOf: number;
  /** What the CRM held. */
  readonly office: Office;
  readonly counter: Counter;
  readonly rules: CalendarRules;
  readonly holidays: ReadonlySet<string>;
  readonly quotas: readonly Quota[];
}

export interface Spot {
  readonly segment: Segment;
  readonly span: Span;
}

type Days = Pick<Cut, 'startOn' | 'endOn'>;
export const kpiOf = (goal: Goal) => goal.kpi as KpiId;

export function itemsOf(
  { counter, asOf }: Night,
  goal: Goal,
  at: { segment: Segment; span: Days },
): readonly Item[] {
  return counter.itemsIn(kpiOf(goal), at.segment, { ...at.span, asOf });
}

/** The last official periods as one: of what adds up the mean of a period. */
export function poolBaseline(
  night: Night,
  goal: Goal,
  { segment, count }: { segment: Segment; count: number },
): number | null {
  const { counter, rules, asOf } = night;
  const { form } = formOf(kpiOf(goal));
  const current = spanOf(rules, goal.every, localDay(asOf - 1));
  const first = counter.firstDay(kpiOf(goal), segment, asOf);
  if (first === null) return null;
  const told = [...back(rules, current)].filter((span) => isOfficial(span, asOf) && span.endOn > first);
  // What lies before the first that was counted is no zero.
  const oldest = told.findLastIndex((span) => itemsOf(night, goal, { segment, span }).length > 0);
  const spans = told.slice(0, form === 'stock' ? Math.min(count, oldest + 1) : count);
  if (spans.length < 3) return null;
  const items = spans.flatMap((span) => itemsOf(night, goal, { segment, span }));
  const { num, value } = figureOf(form, items, goal.statistic);
  return ['count', 'money', 'stock'].includes(form) ? num / spans.length : value;
}

/** Earlier periods to the same business day. */
function pastOf(night: Night, goal: Goal, { segment, span, position }: Spot & { position: number }): Past[] {
  const { counter, rules, holidays, asOf } = night;
  const first = counter.firstDay(kpiOf(goal), segment, asOf);
  const past: Past[] = [];
  for (const one of back(rules, span)) {
    if (first === null || one.endOn <= first || past.length === 12) break;
    const endOn = dayAfter(one, position, holidays);
    const sum = (days: Days) => figureOf('money', itemsOf(night, goal, { segment, span: days }), 'p50').num;
    past.push({ soFar: sum({ startOn: one.startOn, endOn }), total: sum(one) });
  }
  return past;
}

export interface Pace {
  readonly share: number;
  readonly forecast: Forecast | null;
}

export function paceOf(night: Night, goal: Goal, spot: Spot & { actual: number }): Pace {
  const { span, actual } = spot;
  const { asOf, holidays } = night;
  const progress = progressOf(span, asOf);
  const soFar = { startOn: span.startOn, endOn: plusDays(span.startOn, progress.done) };
  const past = pastOf(night, goal, { ...spot, position: businessDaysIn(soFar, holidays) });
  const share = shareDue(goal, { span, progress, past, holidays });
  return { share, forecast: progress.done > 0 ? forecastOf(actual, share, past) : null };
}

interface Due {
  readonly span: Span;
  readonly progress: Progress;
  readonly past: readonly Past[];
  readonly holidays: ReadonlySet<string>;
}

function shareDue({ pacing }: Goal, { span, progress, past, holidays }: Due): number {
  if (pacing === 'linear') return linear(progress);
  const learned = pacing === 'seasonal' ? seasonal(past) : null;
  return learned ?? business(span, progress, holidays);
}

export interface Moved {
  readonly previous: number | null;
  readonly movement: string;
}

const still: Moved = { previous: null, movement: 'no_evidence' };

/** Against the period before; of an open sum so many days as are over. */
export function movedFrom(night: Night, goal: Goal, { segment, span }: Spot): Moved {
  const { counter, office, rules, asOf } = night;
  const { form, mode, better } = formOf(kpiOf(goal));
  const earlier = before(rules, span);
  const over = isOver(span, asOf);
  const { done } = progressOf(span, asOf);
  if (!over && (mode === 'rate' || (mode === 'cumulative' && done === 0))) return still;
  const isWhole = over || form === 'stock';
  const sideOf = (one: Span): Side => {
    const days = isWhole ? one : firstDays(one, done);
    const items = itemsOf(night, goal, { segment, span: days });
    const figure = figureOf(form, items, goal.statistic);
    return { items, figure, days: daysFrom(days.startOn, days.endOn) };
  };
  const [last, now] = [sideOf(earlier), sideOf(span)];
  const first = counter.firstDay(kpiOf(goal), segment, asOf);
  const isTold = first !== null && first < span.startOn;
  const began = firstRecord(kpiOf(goal), office);
  const isBefore = began !== null && endAt(earlier) <= began && last.figure.num === 0;
  return {
    previous: isBefore ? null : last.figure.value,
    movement: isTold ? movementOf(form, better, [last, now]) : 'no_evidence',
  };
}

function firstDays({ startOn, endOn }: Span, count: number): Days {
  const until = plusDays(startOn, count);
  return { startOn, endOn: until > endOn ? endOn : until };
}
