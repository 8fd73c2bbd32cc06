import { JobFailure } from './bulk-job.ts';
import { cellAt, type Lines } from './bulk-lines.ts';
import type { ReadPlan } from './plan.ts';
import type { SalesforceRecord } from './values.ts';

/** The record in a line, as REST would have given it. */
export type ReadLine = (lines: Lines, line: number) => SalesforceRecord;

/** `header`: the columns, in whatever order and case Salesforce names them. */
export function createLineReader(
  { select, types }: Pick<ReadPlan, 'select' | 'types'>,
  header: readonly string[],
): ReadLine {
  const known = new Map(['Id', ...select].map((path) => [path.toLowerCase(), path]));
  if (header.length !== known.size)
    throw new JobFailure(`the results have ${header.length} columns of ${known.size}`);
  const columns = header.map((name, index): Column => {
    const path = known.get(name.toLowerCase()) ?? name;
    return { path: path.split('.'), index, convert: converterOf(types.get(path) ?? 'string') };
  });
  const fields = createFields(columns);
  return (lines, line) => placeRecord(fields, lines, line * lines.width);
}

interface Column {
  readonly path: readonly string[];
  readonly index: number;
  readonly convert: Convert;
}

const inLines = Symbol('lines');
const firstCell = Symbol('first cell');

interface PlacedRecord {
  readonly [inLines]: Lines;
  readonly [firstCell]: number;
}

function placeRecord(fields: object, lines: Lines, first: number): SalesforceRecord {
  const record = Object.create(fields);
  record[inLines] = lines;
  record[firstCell] = first;
  return record;
}

/** What all records of a job share: each field is cut out of the text when it is asked for. */
function createFields(columns: readonly Column[]): object {
  const fields = {};
  for (const name of new Set(columns.map(({ path: [first = ''] }) => first))) {
    const own = columns.filter(({ path: [first] }) => first === name);
    Object.defineProperty(fields, name, { get: createGetter(own), enumerable: true });
  }
  return fields;
}

function createGetter(own: readonly Column[]): (this: PlacedRecord) => unknown {
  const column = own.find(({ path }) => path.length === 1);
  if (column) {
    const { index, convert } = column;
    return function read() {
      return convert(cellAt(this[inLines], this[firstCell] + index));
    };
  }
  const parent = createFields(own.map(({ path, ...rest }) => ({ ...rest, path: path.slice(1) })));
  return function read() {
    return placeRecord(parent, this[inLines], this[firstCell]);
  };
}

type Convert = (cell: string) => unknown;

const numeric = new Set(['int', 'long', 'double', 'currency', 'percent']);

/** Empty is null; `N/A`, `null` and the like are data. Whole numbers come as `5.0`, as they never do by REST. */
function converterOf(type: string): Convert {
  if (type === 'boolean') return (cell) => (cell === '' ? null : cell === 'true');
  if (!numeric.has(type)) return (cell) => (cell === '' ? null : cell);
  return (cell) => {
    if (cell === '') return null;
    const number = Number(cell);
    return Number.isFinite(number) ? number : cell;
  };
}
