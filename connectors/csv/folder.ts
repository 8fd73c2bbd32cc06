import { basename } from 'node:path';
import type {
  Batch,
  Connection,
  Cursor,
  OpenContext,
  ReadOptions,
  Stream,
} from '../../src/model/connector.ts';
import { entityTables, type TableName } from '../../src/model/entities.ts';
import { RunError } from '../../src/model/errors.ts';
import { type CsvSettings, openCsv } from './connection.ts';
import { listFiles } from './files.ts';

/** Files called after their tables (`deal.csv`, `account.csv`), as one connection: its records know each other. */
export async function openCsvFolder(context: OpenContext<{ readonly path: string }>): Promise<Connection> {
  const parts = await openParts(context);
  const partOf = ({ table }: Stream) => {
    const part = parts.get(table);
    if (!part) throw new Error(`no file for ${table}`);
    return part;
  };
  const [first] = parts.values();
  return {
    account: () =>
      (first ?? openCsv(partContext(context, { path: context.settings.path, object: 'deal' }))).account(),
    async *check() {
      for (const part of parts.values()) yield* part.check();
    },
    async streams() {
      const streams: Stream[] = [];
      for (const part of parts.values()) streams.push(...(await part.streams()));
      return streams;
    },
    read: (stream: Stream, since: Cursor | null, options: ReadOptions): AsyncIterable<Batch> =>
      partOf(stream).read(stream, since, options),
    count: async (stream) => (await partOf(stream).count?.(stream)) ?? { rows: 0 },
    [Symbol.asyncDispose]: async () => {},
  };
}

function partContext(
  context: OpenContext<{ readonly path: string }>,
  settings: CsvSettings,
): OpenContext<CsvSettings> {
  return { ...context, settings };
}

async function openParts(
  context: OpenContext<{ readonly path: string }>,
): Promise<ReadonlyMap<TableName, Connection>> {
  const files = await listFiles(context.folder, context.settings.path);
  const parts = new Map<TableName, Connection>();
  const strangers: string[] = [];
  for (const { path, name } of files) {
    const table = basename(name).replace(/\.csv$/i, '');
    if (isTable(table)) parts.set(table, openCsv(partContext(context, { path, object: table })));
    else strangers.push(name);
  }
  if (parts.size > 0 && strangers.length === 0) return parts;
  throw new RunError('config', {
    where: `${context.name} path`,
    message:
      strangers.length > 0
        ? `${strangers.join(', ')} is called after no table.`
        : `No file matches ${context.settings.path}.`,
    fix: 'Call each file after its table (deal.csv, account.csv ...), or name the table of all files with `object`.',
  });
}

function isTable(name: string): name is TableName {
  return Object.hasOwn(entityTables, name);
}
