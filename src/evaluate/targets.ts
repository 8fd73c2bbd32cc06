import type { Goal, TargetValue } from '../model/goal.ts';
import type { Kpi } from '../model/kpi.ts';
import { currencyExponent } from '../model/money.ts';
import type { CalendarRules, Period } from '../model/period.ts';
import type { GoalVersion } from '../model/store.ts';
import { addDays, daysBetween, type Zone } from '../model/zone.ts';
import { businessDays } from './pace.ts';
import type { Form } from './pass.ts';
import { periodOf, periodsBetween } from './periods.ts';
import { company, type SegmentKey } from './segments.ts';

export interface TargetContext {
  readonly rules: CalendarRules;
  readonly zone: Zone;
  /** Reporting currency: targets of money are given in its major units. */
  readonly currency: string;
  readonly kpi: Kpi;
  readonly form: Form;
  /** Local dates on which the company does not work. */
  readonly holidays: ReadonlySet<string>;
}

/** The promise for one period and segment, money in minor units; null where none was made. */
export function targetFor(
  goal: Goal,
  context: TargetContext,
  { period, key }: { readonly period: Period; readonly key: SegmentKey },
): TargetValue | null {
  const { targets } = goal;
  const scale = context.kpi.unit === 'money' ? 10 ** currencyExponent(context.currency) : 1;
  if (!goal.segments.includes(key.kind)) return null;
  if (targets.kind === 'list') {
    const target = listedTarget(targets.rows, period, key);
    return target === null ? null : scaled(target, scale);
  }
  // What adds up is promised by the company as a whole: each part's share of it stands in a list or nowhere.
  if (context.form === 'sum' && key.kind !== 'company') return null;
  if (targets.kind === 'constant') return scaled(targets.value, scale);
  if (targets.kind === 'by_period') {
    const value = targets.values[period.label];
    return value === undefined ? null : scaled(value, scale);
  }
  return spread(targets, context, { period, scale });
}

function scaled(value: TargetValue, scale: number): TargetValue {
  if (typeof value === 'number') return scale === 1 ? value : Math.round(value * scale);
  return scale === 1 ? value : { lo: Math.round(value.lo * scale), hi: Math.round(value.hi * scale) };
}

type ListedTarget = Extract<Goal['targets'], { kind: 'list' }>['rows'][number];

/** `*` speaks of every period or id; what names its segment, then its period, comes before what speaks of all. */
function listedTarget(
  rows: readonly ListedTarget[],
  period: Period,
  { kind, id }: SegmentKey,
): number | null {
  let found: number | null = null;
  let closest = -1;
  for (const row of rows) {
    if (row.segmentKind !== kind) continue;
    const named = kind === 'company' || row.segmentId === id;
    const dated = row.period === period.label;
    if (!(named || row.segmentId === '*') || !(dated || row.period === '*')) continue;
    const closeness = (named ? 2 : 0) + (dated ? 1 : 0);
    if (closeness <= closest) continue;
    closest = closeness;
    found = row.target;
  }
  return found;
}

/** For each kind of segments with targets of their own: their sum as a share of the company's. */
export function allocatedShares({ targets }: Goal, period: Period): readonly number[] {
  if (targets.kind !== 'list') return [];
  const { rows } = targets;
  const whole = listedTarget(rows, period, company);
  if (whole === null || whole === 0) return [];
  const children = rows.filter(
    ({ segmentKind, segmentId }) => segmentKind !== 'company' && segmentId !== '*',
  );
  return [...new Set(children.map(({ segmentKind }) => segmentKind))].map((kind) => {
    const ids = new Set(children.filter((row) => row.segmentKind === kind).map((row) => row.segmentId));
    let sum = 0;
    for (const id of ids) sum += listedTarget(rows, period, { kind, id, source: null }) ?? 0;
    return sum / whole;
  });
}

/**
 * A yearly promise shared out over the fiscal year's periods: equal parts, or by business days. Money is shared out to
 * whole minor units so that the parts add up to the year.
 */
function spread(
  targets: { readonly year: number; readonly spread: 'even' | 'business_days' },
  { rules, zone, kpi, holidays }: TargetContext,
  { period, scale }: { readonly period: Period; readonly scale: number },
): number {
  const year = periodOf(rules, zone, 'year', weekDay(period));
  const total = targets.year * scale;
  const round = kpi.unit === 'money' ? Math.round : (x: number) => x;
  // Weeks and days do not divide a year into equal parts, months and quarters do.
  if (targets.spread === 'even' && ['month', 'quarter', 'year'].includes(period.grain)) {
    const parts = periodsBetween(rules, zone, period.grain, year.startOn, addDays(year.endOn, -1));
    const place = parts.findIndex((part) => part.label === period.label);
    return round((total * (place + 1)) / parts.length) - round((total * place) / parts.length);
  }
  const weigh = (until: string) =>
    targets.spread === 'business_days'
      ? businessDays(year.startOn, until, holidays)
      : daysBetween(year.startOn, until);
  const upTo = (until: string) => round((total * weigh(until)) / weigh(year.endOn));
  return upTo(period.endOn) - upTo(period.startOn);
}

/** A week belongs to the year that holds its fourth day. */
function weekDay(period: Period): string {
  return period.grain === 'week' ? addDays(period.startOn, 3) : period.startOn;
}

/** The version that was valid on a local date: a result cites the one at its period's end, an open one that of as_of. */
export function versionOn(versions: readonly GoalVersion[], date: string): GoalVersion | null {
  const valid = versions.find(
    ({ validFrom, validTo }) =>
      (validFrom === null || validFrom <= date) && (validTo === null || date < validTo),
  );
  return valid ?? null;
}
