import type { Batch, Cursor, ReadOptions } from '../../src/model/connector.ts';
import { assemble } from './assemble.ts';
import { noteNewest, readChanges } from './changes.ts';
import { formatCursor, type Place, parseCursor } from './cursor.ts';
import { readDeletions } from './deletions.ts';
import { fetchListPage, newLinkMemory, withLinks } from './fetch.ts';
import type { FirstPage } from './first-page.ts';
import { refuseRemoved } from './mapping-check.ts';
import { followPages } from './pages.ts';
import type { Pass, Watch } from './pass.ts';
import type { ReadPlan } from './plan.ts';
import { appeared, findFooting } from './property-drift.ts';
import type { Session } from './session.ts';
import type { RecordPage } from './shapes.ts';
import { sweep } from './sweep.ts';

/** The index may be an hour behind: what it says of the last hour is asked again by the next run. */
const lookBackMs = 3_600_000;
/**
 * Changed links, calculated properties and restored records touch no modification date, and purged ones leave no
 * trace: the whole list is read again once a week.
 */
const reloadAfterMs = 7 * 86_400_000;

export interface ReadWork {
  readonly since: Cursor | null;
  readonly options: ReadOptions;
  /** First page of the recycle bin, where the probe has just brought it. */
  readonly bin: FirstPage<RecordPage>;
  /** How many records live there, when the whole list has been compared. */
  readonly onSwept: (rows: number) => void;
}

/** All that changed since the cursor; with none, an old one, or one of fewer properties, everything there is. */
export async function* readObject(session: Session, whole: ReadPlan, work: ReadWork): AsyncGenerator<Batch> {
  const { options } = work;
  const place = parseCursor(`${session.name} ${whole.spec.name}`, work.since);
  const { plan, names, missing } = await findFooting(session, whole);
  const pass = await startPass(session, plan, { place, names, signal: options.signal });
  if (place?.phase !== 'changes' || isOld(pass, place)) {
    yield* readAll(pass, place, work);
  } else if (options.reconcile) {
    yield* sweepHeld(pass, work);
  } else yield* readSince(pass, place, work);
  if (missing) throw missing;
}

/** Read a week ago, or before something could be read that now can. */
function isOld({ session, plan, names }: Pass, place: Extract<Place, { phase: 'changes' }>): boolean {
  const fresh = appeared(place.names, names);
  if (fresh.length > 0) {
    const fields = { connection: session.name, object: plan.spec.name, properties: fresh };
    session.log.info(fields, 'properties.refill');
  }
  return fresh.length > 0 || session.now() - place.loadedAt >= reloadAfterMs;
}

async function startPass(
  session: Session,
  plan: ReadPlan,
  {
    place,
    names,
    signal,
  }: {
    readonly place: Place | null;
    readonly names: readonly string[] | undefined;
    readonly signal: AbortSignal;
  },
): Promise<Pass> {
  const watch: Watch =
    place?.phase === 'load' || place?.phase === 'changes'
      ? { newest: place.newest, rows: place.newestRows }
      : { newest: null, rows: 0 };
  return {
    session,
    plan,
    // A load that goes on has read its first pages with what it could read then.
    names: place?.phase === 'load' ? place.names : names,
    signal,
    watch,
    context: await session.mapContext(),
    memory: newLinkMemory(),
    checked: new Set(),
  };
}

async function* readSince(
  pass: Pass,
  place: Extract<Place, { phase: 'changes' }>,
  { bin, options }: ReadWork,
): AsyncGenerator<Batch> {
  const { session, plan, signal } = pass;
  // Where the server's records are stamped by another clock than its answers, the newest stamp is the safe start.
  const starts = [place.confirmed, place.newest, options.changedSince].filter((at) => at != null);
  const until = yield* readChanges(pass, { from: Math.min(...starts), quietFrom: place.confirmed });
  yield* readDeletions(session, plan, { first: bin.take, signal });
  yield closing(pass, {
    confirmed: Math.max(place.confirmed, until - lookBackMs),
    loadedAt: place.loadedAt,
  });
}

async function* readAll(pass: Pass, place: Place | null, work: ReadWork): AsyncGenerator<Batch> {
  const { session, plan, signal } = pass;
  work.bin.drop();
  const resumed = place?.phase === 'load' ? place : null;
  const startedAt = resumed?.startedAt ?? session.now();
  const again = resumed?.again ?? (await holdsAny(work.options));
  if (!resumed) Object.assign(pass.watch, { newest: null, rows: 0 });
  yield* readList(pass, { after: resumed?.after, startedAt, again });
  // What changed behind the list's back while it was read.
  yield* readChanges(pass, { from: startedAt, quietFrom: null });
  yield* readDeletions(session, plan, { first: work.bin.take, signal });
  if (again || work.options.reconcile) yield* sweepHeld(pass, work);
  yield closing(pass, { confirmed: startedAt - lookBackMs, loadedAt: startedAt });
}

/** False on the first load: then there is nothing that could have vanished. */
async function holdsAny({ held }: ReadOptions): Promise<boolean> {
  if (held) for await (const ids of held()) if (ids.length > 0) return true;
  return false;
}

async function* sweepHeld(pass: Pass, { options, onSwept }: ReadWork): AsyncGenerator<Batch> {
  if (options.held) onSwept(yield* sweep(pass, options.held));
}

function closing(
  { watch, names }: Pass,
  at: { readonly confirmed: number; readonly loadedAt: number },
): Batch {
  const read = names ? { names: [...names] } : {};
  const cursor = formatCursor({
    phase: 'changes',
    ...at,
    newest: watch.newest,
    newestRows: watch.rows,
    ...read,
  });
  return { tables: [], deleted: [], cursor };
}

interface ListRead {
  readonly after: string | undefined;
  readonly startedAt: number;
  readonly again: boolean;
}

/** The list ascends by id and is strongly consistent: its page token is a safe place to go on from. */
async function* readList(pass: Pass, list: ListRead): AsyncGenerator<Batch> {
  const { session, plan, context, memory, watch } = pass;
  const { startedAt, again } = list;
  const pages = followPages({
    where: `${session.name} ${plan.spec.name}`,
    first: list.after,
    signal: pass.signal,
    fetch: (after) => fetchListPage(session, plan, { after, memory }),
    ahead: true,
  });
  for await (const { results, next } of pages) {
    await refuseRemoved(pass, results);
    noteNewest(watch, results, session.zone);
    const sources = await withLinks(session, plan, { records: results, memory });
    const seen = {
      newest: watch.newest,
      newestRows: watch.rows,
      ...(pass.names ? { names: [...pass.names] } : {}),
    };
    const cursor =
      next === null ? null : formatCursor({ phase: 'load', after: next, ...seen, startedAt, again });
    yield { ...assemble(plan, sources, context), cursor };
  }
}
