import type { Batch, Connection, ReadOptions, Stream, StreamCount } from '../../src/model/connector.ts';
import type { SyncTarget } from '../../src/sync/sync.ts';

/** A stream of a connection in memory: its pages, or what goes wrong. */
export interface MemoryStream extends Partial<Omit<Stream, 'name'>> {
  readonly name: string;
  readonly read?: (since: string | null, options: ReadOptions) => AsyncIterable<Batch>;
  readonly pages?: readonly Partial<Batch>[];
  readonly count?: () => Promise<StreamCount>;
}

export interface MemoryConnection extends SyncTarget {
  /** What was asked of it, in order. */
  readonly calls: readonly string[];
}

/** A connection that answers from memory, and takes down what it is asked. */
export function connectMemory(name: string, ...streams: readonly MemoryStream[]): MemoryConnection {
  const calls: string[] = [];
  const find = (stream: Stream) => streams.find((one) => one.name === stream.name);
  const connection: Connection = {
    account: async () => ({ id: name, name, currency: 'EUR', timeZone: 'Europe/Madrid' }),
    async *check() {},
    streams: async () => streams.map(toStream),
    read(stream, since, options) {
      calls.push(`read ${stream.name} since ${since}${options.reconcile ? ', all ids' : ''}`);
      const own = find(stream);
      return own?.read ? own.read(since, options) : givePages(own?.pages ?? []);
    },
    count: async (stream) => {
      const own = find(stream);
      calls.push(`count ${stream.name}`);
      return own?.count ? own.count() : { rows: 0 };
    },
    [Symbol.asyncDispose]: async () => void calls.push('closed'),
  };
  return { name, connector: 'memory', calls, open: async () => connection };
}

function toStream({ read, pages, count, ...stream }: MemoryStream): Stream {
  return { table: 'account', object: null, link: null, comparable: count !== undefined, ...stream };
}

async function* givePages(pages: readonly Partial<Batch>[]): AsyncIterable<Batch> {
  for (const page of pages) yield { tables: [], deleted: [], cursor: null, ...page };
}

export const accounts = (...ids: readonly string[]): Batch['tables'] => [
  { table: 'account', rows: ids.map((id) => ({ id, name: `Account ${id}` })) },
];
