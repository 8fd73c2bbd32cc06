import { hubspot } from '../../connectors/hubspot/index.ts';
import { hubspotSettings } from '../../connectors/hubspot/settings.ts';
import type { Batch, Connection, Cursor, OpenContext } from '../../src/model/connector.ts';
import type { EntityRow, TableName } from '../../src/model/entities.ts';
import { createHttp } from '../../src/remote/http.ts';
import { createMemoryTokens } from './memory-tokens.ts';

type Settings = Parameters<typeof hubspot.open>[0]['settings'];
export type Options = Partial<Omit<OpenContext<Settings>, 'settings' | 'http'>> & {
  readonly settings?: object;
  /** Without the vendor's limits, for a server that has none. */
  readonly unpaced?: boolean;
};

const silent = { debug() {}, info() {}, warn() {}, error() {} };

/** A real connection over real HTTP to a server on loopback. */
export function openAt(
  server: { readonly url: string; readonly auth?: object },
  options: Options = {},
): Promise<Connection> {
  const signal = options.signal ?? new AbortController().signal;
  const clock = { now: () => Date.now() };
  const auth = server.auth ?? { flow: 'private_app', accessToken: 'test-token' };
  const settings = hubspotSettings.parse({ baseUrl: server.url, auth, ...options.settings });
  const policy = options.unpaced ? null : hubspot.policy;
  const http = createHttp({ where: 'crm', policy, clock, log: silent, signal });
  return hubspot.open({
    name: 'crm',
    folder: '/',
    objects: hubspot.objects,
    fields: {},
    entities: {},
    since: null,
    currency: 'EUR',
    timeZone: 'Europe/Madrid',
    language: 'en',
    tokens: createMemoryTokens(),
    clock,
    log: silent,
    signal,
    ...options,
    settings,
    http,
  });
}

/** What a store would hold after a read: the last version of each row. */
export interface Held {
  readonly tables: Map<TableName, Map<string, EntityRow>>;
  readonly deleted: Set<string>;
  readonly merged: Map<string, string>;
  cursor: Cursor | null;
}

export function hold(): Held {
  return { tables: new Map(), deleted: new Set(), merged: new Map(), cursor: null };
}

export function saveBatch(held: Held, batch: Batch): void {
  for (const { table, rows } of batch.tables) {
    const known = held.tables.get(table) ?? new Map<string, EntityRow>();
    for (const row of rows) {
      known.set(row.id, row);
      held.deleted.delete(row.id);
    }
    held.tables.set(table, known);
  }
  for (const { id } of batch.deleted) held.deleted.add(id);
  for (const { id, into } of batch.merged ?? []) held.merged.set(id, into);
  if (batch.cursor !== null) held.cursor = batch.cursor;
}

/** Ids that live in what is held, in the order of a store: as texts, in chunks. */
export async function* livingIds(held: Held, table: TableName): AsyncGenerator<readonly string[]> {
  const ids = [...(held.tables.get(table)?.keys() ?? [])].filter((id) => isLiving(held, id)).sort();
  for (let start = 0; start < ids.length; start += 50) yield ids.slice(start, start + 50);
}

function isLiving(held: Held, id: string): boolean {
  return !held.deleted.has(id) && !held.merged.has(id);
}

export interface ReadIntoOptions {
  /** Stops after so many batches, as a crash would. */
  readonly stopAfter?: number;
  readonly reconcile?: boolean;
  /** Lets the connection see what is held. */
  readonly sweeps?: boolean;
}

/** Reads a stream on from what is held; a number stops after so many batches. */
export async function readInto(
  connection: Connection,
  name: string,
  held: Held,
  how: number | ReadIntoOptions = {},
): Promise<Held> {
  const options = typeof how === 'number' ? { stopAfter: how } : how;
  const stream = (await connection.streams()).find((one) => one.name === name);
  if (!stream) throw new Error(`no stream ${name}`);
  let batches = 0;
  const signal = new AbortController().signal;
  const sees = options.sweeps || options.reconcile;
  const read = {
    signal,
    ...(sees ? { held: () => livingIds(held, stream.table), reconcile: options.reconcile ?? false } : {}),
  };
  for await (const batch of connection.read(stream, held.cursor, read)) {
    saveBatch(held, batch);
    batches += 1;
    if (batches >= (options.stopAfter ?? Number.POSITIVE_INFINITY)) break;
  }
  return held;
}

export function rowsOf<T extends TableName>(held: Held, table: T): readonly EntityRow<T>[] {
  return [...(held.tables.get(table)?.values() ?? [])] as unknown as readonly EntityRow<T>[];
}
