import type { SqlValue } from '../model/entities.ts';
import type { Trend } from '../model/result.ts';
import type { NewResult, StoredResult } from '../model/store.ts';

/** A row of table `result`, column by column; '' stands for "none" in the columns of a series' key. */
export function toResultRow(result: NewResult): Readonly<Record<string, SqlValue>> {
  const { segment, target, statistics, forecast } = result;
  const range = typeof target === 'object' ? target : null;
  return {
    kpi: result.kpi,
    definition_version: result.definitionVersion,
    grain: result.grain,
    period_start: result.periodStart,
    period_end: result.periodEnd,
    period_label: result.periodLabel,
    complete: result.complete ? 1 : 0,
    segment_kind: segment.kind,
    segment_id: segment.id ?? '',
    segment_source: segment.source ?? '',
    segment_name: segment.name,
    goal: result.goal ?? '',
    goal_version: result.goalVersion,
    unit: result.unit,
    currency: result.currency,
    num: result.num,
    den: result.den,
    value: result.value,
    n: result.n,
    n_missing: result.nMissing,
    statistic: result.statistic,
    p50: statistics?.p50 ?? null,
    p90: statistics?.p90 ?? null,
    mean: statistics?.mean ?? null,
    status: result.status,
    evidence: result.evidence,
    movement: result.movement,
    previous: result.previous,
    target: typeof target === 'number' ? target : null,
    target_lo: range?.lo ?? null,
    target_hi: range?.hi ?? null,
    baseline: result.baseline,
    attainment: result.attainment,
    gap_closed: result.gapClosed,
    forecast: forecast?.value ?? null,
    forecast_low: forecast?.low ?? null,
    forecast_high: forecast?.high ?? null,
    trend: result.trend === null ? null : JSON.stringify(result.trend),
    stage: result.stage,
    flags: JSON.stringify(result.flags),
    as_of: result.asOf,
    input_hash: result.inputHash,
    supersedes: result.supersedes,
    state: result.current ? 'current' : 'withdrawn',
  };
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
    current: row.state === 'current',
  };
}

/** The columns that mean the same under their camel-case names. */
function fields(row: Row): Record<string, SqlValue> {
  const same: Record<string, SqlValue> = {};
  for (const column of sameColumns)
    same[column.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase())] = row[column] ?? null;
  return same;
}

const sameColumns = [
  'id',
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

function text(row: Row, column: string): string | null {
  const value = row[column];
  return typeof value === 'string' ? value : null;
}

function number(row: Row, column: string): number | null {
  const value = row[column];
  return typeof value === 'number' ? value : null;
}
