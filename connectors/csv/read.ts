import { type CsvRecord, CsvSyntaxError, scanCsv } from '../../src/model/csv.ts';
import { RunError } from '../../src/model/errors.ts';
import { type CsvFile, readText } from './files.ts';
import { type Header, readHeader } from './header.ts';
import { fileError, mostProblems, type Problem, quoteField } from './problems.ts';
import { type CsvRow, dimensionRows, type IdGiver, parseRow, type RowRules } from './rows.ts';

/** What reading a file needs to know of its connection. */
export interface ReadRules extends Omit<RowRules, 'columns'> {
  /** The connection's name, for messages. */
  readonly connection: string;
}

/** A file's header, then its records in chunks. */
interface OpenFile {
  readonly header: Header;
  readonly records: AsyncGenerator<readonly CsvRecord[], void>;
}

async function openFile(file: CsvFile, rules: ReadRules, signal: AbortSignal): Promise<OpenFile> {
  const chunks = scanCsv(readText(file, signal));
  const next = await chunks.next();
  const [first, ...others] = next.done ? [] : next.value;
  if (!first) {
    const empty = {
      line: 1,
      text: 'the file is empty',
      fix: `begin with the column names of ${rules.table}`,
    };
    return { header: { columns: [], problems: [empty] }, records: chunks };
  }
  return { header: readHeader(rules.table, first.fields, rules.mapping), records: startWith(others, chunks) };
}

async function* startWith<T>(first: readonly T[], rest: AsyncIterable<readonly T[]>) {
  yield first;
  yield* rest;
}

/** Everything that is wrong with a file, up to 20 problems. */
export async function checkFile(
  file: CsvFile,
  rules: ReadRules,
  { ids, signal }: { readonly ids: IdGiver; readonly signal: AbortSignal },
): Promise<readonly Problem[]> {
  const problems: Problem[] = [];
  try {
    const { header, records } = await openFile(file, rules, signal);
    problems.push(...header.problems);
    if (problems.length > 0) return problems.slice(0, mostProblems);
    for await (const chunk of records) {
      for (const record of chunk) {
        problems.push(...checkRecord(record, { ...rules, columns: header.columns }, ids));
        if (problems.length >= mostProblems) return problems.slice(0, mostProblems);
      }
    }
  } catch (error) {
    problems.push(readProblem(error, signal));
  }
  return problems;
}

function checkRecord(record: CsvRecord, rules: RowRules, ids: IdGiver): readonly Problem[] {
  const { problems } = parseRow(record, rules);
  const id = ids.give(record, rules.columns);
  if (id !== null && id !== '') return problems;
  const text = id === '' ? 'id is empty' : `id ${quoteField(idField(record, rules))} stands a second time`;
  return [
    ...problems,
    { line: record.line, text, fix: 'give every row an id of its own, or leave the column out' },
  ];
}

function idField(record: CsvRecord, rules: RowRules): string {
  return record.fields[rules.columns.findIndex((column) => column.target === 'id')] ?? '';
}

/** Files whose content cannot be taken for CSV at all. */
function readProblem(error: unknown, signal: AbortSignal): Problem {
  signal.throwIfAborted();
  if (error instanceof CsvSyntaxError) {
    return {
      line: error.line,
      text: error.message,
      fix: 'double the quotes inside a field, and close every quote',
    };
  }
  if (!(error instanceof Error && 'code' in error)) throw error;
  if (error.code === 'ERR_ENCODING_INVALID_ENCODED_DATA') {
    return { line: 1, text: 'the file is not UTF-8', fix: 'save it as "CSV UTF-8"' };
  }
  if (error.code === 'ENOENT') return { line: 1, text: 'the file is gone', fix: 'put it back, or run again' };
  return { line: 1, text: `the file cannot be opened (${error.code})`, fix: 'let this user read it' };
}

/** Rows of the table, and what results are split by of the same records. */
export interface CsvRows {
  readonly rows: readonly CsvRow[];
  readonly dimensions: readonly CsvRow[];
}

/** A checked file's rows, so many at a time; RunError when it has changed for the worse since. */
export async function* readRows(
  file: CsvFile,
  rules: ReadRules,
  options: { readonly ids: IdGiver; readonly signal: AbortSignal; readonly batchRows: number },
): AsyncGenerator<CsvRows, void> {
  let rows: CsvRow[] = [];
  let dimensions: CsvRow[] = [];
  try {
    const { header, records } = await openFile(file, rules, options.signal);
    for await (const chunk of records) {
      for (const record of chunk) {
        const {
          values,
          problems,
          dimensions: split,
        } = parseRow(record, { ...rules, columns: header.columns });
        const id = options.ids.give(record, header.columns);
        if (problems.length > 0 || !id) throw changedError(file, rules);
        rows.push({ ...values, id });
        dimensions.push(...dimensionRows(rules.table, id, split));
        if (rows.length < options.batchRows) continue;
        yield { rows, dimensions };
        [rows, dimensions] = [[], []];
      }
    }
  } catch (error) {
    if (error instanceof RunError) throw error;
    throw fileError(rules.connection, file, [readProblem(error, options.signal)]);
  }
  if (rows.length > 0) yield { rows, dimensions };
}

function changedError(file: CsvFile, rules: ReadRules): RunError {
  return new RunError('config', {
    where: `${rules.connection} ${file.name}`,
    message: `${file.name} was changed while it was read.`,
    fix: 'Run again when it is complete.',
  });
}
