import { plainNumber } from '../model/format.ts';
import type { Kpi } from '../model/kpi.ts';
import type { StoredResult } from '../model/result-store.ts';
import type { Format } from './format.ts';
import { textOf } from './words.ts';

/** A cell of a sheet: numbers are numbers, `unit` tells how to show them. */
export interface SheetColumn {
  readonly head: string;
  readonly width: number;
  readonly cell: (result: StoredResult) => string | number | boolean | null;
  /** The number is in the unit of the result. */
  readonly isMeasure?: boolean;
  readonly isShare?: boolean;
}

/** One row for each result, one column for each of its fields: the numbers of `results --json`. */
export function sheetColumns(catalog: readonly Kpi[], format: Format): readonly SheetColumn[] {
  const kpis = new Map(catalog.map((kpi) => [kpi.id, kpi]));
  const { say, language } = format;
  const { column } = say;
  const plain = (result: StoredResult, value: number | null) =>
    plainNumber(value, result.unit, result.currency);
  const measure = (head: string, pick: (result: StoredResult) => number | null): SheetColumn => ({
    head,
    width: 14,
    isMeasure: true,
    cell: (result) => plain(result, pick(result)),
  });
  const sum = (name: 'num' | 'den') => (result: StoredResult) =>
    kpis.get(result.kpi)?.money.includes(name)
      ? plainNumber(result[name], 'money', result.currency)
      : result[name];
  const text = (head: string, width: number, cell: (result: StoredResult) => string | null): SheetColumn => ({
    head,
    width,
    cell,
  });
  return [
    text(column.kpi, 34, ({ kpi }) => kpis.get(kpi)?.label[language] ?? kpi),
    text(column.domain, 14, ({ kpi }) => textOf(say.domain, kpis.get(kpi)?.domain ?? '')),
    text(column.period, 12, ({ periodLabel }) => periodLabel),
    { head: column.complete, width: 10, cell: ({ complete }) => (complete ? say.yes : say.no) },
    text(column.segment, 24, ({ segment }) => format.segment(segment)),
    measure(column.value, ({ value }) => value),
    text(column.unit, 11, ({ unit }) => say.unit[unit]),
    text(column.currency, 10, ({ currency }) => currency),
    measure(column.target, ({ target }) => (typeof target === 'object' ? (target?.lo ?? null) : target)),
    measure(`${column.target}: ${column.high.toLowerCase()}`, ({ target }) =>
      typeof target === 'object' ? (target?.hi ?? null) : null,
    ),
    text(column.status, 18, ({ status }) => status && say.status[status]),
    text(column.evidence, 16, ({ evidence }) => evidence && say.evidenceShort[evidence]),
    text(column.movement, 20, ({ movement }) => movement && say.movement[movement]),
    measure(column.baseline, ({ baseline }) => baseline),
    { head: column.attainment, width: 13, isShare: true, cell: ({ attainment }) => attainment },
    { head: column.gapClosed, width: 13, isShare: true, cell: ({ gapClosed }) => gapClosed },
    measure(column.previous, ({ previous }) => previous),
    measure(column.forecast, ({ forecast }) => forecast?.value ?? null),
    measure(`${column.forecast}: ${column.low.toLowerCase()}`, ({ forecast }) => forecast?.low ?? null),
    measure(`${column.forecast}: ${column.high.toLowerCase()}`, ({ forecast }) => forecast?.high ?? null),
    { head: column.numerator, width: 14, cell: sum('num') },
    { head: column.denominator, width: 14, cell: sum('den') },
    { head: column.records, width: 11, cell: ({ n }) => n },
    { head: column.missing, width: 11, cell: ({ nMissing }) => nMissing },
    text(column.stage, 13, ({ stage }) => say.stage[stage]),
    text(`${column.kpi} (id)`, 24, ({ kpi }) => kpi),
    text(column.goal, 24, ({ goal }) => goal),
    text(`${column.segment} (id)`, 26, ({ segment }) =>
      segment.id === null ? segment.kind : `${segment.kind}:${segment.id}`,
    ),
    text(column.start, 12, ({ periodStart }) => periodStart),
    text(column.end, 12, ({ periodEnd }) => periodEnd),
    text(column.asOf, 22, ({ asOf }) => new Date(asOf).toISOString()),
  ];
}
