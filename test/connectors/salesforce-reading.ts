import type { SalesforceSandbox } from '../../connectors/salesforce/sandbox/index.ts';
import type { Batch, Connection, Cursor, Log, OpenContext, ReadOptions } from '../../src/model/connector.ts';
import { type SyncReport, sync } from '../../src/sync/sync.ts';
import { openTempStore, type TempStore } from '../store/temp-store.ts';
import { openOrg, silentLog } from './salesforce-org.ts';

export const dayMs = 86_400_000;
export const signal = new AbortController().signal;

type OpenOptions = NonNullable<Parameters<typeof openOrg>[1]>;

/** A store that is kept up to date with a sandbox org, as the nightly job does it. */
export interface Replica extends AsyncDisposable {
  readonly temp: TempStore;
  /** What the connector logged. */
  readonly events: { readonly event: string; readonly fields: object }[];
  sync(options?: OpenOptions & { full?: boolean; changedSince?: number }): Promise<SyncReport>;
  cursor(stream: string): Promise<Record<string, unknown>>;
}

export async function openReplica(
  org: SalesforceSandbox,
  settings: Partial<OpenContext> = {},
): Promise<Replica> {
  const temp = await openTempStore();
  const events: { event: string; fields: object }[] = [];
  const note = (fields: object, event: string) => void events.push({ event, fields });
  const log: Log = { debug() {}, info: note, warn: note, error: note };
  return {
    temp,
    events,
    sync: ({ full = false, changedSince, ...options } = {}) =>
      sync({
        store: temp.store,
        connections: [
          {
            name: 'sales',
            connector: 'salesforce',
            open: () =>
              openOrg(org, { auth: org.auth, ...options, context: { log, ...settings, ...options.context } }),
          },
        ],
        runId: 1,
        clock: Date,
        log: silentLog,
        signal,
        full,
        changedSince: changedSince ?? null,
        onProgress() {},
      }),
    cursor: async (stream) => JSON.parse((await temp.store.cursor({ connection: 'sales', stream })) ?? '{}'),
    [Symbol.asyncDispose]: () => temp[Symbol.asyncDispose](),
  };
}

export async function readAll(
  connection: Connection,
  name: string,
  cursor: Cursor | null = null,
  options: Partial<ReadOptions> = {},
): Promise<readonly Batch[]> {
  const stream = (await connection.streams()).find((one) => one.name === name);
  if (!stream) throw new TypeError(`no stream ${name}`);
  const batches: Batch[] = [];
  for await (const batch of connection.read(stream, cursor, { signal, ...options })) batches.push(batch);
  return batches;
}

/** Streams that failed or whose counts differ. */
export function troubles(report: SyncReport): readonly string[] {
  return report.streams.flatMap(({ object, error, complete }) => {
    if (error !== null) return [`${object}: ${error}`];
    return complete && complete.ours !== complete.theirs
      ? [`${object}: ${complete.ours} of ${complete.theirs}`]
      : [];
  });
}
