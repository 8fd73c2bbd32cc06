import type { SqlValue } from '../model/entities.ts';
import type { Kpi } from '../model/kpi.ts';
import type { Zone } from '../model/zone.ts';
import { addDays, daysBetween } from '../model/zone.ts';
import type { Layout } from './fact-query.ts';
import type { Rates } from './rates.ts';

const hourMs = 3_600_000;
const dayMs = 86_400_000;

/** One row of a KPI file: a record that counts. */
export interface Fact {
  readonly source: string;
  readonly object: string;
  readonly id: string;
  /** When it counts: the instant, or the local day as the file gives it. */
  readonly anchor: number | string;
  /** The same as an instant: of a day its last one before as_of. */
  readonly at: number;
  /** State facts: alive until; null: still. Event facts: undefined. */
  readonly until?: number | null;
  readonly row: readonly SqlValue[];
}

/** What a fact adds. `missing`: an input is null. `left_out`: it cannot count, and the flag says why. */
export type Measure =
  | {
      readonly kind: 'counts';
      readonly num: number;
      readonly den: number | null;
      readonly elapsedMs: number | null;
    }
  | { readonly kind: 'missing'; readonly flag?: string }
  | { readonly kind: 'left_out'; readonly flag: string };

export interface ReadContext {
  readonly kpi: Kpi;
  readonly layout: Layout;
  readonly zone: Zone;
  readonly rates: Rates;
  readonly asOf: number;
}

export interface FactReader {
  /** Null: not a fact by as_of (later, or not yet observed long enough). */
  readFact(row: readonly SqlValue[]): Fact | null;
  /** `instant`: when a state is looked at; for events the fact's own. */
  measure(fact: Fact, instant: number): Measure;
}

interface DayBounds {
  readonly startAt: number;
  readonly endAt: number;
}

export function createFactReader(context: ReadContext): FactReader {
  const { kpi, layout, asOf } = context;
  const days = new Map<string, DayBounds | null>();

  /** Null for a text that is no date. */
  function boundsOf(day: string): DayBounds | null {
    let bounds = days.get(day);
    if (bounds === undefined) {
      const { zone } = context;
      bounds = isDate(day) ? { startAt: zone.startOf(day), endAt: zone.startOf(addDays(day, 1)) } : null;
      days.set(day, bounds);
    }
    return bounds;
  }

  function readFact(row: readonly SqlValue[]): Fact | null {
    const anchor = anchorOf(layout, row);
    if (anchor === null) return null;
    const bounds = typeof anchor === 'string' ? boundsOf(anchor) : { startAt: anchor, endAt: anchor };
    if (bounds === null || bounds.startAt >= asOf) return null;
    // A day has been observed for a day once it is over.
    if (kpi.maturesMs !== null && bounds.endAt + kpi.maturesMs > asOf) return null;
    const at = typeof anchor === 'string' ? Math.min(bounds.endAt, asOf) - 1 : anchor;
    const key = {
      source: String(layout.read(row, 'source_id')),
      object: String(layout.read(row, 'object')),
      id: String(layout.read(row, 'id')),
    };
    const until = layout.has('since') ? { until: instantOf(layout.read(row, 'until'), context.zone) } : {};
    return { ...key, anchor, at, row, ...until };
  }

  return { readFact, measure: createMeasure(context) };
}

function anchorOf(layout: Layout, row: readonly SqlValue[]): number | string | null {
  const at = layout.read(row, layout.has('since') ? 'since' : 'at');
  if (typeof at === 'number') return at;
  const day = at ?? layout.read(row, 'day');
  return typeof day === 'string' ? day : null;
}

function isDate(text: string): boolean {
  return /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(`${text}T00:00:00Z`));
}

function instantOf(value: SqlValue, zone: Zone): number | null {
  if (typeof value === 'string') return isDate(value) ? zone.startOf(value) : null;
  return value;
}

function createMeasure(context: ReadContext): FactReader['measure'] {
  const { kpi, layout } = context;
  if (layout.has('end_at') || layout.has('start_at')) {
    return (fact) => measureDuration(context, fact);
  }
  return (fact, instant) => {
    const { row } = fact;
    // Of a state concluded from dates alone, only being alive is known of the past.
    const unknown = kpi.money.length > 0 && layout.read(row, 'inferred') === 1 && instant < context.asOf;
    if (unknown) return { kind: 'missing' };
    const num = amountOf(context, fact, { name: 'num', instant });
    const den = layout.has('den') ? amountOf(context, fact, { name: 'den', instant }) : null;
    if (num === 'no_rate' || den === 'no_rate') return { kind: 'missing', flag: 'fx_missing' };
    if (num === null || (layout.has('den') && den === null)) return { kind: 'missing' };
    return kpi.unit === 'hours'
      ? { kind: 'counts', num, den: 1, elapsedMs: num * hourMs }
      : { kind: 'counts', num, den, elapsedMs: null };
  };
}

function amountOf(
  { kpi, layout, rates, zone }: ReadContext,
  { row, source, anchor }: Fact,
  { name, instant }: { readonly name: 'num' | 'den'; readonly instant: number },
): number | 'no_rate' | null {
  const value = layout.read(row, name);
  if (value === null || value === '') return null;
  const amount = Number(value);
  if (Number.isNaN(amount)) return null;
  if (!kpi.money.includes(name)) return amount;
  const currency = layout.read(row, 'currency');
  const rateDay = layout.read(row, 'rate_day');
  const dayOf = () => {
    if (typeof rateDay === 'string') return rateDay;
    // A state's rate is that of the day it is looked at.
    return layout.has('since') || typeof anchor === 'number' ? zone.dateOf(instant) : anchor;
  };
  const from = { source, currency: currency === null ? null : String(currency), dayOf };
  return rates.convert(amount, from) ?? 'no_rate';
}

function measureDuration({ kpi, layout, zone, asOf }: ReadContext, fact: Fact): Measure {
  const start = layout.has('start_at') ? layout.read(fact.row, 'start_at') : fact.anchor;
  const end = layout.has('end_at') ? layout.read(fact.row, 'end_at') : fact.anchor;
  if (kpi.withinMs !== null && kpi.unit === 'ratio') {
    if (start === null) return { kind: 'missing' };
    const elapsed = end === null || isLater(end, asOf, zone) ? null : elapsedMs(start, end, zone);
    const met = elapsed !== null && elapsed >= 0 && elapsed <= kpi.withinMs;
    return { kind: 'counts', num: met ? 1 : 0, den: 1, elapsedMs: null };
  }
  if (start === null || end === null || isLater(end, asOf, zone)) return { kind: 'missing' };
  const elapsed = elapsedMs(start, end, zone);
  if (elapsed < 0) return { kind: 'left_out', flag: 'negative_span' };
  return { kind: 'counts', num: elapsed / hourMs, den: 1, elapsedMs: elapsed };
}

function isLater(end: SqlValue, asOf: number, zone: Zone): boolean {
  return typeof end === 'string' ? zone.startOf(end) >= asOf : Number(end) >= asOf;
}

/** Where one end is only a day, both are taken as days: 24 hours for each calendar day between them. */
function elapsedMs(start: SqlValue, end: SqlValue, zone: Zone): number {
  if (typeof start === 'number' && typeof end === 'number') return end - start;
  const dayOf = (value: SqlValue) => (typeof value === 'number' ? zone.dateOf(value) : String(value));
  return daysBetween(dayOf(start), dayOf(end)) * dayMs;
}
