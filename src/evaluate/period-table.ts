import type { Period } from '../model/period.ts';
import type { Zone } from '../model/zone.ts';
import { addDays } from '../model/zone.ts';
import type { PeriodIndex } from './period-index.ts';
import { listTables } from './query-tables.ts';
import { tokenize } from './tokens.ts';

/** A moment as an instant and as a local day; both exclusive where they end something. */
interface Moment {
  readonly at: number;
  readonly on: string;
}

/** A period that a file's rows may name. */
export interface PeriodSpot {
  /** Which of the indexes, and which of its periods. */
  readonly grain: number;
  readonly period: number;
  /** Its end, or as_of where it is still open. */
  readonly until: Moment;
}

/**
 * Columns of the table `period`. `_at` instants, `_on` local days; starts inclusive, ends exclusive. `today_on`: the
 * last day that counts.
 */
const periodColumns = [
  'period',
  'grain',
  'label',
  'start_at',
  'start_on',
  'end_at',
  'end_on',
  'until_at',
  'until_on',
  'year_ago_at',
  'year_ago_on',
  'two_years_ago_at',
  'two_years_ago_on',
  'half_year_ago_at',
  'half_year_ago_on',
  'quarter_ago_at',
  'quarter_ago_on',
  'today_on',
] as const;

/** Columns of the table `local_day`: each day of the periods, and the first instant after what counts of it. */
const dayColumns = ['on_day', 'ends_at'] as const;

/** Tables that the engine puts before a query. */
export const engineTables: ReadonlySet<string> = new Set(['period', 'local_day']);

export interface PeriodTable {
  /** Goes before the query: `with period (...) as (...) `. */
  readonly prefix: string;
  readonly spots: ReadonlyMap<string, PeriodSpot>;
}

/** A query without the table `period` needs none. */
export const noPeriodTable: PeriodTable = { prefix: '', spots: new Map() };

/** Whether a file joins the table of periods, and so says itself in which of them a row counts. */
export function readsPeriods(sql: string): boolean {
  return reads(sql, 'period');
}

function reads(sql: string, table: string): boolean {
  return listTables(tokenize(sql)).some(({ name }) => name === table);
}

/** For checks: no rows, the columns alone. */
export function checkableQuery(sql: string): string {
  if (!readsPeriods(sql)) return sql;
  return `${prefixOf([noRow], [noDay])}select * from (\n${sql}\n) f`;
}

export interface PeriodTableInput {
  /** Of the file: the days are listed where it asks for them. */
  readonly sql: string;
  readonly zone: Zone;
  readonly asOf: number;
  /** Only these; default: all. */
  readonly covers?: (period: Period) => boolean;
}

export function buildPeriodTable(
  indexes: readonly PeriodIndex[],
  { sql, zone, asOf, covers = () => true }: PeriodTableInput,
): PeriodTable {
  const spots = new Map<string, PeriodSpot>();
  const rows: string[] = [];
  const at = (on: string): Moment => ({ on, at: zone.startOf(on) });
  for (const [grain, index] of indexes.entries()) {
    for (const [place, period] of index.periods.entries()) {
      if (period.startAt >= asOf || !covers(period)) continue;
      // Facts count through as_of's local day.
      const until =
        period.endAt <= asOf ? at(period.endOn) : { at: asOf, on: addDays(zone.dateOf(asOf - 1), 1) };
      const key = `${period.grain} ${period.startOn}`;
      spots.set(key, { grain, period: place, until });
      const moments = [at(period.startOn), at(period.endOn), until, ...momentsBefore(until, at)];
      const cells = [key, period.grain, period.label].map(quoted);
      const times = moments.flatMap((moment) => [moment.at, quoted(moment.on)]);
      rows.push([...cells, ...times, quoted(addDays(until.on, -1))].join(', '));
    }
  }
  const days = reads(sql, 'local_day') ? listDays(spots, indexes, { zone, asOf }) : [];
  const prefix = prefixOf(rows.length > 0 ? rows : [noRow], days.length > 0 ? days : [noDay]);
  return { prefix, spots };
}

const noRow = periodColumns.map(() => 'null').join(', ');
const noDay = dayColumns.map(() => 'null').join(', ');

/** From the start of the first of the periods to the end of the last; of today only what lies before as_of. */
function listDays(
  spots: ReadonlyMap<string, PeriodSpot>,
  indexes: readonly PeriodIndex[],
  { zone, asOf }: Pick<PeriodTableInput, 'zone' | 'asOf'>,
): readonly string[] {
  let [from, until] = ['9999-12-31', ''];
  for (const { grain, period, until: end } of spots.values()) {
    const { startOn = from } = indexes[grain]?.periods[period] ?? {};
    if (startOn < from) from = startOn;
    if (end.on > until) until = end.on;
  }
  const days: string[] = [];
  for (let day = from; day < until; day = addDays(day, 1))
    days.push(`${quoted(day)}, ${Math.min(zone.startOf(addDays(day, 1)), asOf)}`);
  return days;
}

/** Years by the calendar, half and quarter years as 180 and 90 days. */
function momentsBefore({ on }: Moment, at: (on: string) => Moment): readonly Moment[] {
  return [yearsBefore(on, 1), yearsBefore(on, 2), addDays(on, -180), addDays(on, -90)].map(at);
}

/** 29 February maps to 28 February. */
function yearsBefore(date: string, years: number): string {
  const year = String(Number(date.slice(0, 4)) - years).padStart(4, '0');
  return `${year}${date.endsWith('-02-29') ? '-02-28' : date.slice(4)}`;
}

function prefixOf(periods: readonly string[], days: readonly string[]): string {
  const values = (rows: readonly string[]) => rows.map((row) => `(${row})`).join(', ');
  const period = `period (${periodColumns.join(', ')}) as (values ${values(periods)})`;
  // With types, as SQLite looks days up by an index only where both sides are text.
  const typed = 'select cast(column1 as text), cast(column2 as bigint)';
  const day = `local_day (${dayColumns.join(', ')}) as materialized (${typed} from (values ${values(days)}) v)`;
  return `with ${period}, ${day} `;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
