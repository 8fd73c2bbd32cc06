import type { SqlValue } from '../model/entities.ts';
import type { Kpi } from '../model/kpi.ts';
import { daysBetween, type Zone } from '../model/zone.ts';
import type { Layout } from './fact-query.ts';
import type { Fact, Measure } from './facts.ts';

const dayMs = 86_400_000;
/** The mean month of the Julian year. */
const daysPerMonth = 30.4375;

/** Time between two moments of a record's life, each an instant or a local day. */
export type Stopwatch = (fact: Fact, start: number | string, end: number | string) => number;

/** Where one end is only a day, both are taken as days: 24 hours for each calendar day between them. */
export function calendarWatch(zone: Zone): Stopwatch {
  const dayOf = (moment: number | string) => (typeof moment === 'number' ? zone.dateOf(moment) : moment);
  return (_, start, end) =>
    typeof start === 'number' && typeof end === 'number'
      ? end - start
      : daysBetween(dayOf(start), dayOf(end)) * dayMs;
}

/** One unit of the KPI's durations. */
export function unitMs(kpi: Pick<Kpi, 'unit'>): number {
  return kpi.unit === 'months' ? daysPerMonth * dayMs : 3_600_000;
}

/** Whether the rows of a KPI are durations: so are all measured in hours. */
export function isTimed(kpi: Kpi, layout: Layout): boolean {
  if (kpi.unit === 'hours') return true;
  return kpi.unit === 'months' && (['end_at', 'start_at', 'value'] as const).some(layout.has);
}

/** Of a cohort the open ones are kept as still running; of what happened in a period there are none. */
export function isSurvival(kpi: Kpi, layout: Layout): boolean {
  return kpi.kind === 'cohort' && isTimed(kpi, layout);
}

export interface DurationContext {
  readonly kpi: Kpi;
  readonly layout: Layout;
  readonly zone: Zone;
  readonly asOf: number;
  readonly watch: Stopwatch;
  /** The watch counts all time alike. */
  readonly byCalendar?: boolean;
}

export function measureDuration(context: DurationContext, fact: Fact): Measure {
  const { kpi, layout } = context;
  if (layout.has('value')) return measureRaw(context, fact);
  const start = layout.has('start_at') ? layout.read(fact.row, 'start_at') : fact.anchor;
  const end = layout.has('end_at') ? layout.read(fact.row, 'end_at') : fact.anchor;
  if (start === null) return { kind: 'missing' };
  const ended = end !== null && !isLater(end, context);
  if (kpi.withinMs !== null && kpi.unit === 'ratio') {
    const elapsed = ended ? context.watch(fact, start, end) : null;
    const met = elapsed !== null && elapsed >= 0 && elapsed <= kpi.withinMs;
    return { kind: 'counts', num: met ? 1 : 0, den: 1, sample: null };
  }
  if (ended) return counted(context, context.watch(fact, start, end), false);
  if (!isSurvival(kpi, layout)) return { kind: 'missing' };
  const until = observedUntil(context, fact, start);
  const measure = counted(context, context.watch(fact, start, until.at), true);
  if (measure.kind !== 'counts' || until.left) return measure;
  return { ...measure, since: context.byCalendar && typeof start === 'number' ? start : null };
}

/** The file itself says how long, in milliseconds, and whether it goes on: since when, had there been no break. */
function measureRaw(context: DurationContext, { row }: Fact): Measure {
  const { layout, asOf } = context;
  const value = layout.read(row, 'value');
  const open = layout.read(row, 'censored') === 1;
  const since = open ? layout.read(row, 'start_at') : null;
  if (typeof since === 'number') {
    const measure = counted(context, asOf - since, true);
    return measure.kind === 'counts' ? { ...measure, since } : measure;
  }
  if (value === null || value === '') return { kind: 'missing', open };
  const measure = counted(context, Number(value), open);
  return measure.kind === 'left_out' ? { ...measure, open } : measure;
}

function counted({ kpi }: DurationContext, elapsed: number, open: boolean): Measure {
  if (elapsed < 0) return { kind: 'left_out', flag: 'negative_span' };
  if (open) return { kind: 'counts', num: 0, den: 0, sample: elapsed, open };
  return { kind: 'counts', num: elapsed / unitMs(kpi), den: 1, sample: elapsed };
}

/** Until it left without the event, else until as_of: of a start known by its day, through as_of's local day. */
function observedUntil(
  context: DurationContext,
  { row }: Fact,
  start: number | string,
): { readonly at: number | string; readonly left: boolean } {
  const { layout, zone, asOf } = context;
  const left = layout.read(row, 'observed_until');
  if (left !== null && !isLater(left, context)) return { at: left, left: true };
  return { at: typeof start === 'string' ? zone.dateOf(asOf - 1) : asOf, left: false };
}

function isLater(moment: SqlValue, { zone, asOf }: DurationContext): boolean {
  return typeof moment === 'string' ? zone.startOf(moment) >= asOf : Number(moment) >= asOf;
}
