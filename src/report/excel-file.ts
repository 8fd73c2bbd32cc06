import writeExcelFile from 'write-excel-file/node';
import type { Unit } from '../model/kpi.ts';
import type { StoredResult } from '../model/result-store.ts';
import type { SheetColumn } from './sheet-columns.ts';

/** How Excel shows a number; what it calculates with is the number itself. */
const numberFormats: Readonly<Record<Unit, string>> = {
  ratio: '0.0%',
  money: '#,##0.00',
  hours: '#,##0.0',
  count: '#,##0.##',
  points: '0',
  months: '0.0',
};

/** One sheet with a fixed heading. Texts are written as texts: no cell is a formula. */
export function toExcel(
  columns: readonly SheetColumn[],
  results: readonly StoredResult[],
  sheet: string,
): Promise<Buffer> {
  const heading = columns.map(({ head }) => ({
    value: head,
    type: String,
    fontWeight: 'bold' as const,
    backgroundColor: '#E7EEF4',
  }));
  const rows = results.map((result) => columns.map((column) => excelCell(column, result)));
  return writeExcelFile([heading, ...rows], {
    sheet: sheetName(sheet),
    columns: columns.map(({ width }) => ({ width })),
    stickyRowsCount: 1,
    stickyColumnsCount: 1,
  }).toBuffer();
}

function excelCell(column: SheetColumn, result: StoredResult) {
  const value = column.cell(result);
  if (value === null || value === '') return null;
  if (typeof value !== 'number') return { value: String(value), type: String };
  if (!Number.isFinite(value)) return null;
  if (column.isShare) return { value, type: Number, format: numberFormats.ratio };
  if (column.isMeasure) return { value, type: Number, format: numberFormats[result.unit] };
  return { value, type: Number };
}

const forbidden = /[\\/?*[\]:]/g;
const longestName = 31;

/** Excel refuses some characters and more than 31 of them. */
function sheetName(name: string): string {
  return [...name.replaceAll(forbidden, ' ')].slice(0, longestName).join('').trim() || 'Report';
}
