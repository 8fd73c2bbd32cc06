import type { Goal, TargetValue } from '../model/goal.ts';
import type { Kpi } from '../model/kpi.ts';
import { currencyExponent } from '../model/money.ts';
import type { CalendarRules, Period } from '../model/period.ts';
import type { GoalVersion } from '../model/result-store.ts';
import { addDays, daysBetween, type Zone } from '../model/zone.ts';
import type { Ownership } from './ownership.ts';
import { businessDays } from './pace.ts';
import type { Form } from './pass.ts';
import { periodOf, periodsBetween } from './periods.ts';
import type { QuotaTargets } from './quotas.ts';
import {
  type ChildWeights,
  type ListedTarget,
  listedTarget,
  type Parts,
  rollUp,
  unallocatedOf,
} from './roll-up.ts';
import type { SegmentKey } from './segments.ts';

export interface TargetContext {
  readonly rules: CalendarRules;
  readonly zone: Zone;
  /** Reporting currency: targets of money are given in its major units. */
  readonly currency: string;
  readonly kpi: Kpi;
  readonly form: Form;
  /** Local dates on which the company does not work. */
  readonly holidays: ReadonlySet<string>;
  /** Quotas and goals that stand in the CRMs; absent: none are known. */
  readonly quotas?: QuotaTargets;
  /** First instant that no longer counts. */
  readonly asOf: number;
  readonly ownership: Pick<Ownership, 'teamsOf' | 'withAncestors'>;
}

/** A promise as it is for one period and segment. */
export interface Target {
  readonly value: TargetValue;
  /** Not given as such: it follows from the targets of the segments of this kind. */
  readonly from?: string;
}

export interface TargetPlace {
  readonly period: Period;
  readonly key: SegmentKey;
  /** What the parts weigh in the company's value. */
  readonly weigh: ChildWeights;
}

/** The promise for one period and segment, money in minor units; null where none was made. */
export function targetFor(goal: Goal, context: TargetContext, place: TargetPlace): Target | null {
  const { targets } = goal;
  const { period, key } = place;
  const scale = scaleOf(context);
  if (!goal.segments.includes(key.kind)) return null;
  const rows = listedRows(goal, context);
  if (rows !== null) return targetFromList(rows, context, place);
  // What adds up is promised by the company as a whole: each part's share of it stands in a list or nowhere.
  if (context.form === 'sum' && key.kind !== 'company') return null;
  if (targets.kind === 'constant') return { value: scaled(targets.value, scale) };
  if (targets.kind === 'by_period') {
    const value = targets.values[period.label];
    return value === undefined ? null : { value: scaled(value, scale) };
  }
  return targets.kind === 'yearly' ? { value: spread(targets, context, { period, scale }) } : null;
}

function scaleOf({ kpi, currency }: Pick<TargetContext, 'kpi' | 'currency'>): number {
  return kpi.unit === 'money' ? 10 ** currencyExponent(currency) : 1;
}

/** Targets of single segments; null where the goal is not made of them. */
export function listedRows(
  { targets, every }: Goal,
  { quotas, kpi }: Pick<TargetContext, 'quotas' | 'kpi'>,
): readonly ListedTarget[] | null {
  if (targets.kind === 'list') return targets.rows;
  return targets.kind === 'quotas' ? (quotas?.(kpi, every) ?? []) : null;
}

function targetFromList(
  rows: readonly ListedTarget[],
  context: TargetContext,
  { period, key, weigh }: TargetPlace,
): Target | null {
  const scale = scaleOf(context);
  const listed = listedTarget(rows, period, key);
  if (listed !== null) return { value: scaled(listed, scale) };
  const parts = partsOf(context, period, key);
  const rolled = parts && rollUp(rows, period, { adds: context.form === 'sum', weigh, parts });
  return rolled && { value: scaled(rolled.target, scale), from: rolled.from };
}

/** The parts of a parent: all segments of the company; of a team its people, and the teams below it. */
function partsOf(
  { ownership, asOf }: TargetContext,
  period: Period,
  { kind: parent, id: team, source }: SegmentKey,
): Parts | null {
  // As the period ended, an open one as things are now.
  const instant = Math.min(period.endAt, asOf) - 1;
  function above(kind: string, id: string): readonly string[] {
    if (kind === 'owner') return ownership.teamsOf(source, id, instant);
    return kind === 'team' ? ownership.withAncestors(source, id).slice(1) : [];
  }
  if (parent === 'company') return { isPart: (kind) => kind !== 'company', above };
  if (parent !== 'team' || team === null || source === null) return null;
  return { isPart: (kind, id) => above(kind, id).includes(team), above };
}

/** What a parent promised and none of its parts was given, in minor units; null where all of it was given out. */
export function unallocatedFor(
  goal: Goal,
  context: TargetContext,
  { period, key }: Pick<TargetPlace, 'period' | 'key'>,
): Readonly<Record<string, number>> | null {
  const rows = listedRows(goal, context);
  const parts = partsOf(context, period, key);
  if (rows === null || parts === null || context.form !== 'sum') return null;
  const left = Object.entries(unallocatedOf(rows, period, { key, parts }));
  const scale = scaleOf(context);
  return left.length === 0
    ? null
    : Object.fromEntries(left.map(([kind, amount]) => [kind, Number(scaled(amount, scale))]));
}

function scaled(value: TargetValue, scale: number): TargetValue {
  if (typeof value === 'number') return scale === 1 ? value : Math.round(value * scale);
  return scale === 1 ? value : { lo: Math.round(value.lo * scale), hi: Math.round(value.hi * scale) };
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
