import type { SqlValue } from '../model/entities.ts';
import type { Restatement, ResultDetails, Trend } from '../model/result.ts';
import type { NewResult, StoredResult } from '../model/result-store.ts';

/** A row of table `result`, column by column; '' stands for "none" in the columns of a series' key. */
export function toResultRow(result: NewResult): Readonly<Record<string, SqlValue>> {
  return {
    ...seriesColumns(result),
    ...sameValues(result),
    ...judgementColumns(result),
    complete: result.complete ? 1 : 0,
    flags: JSON.stringify(result.flags),
    details: result.details ? JSON.stringify(result.details) : null,
    restatement: result.restatement ? JSON.stringify(result.restatement) : null,
    state: result.current ? 'current' : 'withdrawn',
  };
}

function seriesColumns({ segment, goal }: NewResult): Record<string, SqlValue> {
  return {
    segment_kind: segment.kind,
    segment_id: segment.id ?? '',
    segment_source: segment.source ?? '',
    segment_name: segment.name,
    goal: goal ?? '',
  };
}

function judgementColumns({ target, statistics, forecast, trend }: NewResult): Record<string, SqlValue> {
  const range = typeof target === 'object' ? target : null;
  return {
    p50: statistics?.p50 ?? null,
    p90: statistics?.p90 ?? null,
    mean: statistics?.mean ?? null,
    target: typeof target === 'number' ? target : null,
    target_lo: range?.lo ?? null,
    target_hi: range?.hi ?? null,
    forecast: forecast?.value ?? null,
    forecast_low: forecast?.low ?? null,
    forecast_high: forecast?.high ?? null,
    trend: trend === null ? null : JSON.stringify(trend),
  };
}

/** The columns that mean the same under their camel-case names; `id` is the table's own. */
function sameValues(result: NewResult): Record<string, SqlValue> {
  const row: Record<string, SqlValue> = {};
  for (const [column, name] of sameNames) row[column] = result[name];
  return row;
}

type Row = Readonly<Record<string, SqlValue>>;

export function fromResultRow(row: Row): StoredResult {
  return {
    ...(fields(row) as unknown as StoredResult),
    complete: row.complete === 1,
    segment: {
      kind: String(row.segment_kind),
      id: row.segment_id === '' ? null : String(row.segment_id),
      name: text(row, 'segment_name'),
      source: row.segment_source === '' ? null : String(row.segment_source),
    },
    goal: row.goal === '' ? null : String(row.goal),
    statistics:
      row.statistic === null
        ? null
        : { p50: number(row, 'p50'), p90: number(row, 'p90'), mean: number(row, 'mean') },
    target:
      row.target_lo === null
        ? number(row, 'target')
        : { lo: Number(row.target_lo), hi: Number(row.target_hi) },
    forecast:
      row.forecast === null
        ? null
        : {
            value: Number(row.forecast),
            low: number(row, 'forecast_low'),
            high: number(row, 'forecast_high'),
          },
    trend: row.trend === null ? null : (JSON.parse(String(row.trend)) as Trend),
    flags: JSON.parse(String(row.flags)) as string[],
    ...(typeof row.restatement === 'string' && { restatement: JSON.parse(row.restatement) as Restatement }),
    ...(typeof row.details === 'string' && { details: JSON.parse(row.details) as ResultDetails }),
    current: row.state === 'current',
  };
}

function fields(row: Row): Record<string, SqlValue> {
  const same: Record<string, SqlValue> = { id: row.id ?? null };
  for (const [column, name] of sameNames) same[name] = row[column] ?? null;
  return same;
}

type SameColumn = (typeof sameColumns)[number];
type CamelCase<S extends string> = S extends `${infer A}_${infer B}` ? `${A}${Capitalize<CamelCase<B>>}` : S;

function toCamelCase(column: SameColumn): CamelCase<SameColumn> {
  return column.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase()) as CamelCase<SameColumn>;
}

const sameColumns = [
  'kpi',
  'definition_version',
  'grain',
  'period_start',
  'period_end',
  'period_label',
  'goal_version',
  'unit',
  'currency',
  'num',
  'den',
  'value',
  'n',
  'n_missing',
  'statistic',
  'status',
  'evidence',
  'movement',
  'previous',
  'baseline',
  'attainment',
  'gap_closed',
  'stage',
  'as_of',
  'input_hash',
  'supersedes',
] as const;

/** Each with its name in a result: worked out once, not for every row. */
const sameNames = sameColumns.map((column) => [column, toCamelCase(column)] as const);

function text(row: Row, column: string): string | null {
  const value = row[column];
  return typeof value === 'string' ? value : null;
}

function number(row: Row, column: string): number | null {
  const value = row[column];
  return typeof value === 'number' ? value : null;
}
