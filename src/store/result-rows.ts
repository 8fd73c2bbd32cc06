import type { SqlValue } from '../model/entities.ts';
import type { Restatement, ResultDetails, Trend } from '../model/result.ts';
import type { NewResult, StoredResult } from '../model/result-store.ts';

type Value = (result: NewResult) => SqlValue;

const jsonOf = (value: unknown) => (value ? JSON.stringify(value) : null);
const rangeOf = ({ target }: NewResult) => (typeof target === 'object' ? target : null);

/** What a column holds that is not simply what its name says; '' stands for "none" in those of a series' key. */
const ownColumns: Readonly<Record<string, Value>> = {
  segment_kind: ({ segment }) => segment.kind,
  segment_id: ({ segment }) => segment.id ?? '',
  segment_source: ({ segment }) => segment.source ?? '',
  segment_name: ({ segment }) => segment.name,
  goal: ({ goal }) => goal ?? '',
  p50: ({ statistics }) => statistics?.p50 ?? null,
  p90: ({ statistics }) => statistics?.p90 ?? null,
  mean: ({ statistics }) => statistics?.mean ?? null,
  target: ({ target }) => (typeof target === 'number' ? target : null),
  target_lo: (result) => rangeOf(result)?.lo ?? null,
  target_hi: (result) => rangeOf(result)?.hi ?? null,
  forecast: ({ forecast }) => forecast?.value ?? null,
  forecast_low: ({ forecast }) => forecast?.low ?? null,
  forecast_high: ({ forecast }) => forecast?.high ?? null,
  trend: ({ trend }) => jsonOf(trend),
  complete: ({ complete }) => (complete ? 1 : 0),
  flags: ({ flags }) => JSON.stringify(flags),
  details: ({ details }) => jsonOf(details),
  restatement: ({ restatement }) => jsonOf(restatement),
  state: ({ current }) => (current ? 'current' : 'withdrawn'),
};

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

/** The columns of table `result` but `evaluation_id`, and what they hold, in the same order. */
export const resultColumns: readonly string[] = [...sameColumns, ...Object.keys(ownColumns)];
const columnValues: readonly Value[] = [
  ...sameNames.map(
    ([, name]): Value =>
      (result) =>
        result[name],
  ),
  ...Object.values(ownColumns),
];

export function toResultRow(result: NewResult): readonly SqlValue[] {
  return columnValues.map((read) => read(result));
}

function text(row: Row, column: string): string | null {
  const value = row[column];
  return typeof value === 'string' ? value : null;
}

function number(row: Row, column: string): number | null {
  const value = row[column];
  return typeof value === 'number' ? value : null;
}
