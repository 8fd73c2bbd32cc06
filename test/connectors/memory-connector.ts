import type { Batch, Connection, Cursor, Outcome, Stream } from '../../src/model/connector.ts';
import { RunError } from '../../src/model/errors.ts';
import type { ResultChange } from '../../src/model/result.ts';
import type { ConnectorHarness } from '../connector-contract.ts';

/** Ways in which a connector may be wrong; each one has to fail its case of the contract. */
export type Flaw =
  | 'resumes after the cursor'
  | 'saves the cursor too early'
  | 'drops a page that failed'
  | 'reads a page twice'
  | 'forgets deletions'
  | 'goes round with a repeated token'
  | 'loses an outcome'
  | 'inserts instead of upserting'
  | 'offers what is denied'
  | 'ignores an abort'
  | 'never has a cursor'
  | 'counts others'
  | 'gives true for 1'
  | 'opens with wrong credentials';

interface Contact {
  readonly id: string;
  readonly at: number;
}

const pageSize = 3;

/** A remote system in memory, with its faults. */
function makeRemote() {
  return {
    contacts: new Map<string, Contact>(
      Array.from({ length: 11 }, (_, index) => {
        // Two to an instant, so that some pages end between two records of the same one.
        const id = `C${index}`;
        return [id, { id, at: 1000 + Math.floor(index / 2) }];
      }),
    ),
    removed: [] as { id: string; at: number }[],
    results: [] as string[],
    now: 2000,
    failures: 0,
    repeatsToken: false,
    denied: false,
  };
}
type Remote = ReturnType<typeof makeRemote>;

/** The harness of a small connector, right but for the flaw. */
export function memoryHarness(flaw: Flaw | null): ConnectorHarness {
  const remote = makeRemote();
  let touched = '';
  const touch = (id: string) => {
    touched = id;
    remote.contacts.set(id, { id, at: remote.now });
    return id;
  };
  return {
    open: async () => connect(remote, flaw),
    change: async () => {
      remote.now += 1;
      return touch('C1');
    },
    changeAtSameInstant: async () => touch(touched === 'C1' ? 'C0' : 'C1'),
    remove: async () => {
      remote.now += 1;
      const id = [...remote.contacts.keys()].at(-1) ?? '';
      remote.contacts.delete(id);
      remote.removed.push({ id, at: remote.now });
      return id;
    },
    failNextPage: () => {
      remote.failures = 2;
    },
    repeatPageToken: () => {
      remote.repeatsToken = true;
      return () => {
        remote.repeatsToken = false;
      };
    },
    denyPermission: async (name) => {
      if (name !== 'contacts') return null;
      remote.denied = true;
      return async () => {
        remote.denied = false;
      };
    },
    openRefused: async () => {
      if (flaw !== 'opens with wrong credentials') throw refusedError();
      return connect(remote, flaw);
    },
    publishing: {
      target: { language: 'en', fields: [] },
      changes: () =>
        ['a', 'b', 'c'].map((key): ResultChange => ({ key, change: 'create', fields: {}, remoteId: null })),
      remoteKeys: async () => remote.results,
    },
  };
}

function refusedError(): RunError {
  return new RunError('auth', {
    where: 'memory',
    message: 'The token was refused.',
    fix: 'Make a new token.',
  });
}

function connect(remote: Remote, flaw: Flaw | null): Connection {
  const isDenied = () => remote.denied && flaw !== 'offers what is denied';
  const contacts = {
    name: 'contacts',
    table: 'lead',
    object: 'leads',
    link: null,
    comparable: true,
  } as const;
  return {
    account: async () => ({ id: 'memory', name: 'Memory', currency: null, timeZone: null }),
    async *check() {
      yield { check: 'account', ok: true, severity: 'info', message: 'Signed in.', fix: null };
    },
    async streams() {
      const unavailable = { problem: 'No permission to read contacts.', fix: 'Give it.' };
      const users: Stream = { ...contacts, name: 'users', table: 'actor', object: null };
      return [users, isDenied() ? { ...contacts, unavailable } : contacts];
    },
    read: (stream, since, { signal }) => readContacts({ remote, flaw, stream, signal }, since),
    count: async () => ({ rows: remote.contacts.size + (flaw === 'counts others' ? 1 : 0) }),
    publish: (changes) => publish(remote, flaw, changes),
    [Symbol.asyncDispose]: async () => {},
  };
}

