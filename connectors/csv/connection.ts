import { basename, dirname, resolve } from 'node:path';
import type { Batch, Check, Connection, Cursor, OpenContext, Stream } from '../../src/model/connector.ts';
import type { TableName, TableRows } from '../../src/model/entities.ts';
import { RunError } from '../../src/model/errors.ts';
import { type CsvFile, listFiles, stateOf, unsettled } from './files.ts';
import { readMapping } from './mapping.ts';
import { fileError } from './problems.ts';
import { checkFile, type ReadRules, readRows } from './read.ts';
import { createIdGiver } from './rows.ts';

const batchRows = 500;

export interface CsvSettings {
  readonly path: string;
  readonly object: TableName;
}

export function openCsv(context: OpenContext<CsvSettings>): Connection {
  const { settings, folder } = context;
  const rules: ReadRules = {
    connection: context.name,
    table: settings.object,
    timeZone: context.timeZone,
    currency: context.currency,
    mapping: readMapping(settings.object, context.fields, context.timeZone),
  };
  const findFiles = () => listFiles(folder, settings.path);
  const folderName = basename(dirname(resolve(folder, settings.path)));
  return {
    account: async () => ({ id: folderName, name: folderName, currency: null, timeZone: null }),
    check: () => checkFiles(context, rules),
    streams: async () => [describeStream(settings, (await findFiles()).length > 0)],
    read: (_stream, since, { signal }) => readAll(context, rules, { since, signal }),
    count: async () => ({ rows: await requireAllSound(await findFiles(), rules, context.signal) }),
    [Symbol.asyncDispose]: async () => {},
  };
}

function describeStream({ path, object }: CsvSettings, hasFiles: boolean): Stream {
  const stream = { name: object, table: object, object: null, link: null, comparable: true };
  return hasFiles ? stream : { ...stream, unavailable: missingFiles(path) };
}

function missingFiles(path: string): { problem: string; fix: string } {
  return {
    problem: `No file matches ${path}.`,
    fix: 'Put the file there, or correct the path of this connection; it resolves against the folder of crm-kpi.yaml.',
  };
}

/** Reads every file whole, unless none has changed: only then is it known which rows are gone. */
async function* readAll(
  context: OpenContext<CsvSettings>,
  rules: ReadRules,
  { since, signal }: { readonly since: Cursor | null; readonly signal: AbortSignal },
): AsyncGenerator<Batch, void> {
  signal.throwIfAborted();
  const files = await listFiles(context.folder, context.settings.path);
  if (files.length === 0) throw missingFilesError(context);
  const cursor = stateOf(files, ruleTexts(context), context.clock.now());
  if (cursor === since && cursor !== unsettled) {
    yield { tables: [], deleted: [], cursor };
    return;
  }
  await requireAllSound(files, rules, signal);
  const ids = createIdGiver();
  for (const file of files) {
    for await (const { rows, dimensions } of readRows(file, rules, { ids, signal, batchRows })) {
      const tables = [{ table: rules.table, rows } as TableRows];
      if (dimensions.length > 0) tables.push({ table: 'dimension', rows: dimensions } as TableRows);
      yield { tables, deleted: [], cursor: null };
      signal.throwIfAborted();
    }
  }
  yield { tables: [], deleted: [], complete: [...ids.all], cursor };
}

/** What decides how the files are read. */
function ruleTexts({ settings, timeZone, currency, fields }: OpenContext<CsvSettings>): readonly string[] {
  return [settings.object, timeZone, currency, JSON.stringify(Object.entries(fields).sort())];
}

/** Looks through all files before the first row is taken, so that a bad one changes nothing. Tells how many rows. */
async function requireAllSound(
  files: readonly CsvFile[],
  rules: ReadRules,
  signal: AbortSignal,
): Promise<number> {
  const ids = createIdGiver();
  for (const file of files) {
    const problems = await checkFile(file, rules, { ids, signal });
    if (problems.length > 0) throw fileError(rules.connection, file, problems);
  }
  return ids.all.size;
}

function missingFilesError({ name, settings }: OpenContext<CsvSettings>): RunError {
  const { problem, fix } = missingFiles(settings.path);
  return new RunError('config', { where: `${name} path`, message: problem, fix });
}

async function* checkFiles(context: OpenContext<CsvSettings>, rules: ReadRules): AsyncGenerator<Check, void> {
  const files = await listFiles(context.folder, context.settings.path);
  if (files.length === 0) {
    const { problem, fix } = missingFiles(context.settings.path);
    yield { check: 'files', ok: false, severity: 'error', message: problem, fix };
  }
  const ids = createIdGiver();
  for (const file of files) {
    const before = ids.all.size;
    const check = `file ${file.name}`;
    const problems = await checkFile(file, rules, { ids, signal: context.signal });
    for (const { line, text, fix } of problems) {
      yield { check, ok: false, severity: 'error', message: `${file.name}:${line} ${text}.`, fix };
    }
    if (problems.length > 0) continue;
    const message = `${ids.all.size - before} rows for ${rules.table}`;
    yield { check, ok: true, severity: 'info', message, fix: null };
  }
}
