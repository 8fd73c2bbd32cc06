import type { SqlValue } from '../model/entities.ts';
import type { Kpi } from '../model/kpi.ts';
import type { Zone } from '../model/zone.ts';
import { addDays } from '../model/zone.ts';
import { measureDuration, type Stopwatch } from './durations.ts';
import type { Layout } from './fact-query.ts';
import type { PeriodSpot } from './period-table.ts';
import type { Rates } from './rates.ts';

const hourMs = 3_600_000;

/** One row of a KPI file: a record that counts. */
export interface Fact {
  readonly source: string;
  readonly object: string;
  readonly id: string;
  /** Where one record gives several facts: which of them. */
  readonly part: string | null;
  /** When it counts: the instant, or the local day as the file gives it. */
  readonly anchor: number | string;
  /** The same as an instant: of a day its last one before as_of. */
  readonly at: number;
  /** State facts: alive until; null: still. Event facts: undefined. */
  readonly until?: number | null;
  /** Period facts: the period that the row speaks of. */
  readonly spot?: PeriodSpot;
  readonly row: readonly SqlValue[];
}

/** What a fact adds. `missing`: an input is null. `left_out`: it cannot count, and the flag says why. */
export type Measure =
  | {
      readonly kind: 'counts';
      readonly num: number;
      readonly den: number | null;
      /** What quantiles are taken of: a duration in ms, or an amount; null where there are none. */
      readonly sample: number | null;
      /** The duration goes on: it is at least the sample. */
      readonly open?: boolean;
      /** It goes on until as_of: when it started, by the calendar; null by other clocks. */
      readonly since?: number | null;
      /** What is to be told of it, though it counts. */
      readonly flag?: string;
    }
  | { readonly kind: 'missing'; readonly flag?: string }
  | { readonly kind: 'left_out'; readonly flag: string };

export interface ReadContext {
  readonly kpi: Kpi;
  readonly layout: Layout;
  readonly zone: Zone;
  readonly rates: Rates;
  readonly asOf: number;
  readonly watch: Stopwatch;
  readonly byCalendar: boolean;
  /** Periods by the key that a file returns. */
  readonly spots: ReadonlyMap<string, PeriodSpot>;
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
    const part = layout.read(row, 'part');
    const key = {
      source: String(layout.read(row, 'source_id')),
      object: String(layout.read(row, 'object')),
      id: String(layout.read(row, 'id')),
      part: part === null ? null : String(part),
    };
    if (layout.has('period')) {
      const spot = context.spots.get(String(layout.read(row, 'period')));
      return spot ? { ...key, anchor: spot.until.at - 1, at: spot.until.at - 1, row, spot } : null;
    }
    const anchor = anchorOf(layout, row);
    if (anchor === null) return null;
    const bounds = typeof anchor === 'string' ? boundsOf(anchor) : { startAt: anchor, endAt: anchor };
    if (bounds === null || bounds.startAt >= asOf) return null;
    // A day has been observed for a day once it is over.
    if (kpi.maturesMs !== null && bounds.endAt + kpi.maturesMs > asOf) return null;
    const matureAt = instantOf(layout.read(row, 'mature_at'), context.zone);
    if (matureAt !== null && matureAt > asOf) return null;
    const at = typeof anchor === 'string' ? Math.min(bounds.endAt, asOf) - 1 : anchor;
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
  if (layout.has('end_at') || layout.has('start_at') || layout.has('value')) {
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
    if (kpi.unit === 'hours') return { kind: 'counts', num, den: 1, sample: num * hourMs };
    return { kind: 'counts', num, den, sample: kpi.quantiles ? num : null };
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
    return layout.has('since') || layout.has('period') || typeof anchor === 'number'
      ? zone.dateOf(instant)
      : anchor;
  };
  const from = { source, currency: currency === null ? null : String(currency), dayOf };
  return rates.convert(amount, from) ?? 'no_rate';
}
