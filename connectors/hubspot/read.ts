import type { Batch, Cursor } from '../../src/model/connector.ts';
import { assemble } from './assemble.ts';
import { noteNewest, readChanges, type Watch } from './changes.ts';
import { formatCursor, parseCursor } from './cursor.ts';
import { readDeletions } from './deletions.ts';
import { HubspotError } from './explain.ts';
import { fetchList, type LinkMemory, newLinkMemory, withLinks } from './fetch.ts';
import { followPages } from './pages.ts';
import type { ReadPlan } from './plan.ts';
import type { Session } from './session.ts';

/** The index may be an hour behind: what it says of the last hour is asked again by the next run. */
const lookBackMs = 3_600_000;
/**
 * Changed links, calculated properties and restored records touch no modification date: the whole list is read again
 * once a week.
 */
const reloadAfterMs = 7 * 86_400_000;

/** All that changed since the cursor; with none, or an old one, everything there is. */
export async function* readObject(
  session: Session,
  plan: ReadPlan,
  options: { readonly since: Cursor | null; readonly signal: AbortSignal },
): AsyncGenerator<Batch> {
  const { signal } = options;
  const place = parseCursor(`${session.name} ${plan.spec.name}`, options.since);
  const startedAt = session.now();
  const watch: Watch = { newest: place?.phase === 'whole' ? null : (place?.newest ?? null) };
  if (place?.phase === 'changes' && startedAt - place.loadedAt < reloadAfterMs) {
    // Where the server's records are stamped by another clock than its answers, the newest stamp is the safe start.
    const from = Math.min(place.confirmed, place.newest ?? place.confirmed);
    const until = yield* readChanges(session, plan, { from, quiet: true, watch, signal });
    yield* readDeletions(session, plan, signal);
    yield closing(Math.max(place.confirmed, until - lookBackMs), { watch, loadedAt: place.loadedAt });
    return;
  }
  const resumed = place?.phase === 'load' ? place : null;
  const loadedAt = resumed?.startedAt ?? startedAt;
  yield* readList(session, plan, { after: resumed?.after, startedAt: loadedAt, watch, signal });
  // What changed behind the list's back while it was read.
  yield* readChanges(session, plan, { from: loadedAt, quiet: false, watch, signal });
  yield* readDeletions(session, plan, signal);
  yield closing(loadedAt - lookBackMs, { watch, loadedAt });
}

function closing(confirmed: number, seen: { readonly watch: Watch; readonly loadedAt: number }): Batch {
  const { watch, loadedAt } = seen;
  const cursor = formatCursor({ phase: 'changes', confirmed, newest: watch.newest, loadedAt });
  return { tables: [], deleted: [], cursor };
}

interface ListRead {
  readonly after: string | undefined;
  readonly startedAt: number;
  readonly watch: Watch;
  readonly signal: AbortSignal;
}

/** The list ascends by id and is strongly consistent: its page token is a safe place to go on from. */
async function* readList(session: Session, plan: ReadPlan, list: ListRead): AsyncGenerator<Batch> {
  const context = await session.mapContext();
  const memory = newLinkMemory();
  const pages = followPages({
    where: `${session.name} ${plan.spec.name}`,
    first: list.after,
    signal: list.signal,
    fetch: async (after) => (await fetchPage(session, plan, { after, memory })).value,
  });
  for await (const { results, next } of pages) {
    noteNewest(list.watch, results, session.zone);
    const sources = await withLinks(session, plan, { records: results, memory });
    const { newest } = list.watch;
    const cursor =
      next === null ? null : formatCursor({ phase: 'load', after: next, newest, startedAt: list.startedAt });
    yield { ...assemble(plan, sources, context), cursor };
  }
}

/** A list that refuses the associations parameter (no scope for the other side, no such link) is read without. */
async function fetchPage(
  session: Session,
  plan: ReadPlan,
  { after, memory }: { readonly after: string | undefined; readonly memory: LinkMemory },
) {
  try {
    return await fetchList(session, plan, { after, links: memory.askLists });
  } catch (error) {
    const maybeLinks = error instanceof HubspotError && (error.status === 400 || error.status === 403);
    if (!maybeLinks || !memory.askLists || plan.spec.links.length === 0) throw error;
    memory.askLists = false;
    return fetchList(session, plan, { after, links: false });
  }
}