interface Reading {
  readonly remote: Remote;
  readonly flaw: Flaw | null;
  readonly stream: Stream;
  readonly signal: AbortSignal;
}

async function* readContacts(reading: Reading, since: Cursor | null): AsyncGenerator<Batch, void> {
  const { remote, flaw } = reading;
  let token: number | null = 0;
  let cursor = since;
  while (token !== null) {
    if (flaw !== 'ignores an abort') reading.signal.throwIfAborted();
    const page = takePage(reading, since, token);
    const ahead = Math.min(
      ...remoteAfter(reading, since, (page.next ?? 0) + pageSize - 1).map(({ at }) => at),
    );
    const last = page.contacts.at(-1)?.at;
    if (last !== undefined) cursor = String(last);
    if (flaw === 'saves the cursor too early' && Number.isFinite(ahead)) cursor = String(ahead);
    const batch = makeBatch(reading, page.contacts, flaw === 'never has a cursor' ? null : cursor);
    if (page.next !== null) yield batch;
    if (page.next !== null && flaw === 'reads a page twice') yield batch;
    if (page.next === null)
      yield { ...batch, deleted: flaw === 'forgets deletions' ? [] : [...remote.removed] };
    if (page.next === token && flaw !== 'goes round with a repeated token')
      throw repeatedError(reading.stream);
    token = page.next;
  }
}

function repeatedError({ name }: Stream): RunError {
  const message = 'A page names itself as the next one.';
  return new RunError('remote', { where: `memory ${name}`, message, fix: 'Run again.' });
}

function remoteAfter({ remote, flaw }: Reading, since: Cursor | null, from: number): readonly Contact[] {
  const least = since === null ? 0 : Number(since) + (flaw === 'resumes after the cursor' ? 1 : 0);
  const contacts = [...remote.contacts.values()].filter(({ at }) => at >= least);
  return contacts.sort((a, b) => a.at - b.at || a.id.localeCompare(b.id)).slice(from);
}

function takePage(reading: Reading, since: Cursor | null, token: number) {
  const { remote, flaw } = reading;
  const failed = remote.failures > 0;
  // Trying again is all that a passing fault needs.
  remote.failures = 0;
  const rest = remoteAfter(reading, since, token);
  const next = rest.length > pageSize ? token + pageSize : null;
  const contacts = failed && flaw === 'drops a page that failed' ? [] : rest.slice(0, pageSize);
  return { contacts, next: remote.repeatsToken && next !== null ? token : next };
}

function makeBatch({ stream, flaw }: Reading, contacts: readonly Contact[], cursor: Cursor | null): Batch {
  const is_test = (flaw === 'gives true for 1' ? true : 1) as number;
  const rows = contacts.map(({ id, at }) => ({ id, updated_at: at, is_test }));
  const table = stream.table === 'actor' ? 'actor' : 'lead';
  return { tables: [{ table, rows }], deleted: [], cursor };
}

async function* publish(
  remote: Remote,
  flaw: Flaw | null,
  changes: readonly ResultChange[],
): AsyncGenerator<Outcome, void> {
  for (const { key, change } of changes) {
    const stands = remote.results.includes(key) && flaw !== 'inserts instead of upserting';
    if (change === 'delete') remote.results = remote.results.filter((other) => other !== key);
    else if (!stands) remote.results.push(key);
    if (key !== 'b' || flaw !== 'loses an outcome') yield { key, ok: true, remoteId: key };
  }
}
