import { mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { csv } from '../../connectors/csv/index.ts';
import type { Batch, Connection, Cursor, OpenContext } from '../../src/model/connector.ts';
import type { Http } from '../../src/model/http.ts';
import { createMemoryTokens } from './memory-tokens.ts';

const log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

const noNetwork: Http = {
  send: () => Promise.reject(new Error('Files need no network.')),
  stream: () => Promise.reject(new Error('Files need no network.')),
  serverNow: () => null,
  usage: { calls: 0, used: null, limit: null, resetsAt: null },
};

/** A folder of files, and connections to them. */
export async function makeFolder(files: Readonly<Record<string, string | Uint8Array>> = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'csv-'));
  const write = (name: string, text: string | Uint8Array) => writeFile(join(folder, name), text);
  for (const [name, text] of Object.entries(files)) await write(name, text);
  return {
    folder,
    write,
    remove: (name: string) => rm(join(folder, name)),
    setTime: (name: string, seconds: number) => utimes(join(folder, name), seconds, seconds),
    open: (options: Partial<OpenContext> & { path?: string; object?: string } = {}) => {
      const { path = '*.csv', object = 'survey_answer', ...rest } = options;
      return csv.open({
        name: 'surveys',
        settings: csv.settings.parse({ path, object }),
        folder,
        objects: [],
        fields: {},
        entities: {},
        since: null,
        currency: 'EUR',
        timeZone: 'Europe/Madrid',
        language: 'en',
        http: noNetwork,
        tokens: createMemoryTokens(),
        // Files just written count as settled.
        clock: { now: () => Date.now() + 60_000 },
        log,
        signal: new AbortController().signal,
        ...rest,
      } as OpenContext<ReturnType<typeof csv.settings.parse>>);
    },
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true }),
  };
}

export async function readAll(connection: Connection, since: Cursor | null = null) {
  const [stream] = await connection.streams();
  if (!stream) throw new Error('no stream');
  const batches: Batch[] = [];
  for await (const batch of connection.read(stream, since, { signal: new AbortController().signal })) {
    batches.push(batch);
  }
  return {
    batches,
    rows: batches.flatMap((batch) => batch.tables.flatMap((group) => [...group.rows] as { id: string }[])),
    complete: batches.at(-1)?.complete,
    cursor: batches.at(-1)?.cursor ?? null,
  };
}

export async function collect<T>(items: AsyncIterable<T>): Promise<readonly T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}
