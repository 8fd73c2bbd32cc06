import type { Batch, Cursor } from '../../src/model/connector.ts';
import { assemble } from './assemble.ts';
import { readChanges } from './changes.ts';
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
  const where = `${session.name} ${plan.spec.name}`;
  const place = parseCursor(where, options.since);
  const startedAt = session.now();
  const { signal } = options;
  if (place?.phase === 'changes' && startedAt - place.loadedAt < reloadAfterMs) {
    yield* readChanges(session, plan, { from: place.confirmed, to: startedAt, signal });
    yield* readDeletions(session, plan, signal);
    const confirmed = Math.max(place.confirmed, startedAt - lookBackMs);
    yield closing(confirmed, place.loadedAt);
    return;
  }
  const resumed = place?.phase === 'load' ? place : null;
  const loadedAt = resumed?.startedAt ?? startedAt;
  yield* readList(session, plan, { after: resumed?.after, startedAt: loadedAt, signal });
  // What changed behind the list's back while it was read.
  yield* readChanges(session, plan, { from: loadedAt, to: session.now(), signal });
  yield* readDeletions(session, plan, signal);
  yield closing(loadedAt - lookBackMs, loadedAt);
}

function closing(confirmed: number, loadedAt: number): Batch {
  return { tables: [], deleted: [], cursor: formatCursor({ phase: 'changes', confirmed, loadedAt }) };
}

interface ListRead {
  readonly after: string | undefined;
  readonly startedAt: number;
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
    const sources = await withLinks(session, plan, { records: results, memory });
    const cursor =
      next === null ? null : formatCursor({ phase: 'load', after: next, startedAt: list.startedAt });
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
