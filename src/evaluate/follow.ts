import { recordGroups } from '../store/record-groups.ts';
import { createSplit, loadCauses, type Split } from './causes.ts';
import { type Cell, type CellBook, createCellBook, noTimes } from './cells.ts';
import type { ComputeInput } from './computation.ts';
import { type CountInput, countFacts } from './count-facts.ts';
import type { Desk } from './desk.ts';
import { namedObjects } from './fact-query.ts';
import { dropOpen, dropPeriods } from './forget-cells.ts';
import type { Form, PassContext } from './pass.ts';
import { type Followed, planFollowing, type Subject } from './plan-following.ts';
import type { Again } from './read-again.ts';
import { type Reads, readsOf, requestOf } from './reads.ts';
import type { SegmentKey } from './segments.ts';

/** What changed in a book since the last evaluation. */
export interface Moves {
  readonly cells: readonly Cell[];
  /** Segments of which a day changed. */
  readonly days: readonly SegmentKey[];
  /** Why; null: nothing did. */
  readonly split: Split | null;
}

const noMoves: Moves = { cells: [], days: [], split: null };

interface Kept {
  /** Unpacked when it is asked for. */
  readonly book: () => CellBook;
  readonly form: Form;
}

/**
 * Brings a book up to date by the records that changed and what time touched; null where more than those may have
 * changed it.
 */
export async function followChanges(subject: Subject, kept: Kept): Promise<Moves | null> {
  const { desk, input, nightly, from } = subject;
  const reads = await readsOf(desk.store, { ...input, asOf: desk.asOf, watched: nightly.written });
  if (reads === null || reads.tables.some((table) => !nightly.written.has(table))) return null;
  const moved = await listMoved(subject, reads);
  const own = reads.group === null ? {} : (recordGroups[reads.group] ?? {});
  const teamsWritten = moved.includes('team_member') && reads.owners !== null;
  const isFollowed = (table: string) =>
    own[table] || table === 'fx_rate' || (teamsWritten && table === 'team_member');
  if (!moved.every(isFollowed)) return null;
  if (from === desk.asOf && moved.length === 0) return noMoves;
  const plan = await planFollowing(subject, { reads, form: kept.form, teamsWritten });
  if (plan === null) return null;
  if (plan.again === null && plan.followed.length === 0) return noMoves;
  const book = kept.book();
  const watch = watchCells(book);
  if (plan.again !== null && !forget(book, plan.again, { watch, input })) return null;
  const split = await openSplit(subject);
  const shared = {
    ...input,
    indexes: input.windows.map(({ index }) => index),
    book,
    beforeCell: watch.beforeCell,
    beforeDay: watch.beforeDay,
  };
  for (const followed of plan.followed) await exchange(subject, followed, { ...shared, split });
  if (plan.again !== null) {
    const { covers, where } = plan.again;
    await countFacts(contextOf(desk), { ...shared, covers, ...(where !== null && { where }), sign: 1 });
  }
  return book.exact ? { ...watch.moves(), split } : null;
}

/** False: what is to be read again cannot be told from the rest. */
function forget(
  book: CellBook,
  { raw, covers }: Again,
  { watch, input }: { readonly watch: ReturnType<typeof watchCells>; readonly input: ComputeInput },
): boolean {
  if (raw) {
    dropOpen(book, watch.beforeCell);
    return true;
  }
  return dropPeriods(book, { ...watch, covers, indexes: input.windows.map(({ index }) => index) });
}

const contextOf = (desk: Desk) => ({ ...desk, schedules: null, pauses: null }) satisfies PassContext;

/** Takes off what the touched records were, and adds what they are. */
async function exchange(
  { desk, from }: Subject,
  { sides, scope }: Followed,
  input: Omit<CountInput, 'sign' | 'covers' | 'where'>,
): Promise<void> {
  await countFacts({ ...contextOf(desk), ...sides.before, asOf: from }, { ...input, ...scope, sign: -1 });
  await countFacts({ ...contextOf(desk), ...sides.now }, { ...input, ...scope, sign: 1 });
}

