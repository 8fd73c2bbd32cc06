import type { Goal, GoalTargets, TargetValue } from '../../src/model/goal.ts';
import { type CalendarRules, type Grain, grains } from '../../src/model/period.ts';
import { goalOf } from '../model/samples.ts';
import { formOf, type KpiForm, type KpiId, kpiForms } from './goals-oracle-count.ts';
import { labelOf } from './goals-oracle-labels.ts';
import { spanOf, weeksTable } from './goals-oracle-periods.ts';
import type { Quota } from './goals-oracle-targets.ts';
import type { Hand } from './goals-oracle-world.ts';
import { plusDays } from './oracle-clock.ts';

/** Goals of every kind for a sales office, whatever calendar it keeps. */

const calendar = {
  timeZone: 'Europe/Madrid',
  weekStart: 'monday',
  fiscalYearStart: 1,
  fiscalYearName: 'end',
} as const;

export const calendars: readonly CalendarRules[] = [
  calendar,
  { ...calendar, fiscalYearStart: 4 },
  { ...calendar, fiscalYearStart: 7, fiscalYearName: 'start', weekStart: 'sunday' },
  { ...calendar, table: weeksTable() },
];

const daysIn: Readonly<Record<Grain, number>> = { day: 1, week: 7, month: 30, quarter: 91, year: 365 };

/** About what the office does in a period. */
function usual(hand: Hand, kpi: KpiId, every: Grain, size: number): number {
  const periods = 900 / daysIn[every];
  const round = (value: number) => Math.max(0, Math.round(value));
  const near = 0.5 + hand.draw();
  switch (kpi) {
    case 'deals_won':
      return round(((size * 0.35) / periods) * near);
    case 'revenue_won':
      return round(((size * 0.35 * 2200) / periods) * near);
    case 'cases_created':
      return round((size / periods) * near);
    case 'avg_deal_value':
      return round(2200 * near);
    case 'case_resolution_hours':
      return round(36 * near);
    case 'open_cases':
      return round(2 * near);
    default:
      return hand.pick([0.2, 0.25, 0.3, 0.4, 0.5, 0.6, 0.75]);
  }
}

const round2 = (value: number) => Math.round(value * 100) / 100;

interface Drawing {
  readonly hand: Hand;
  readonly kpi: KpiId;
  readonly every: Grain;
  readonly size: number;
  readonly rules: CalendarRules;
}

function drawValue({ hand, kpi, every, size }: Drawing, shape: Goal['shape']): TargetValue {
  const value = hand.chance(0.05) ? 0 : usual(hand, kpi, every, size);
  if (shape !== 'between') return value;
  return { lo: round2(value * 0.8), hi: round2(value * 1.2) + (formOf(kpi).form === 'ratio' ? 0.05 : 2) };
}

function drawList(drawing: Drawing, segments: readonly string[]): GoalTargets {
  const { hand, kpi, every, size } = drawing;
  const value = () => usual(hand, kpi, every, size);
  const row = (segmentKind: string, segmentId: string, target: number) => ({
    period: hand.chance(0.7) ? '*' : labelAt(drawing, hand.whole(400, 880)),
    segmentKind,
    segmentId,
    target,
  });
  const teams = segments.includes('team') ? ['north', 'city', 'south'] : [];
  const owners = segments.includes('owner') ? ['P1', 'P2', 'P3', 'P4'] : [];
  const some = (ids: readonly string[]) => ids.filter(() => hand.chance(0.7));
  const rows = [
    ...(hand.chance(0.5) ? [row('company', '', value())] : []),
    ...some(teams).map((id) => row('team', id, value())),
    ...some(owners).map((id) => row('owner', id, value())),
  ];
  const adds = ['count', 'money', 'stock'].includes(formOf(kpi).form);
  if (!adds && owners.length > 0 && hand.chance(0.3))
    rows.push({ ...row('owner', '*', value()), period: '*' });
  return { kind: 'list', rows };
}

function labelAt({ rules, every }: Drawing, days: number): string {
  return labelOf(rules, spanOf(rules, every, plusDays('2024-02-03', days)));
}

