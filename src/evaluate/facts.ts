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
  | { readonly kind: 'missing'; readonly flag?: string; readonly open?: boolean }
  | { readonly kind: 'left_out'; readonly flag: string; readonly open?: boolean };

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

  /** The moment that a row of a period names as its own, else the period's last one. */
  function anchorIn({ until }: PeriodSpot, row: readonly SqlValue[]): Pick<Fact, 'anchor' | 'at'> {
    const last = until.at - 1;
    const anchor = anchorOf(row, places);
    if (anchor === null) return { anchor: last, at: last };
    const at = typeof anchor === 'number' ? anchor : (boundsOf(anchor)?.endAt ?? until.at) - 1;
    return { anchor, at: Math.min(at, last) };
  }

  const places = placesOf(layout);
  const isPeriod = layout.has('period');
  const isState = layout.has('since');

  function readFact(row: readonly SqlValue[]): Fact | null {
    const part = row[places.part] ?? null;
    const source = String(row[places.source]);
    const object = String(row[places.object]);
    const key = { source, object, id: String(row[places.id]), part: part === null ? null : String(part) };
    if (isPeriod) {
      const spot = context.spots.get(String(row[places.period]));
      return spot ? { ...key, ...anchorIn(spot, row), row, spot } : null;
    }
    const anchor = anchorOf(row, places);
    if (anchor === null) return null;
    const bounds = typeof anchor === 'string' ? boundsOf(anchor) : null;
    const startAt = bounds?.startAt ?? anchor;
    const endAt = bounds?.endAt ?? anchor;
    if (typeof startAt === 'string' || typeof endAt === 'string' || startAt >= asOf) return null;
    // A day has been observed for a day once it is over.
    if (kpi.maturesMs !== null && endAt + kpi.maturesMs > asOf) return null;
    const matureAt = instantOf(row[places.matureAt] ?? null, context.zone);
    if (matureAt !== null && matureAt > asOf) return null;
    const at = bounds ? Math.min(bounds.endAt, asOf) - 1 : startAt;
    if (!isState) return { ...key, anchor, at, row };
    return { ...key, anchor, at, row, until: instantOf(row[places.until] ?? null, context.zone) };
  }

  return { readFact, measure: createMeasure(context) };
}

/** Where a row has what tells a fact; -1: nowhere. Asked once, not for every row. */
function placesOf({ placeOf, has }: Layout) {
  return {
    source: placeOf('source_id'),
    object: placeOf('object'),
    id: placeOf('id'),
    part: placeOf('part'),
    period: placeOf('period'),
    at: placeOf(has('since') ? 'since' : 'at'),
    day: placeOf('day'),
    until: placeOf('until'),
    matureAt: placeOf('mature_at'),
  };
}

function anchorOf(row: readonly SqlValue[], places: { at: number; day: number }): number | string | null {
  const at = row[places.at] ?? null;
  if (typeof at === 'number') return at;
  const day = at ?? row[places.day] ?? null;
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
  const inferred = kpi.money.length > 0 ? layout.placeOf('inferred') : -1;
  const numOf = createAmount(context, 'num');
  const denOf = layout.has('den') ? createAmount(context, 'den') : null;
  return (fact, instant) => {
    // Of a state concluded from dates alone, only being alive is known of the past.
    if (fact.row[inferred] === 1 && instant < context.asOf) return { kind: 'missing' };
    const num = numOf(fact, instant);
    const den = denOf === null ? null : denOf(fact, instant);
    if (num === 'no_rate' || den === 'no_rate') return { kind: 'missing', flag: 'fx_missing' };
    if (num === null || (denOf !== null && den === null)) return { kind: 'missing' };
    if (kpi.unit === 'hours') return { kind: 'counts', num, den: 1, sample: num * hourMs };
    return { kind: 'counts', num, den, sample: kpi.quantiles ? num : null };
  };
}

type AmountOf = (fact: Fact, instant: number) => number | 'no_rate' | null;

function createAmount({ kpi, layout, rates, zone }: ReadContext, name: 'num' | 'den'): AmountOf {
  const place = layout.placeOf(name);
  const isMoney = kpi.money.includes(name);
  const [currencyPlace, dayPlace] = [layout.placeOf('currency'), layout.placeOf('rate_day')];
  const isState = layout.has('since');
  return ({ row, source, anchor }, instant) => {
    const value = row[place] ?? null;
    if (value === null || value === '') return null;
    const amount = Number(value);
    if (Number.isNaN(amount)) return null;
    if (!isMoney) return amount;
    const currency = row[currencyPlace] ?? null;
    const rateDay = row[dayPlace];
    const dayOf = () => {
      if (typeof rateDay === 'string') return rateDay;
      // A state's rate is that of the last day before the instant at which it is looked at.
      if (isState) return zone.dateOf(instant - 1);
      return typeof anchor === 'number' ? zone.dateOf(anchor) : anchor;
    };
    const from = { source, currency: currency === null ? null : String(currency), dayOf };
    return rates.convert(amount, from) ?? 'no_rate';
  };
}