/** Why figures changed where all facts had to be read: as far as the changed records tell. */
export async function splitChanges(subject: Subject): Promise<Split | null> {
  const { desk, input, nightly, from } = subject;
  const reads = await readsOf(desk.store, { ...input, asOf: desk.asOf, watched: nightly.written });
  const request = reads && requestOf(reads, []);
  const sides = request && (await nightly.open(request));
  if (!sides) return null;
  const split = await openSplit(subject);
  const shared = {
    ...input,
    indexes: input.windows.map(({ index }) => index),
    book: createCellBook(),
    split,
  };
  await countFacts({ ...contextOf(desk), ...sides.before, asOf: from }, { ...shared, sign: -1 });
  await countFacts({ ...contextOf(desk), ...sides.now }, { ...shared, sign: 1 });
  return split;
}

/** The tables of which something changed that the facts may rest on. */
async function listMoved(
  { desk, nightly }: Subject,
  { tables, beside, words }: Reads,
): Promise<readonly string[]> {
  const moved: string[] = [];
  for (const table of tables) {
    if ((nightly.written.get(table) ?? 0) === 0) continue;
    const readsAll = beside.has(table) || words.has('*');
    // Of a team only what stands above it; its name is looked up apart.
    const isPlace = table === 'team' && beside.has(table) && !words.has('*');
    const columns = isPlace ? new Set([...words, 'parent_id']) : words;
    if ((readsAll && !isPlace) || (await desk.store.hasMoved(table, columns))) moved.push(table);
  }
  return moved;
}

/** Remembers what cells and days were before their first change, to tell those that came out otherwise. */
function watchCells(book: CellBook) {
  const cells = new Map<Cell, CellCopy>();
  const days = new Map<
    string,
    { readonly key: SegmentKey; readonly was: number; readonly now: () => number }
  >();
  return {
    beforeCell: (cell: Cell) => {
      if (!cells.has(cell)) cells.set(cell, copyCell(cell));
    },
    beforeDay: (key: SegmentKey, text: string, day: string) => {
      const place = `${text}\n${day}`;
      if (days.has(place)) return;
      const now = () => book.days.get(text)?.get(day) ?? 0;
      days.set(place, { key, was: now(), now });
    },
    moves: (): Omit<Moves, 'split'> => ({
      cells: [...cells].filter(([cell, was]) => !isAsBefore(cell, was)).map(([cell]) => cell),
      days: [...days.values()].filter(({ was, now }) => now() !== was).map(({ key }) => key),
    }),
  };
}

const sums = ['seen', 'num', 'den', 'n', 'nMissing', 'squares', 'takenOff'] as const;
const lists = ['samples', 'open', 'running'] as const;

const copyCell = (cell: Cell) => ({
  sums: sums.map((name) => cell[name]),
  flags: [...cell.flags],
  lists: lists.map((name) => copyTimes(cell[name])),
});

type CellCopy = ReturnType<typeof copyCell>;

function isAsBefore(cell: Cell, was: CellCopy): boolean {
  if (sums.some((name, place) => cell[name] !== was.sums[place])) return false;
  if (lists.some((name, place) => cell[name].length !== was.lists[place]?.length)) return false;
  const flags = new Map(was.flags);
  for (const flag of new Set([...flags.keys(), ...cell.flags.keys()]))
    if ((flags.get(flag) ?? 0) !== (cell.flags.get(flag) ?? 0)) return false;
  return lists.every((name, place) => areAlike(cell[name], was.lists[place] ?? noTimes));
}

const copyTimes = (times: readonly number[]) => (times.length === 0 ? noTimes : times.slice());

/** In whatever order. */
function areAlike(now: readonly number[], was: readonly number[]): boolean {
  const differs = (a: ArrayLike<number>, b: ArrayLike<number>) => {
    for (let at = 0; at < a.length; at++) if (a[at] !== b[at]) return true;
    return false;
  };
  if (!differs(now, was)) return true;
  return !differs(new Float64Array(now).sort(), new Float64Array(was).sort());
}

/** Where rates moved, they moved what nobody wrote; else a history did. */
async function openSplit({ desk, input, nightly }: Subject): Promise<Split> {
  const isConverted = input.kpi.money.length > 0 && nightly.ratesFrom !== null;
  const objects = namedObjects(input.kpi.sql) ?? [];
  return createSplit(await loadCauses(desk.store, objects, isConverted ? 'fx' : 'edits'));
}