function drawTargets(drawing: Drawing, shape: Goal['shape'], segments: readonly string[]): GoalTargets {
  const { hand, kpi, every } = drawing;
  const { mode } = formOf(kpi);
  const isSpread = mode === 'cumulative' && (every === 'month' || every === 'quarter' || every === 'year');
  if (shape !== 'between' && isSpread && hand.chance(0.25)) {
    const year = usual(hand, kpi, 'year', drawing.size);
    return { kind: 'yearly', year, spread: hand.pick(['even', 'business_days']) };
  }
  const hasQuotas = kpi === 'revenue_won' && (every === 'month' || every === 'quarter');
  if (shape !== 'between' && hasQuotas && hand.chance(0.4)) return { kind: 'quotas' };
  if (shape !== 'between' && segments.length > 1 && hand.chance(0.6)) return drawList(drawing, segments);
  if (hand.chance(0.7)) return { kind: 'constant', value: drawValue(drawing, shape) };
  const values: Record<string, TargetValue> = {};
  for (let days = 400; days < 900; days += daysIn[every]) {
    const label = labelAt(drawing, days);
    if (hand.chance(0.8)) values[label] = drawValue(drawing, shape);
  }
  return { kind: 'by_period', values };
}

export function drawGoal(hand: Hand, id: string, { size, rules }: Pick<Drawing, 'size' | 'rules'>): Goal {
  const kpi = hand.chance(0.15) ? 'revenue_won' : hand.pick(Object.keys(kpiForms) as KpiId[]);
  const form: KpiForm = formOf(kpi);
  const every = hand.chance(0.5) ? 'month' : hand.pick(hand.chance(0.3) ? grains : grains.slice(1));
  const drawing = { hand, kpi, every, size, rules };
  const usually = form.better === 'higher' ? 'at_least' : 'at_most';
  const shape = hand.chance(0.7) ? usually : hand.pick(['at_least', 'at_most', 'between'] as const);
  const wide = every !== 'day' && hand.chance(0.6);
  const segments = wide
    ? form.segments.filter((kind) => kind === 'company' || hand.chance(0.7))
    : ['company'];
  const isFixed = hand.chance(0.25);
  const mayRamp = form.mode !== 'cumulative' && shape !== 'between';
  const rampFrom = plusDays('2025-03-01', hand.whole(0, 200));
  const ramp = { from: rampFrom, to: plusDays(rampFrom, hand.whole(20, 300)) };
  return goalOf({
    id,
    kpi,
    every,
    shape,
    segments,
    targets: drawTargets(drawing, shape, segments),
    ...(mayRamp && hand.chance(0.3) && { ramp }),
    pacing: hand.pick(['linear', 'business', 'seasonal']),
    baseline: isFixed
      ? { kind: 'fixed', value: usual(hand, kpi, every, size), from: 'audit' }
      : { kind: 'auto', periods: hand.pick([3, 6, 12]) },
    warnTolerance: hand.pick([0.1, 0.1, 0.05, 0.25]),
    exceedTolerance: hand.pick([0.1, 0.1, 0.2]),
    minN: hand.pick([5, 5, 0, 12]),
    statistic: form.form === 'hours' ? hand.pick(['p50', 'p50', 'p90', 'mean']) : 'p50',
  });
}

/** Quotas of people and of a team, for single months and quarters, some of them missing. */
export function drawQuotas(hand: Hand, rules: CalendarRules): Quota[] {
  const quotas: Quota[] = [];
  for (const grain of ['month', 'quarter'] as const) {
    let span = spanOf(rules, grain, '2025-02-10');
    for (; span.startOn < '2026-06-01'; span = spanOf(rules, grain, span.endOn)) {
      const days = { fromOn: span.startOn, toOn: plusDays(span.endOn, -1) };
      for (const owner of ['P1', 'P2', 'P3', 'P4'])
        if (hand.chance(0.7))
          quotas.push({ owner, team: null, ...days, amount: 100 * hand.whole(100, 9000) });
      if (hand.chance(0.4))
        quotas.push({ owner: null, team: 'city', ...days, amount: 100 * hand.whole(100, 9000) });
    }
  }
  return quotas;
}

/** Another target, as a manager sets it in the course of a year. */
export function changeGoal(hand: Hand, goal: Goal): Goal {
  const warnTolerance = hand.pick([0.05, 0.15, 0.2]);
  if (goal.targets.kind !== 'constant') return { ...goal, warnTolerance };
  const { value } = goal.targets;
  const changed = typeof value === 'number' ? round2(value * 1.3) : { ...value, hi: round2(value.hi * 1.3) };
  return { ...goal, targets: { kind: 'constant', value: changed } };
}
