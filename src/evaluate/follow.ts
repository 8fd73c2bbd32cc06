import { recordGroups } from '../store/record-groups.ts';
import { countsClosings } from './backdated.ts';
import { createSplit, loadCauses, type Split } from './causes.ts';
import { type Cell, type CellBook, createCellBook } from './cells.ts';
import type { ComputeInput } from './computation.ts';
import { countFacts } from './count-facts.ts';
import type { Desk } from './desk.ts';
import { namedObjects, planQuery } from './fact-query.ts';
import { spansBetween } from './lags.ts';
import type { Nightly } from './nightly.ts';
import type { Form, PassContext } from './pass.ts';
import { checkableQuery } from './period-table.ts';
import { listTables } from './query-tables.ts';
import { recordOf } from './record-of.ts';
import type { SegmentKey } from './segments.ts';
import { tokenize } from './tokens.ts';

/** What changed in a book since the last evaluation. */
export interface Moves {
  readonly cells: readonly Cell[];
  /** Segments of which a day changed. */
  readonly days: readonly SegmentKey[];
  /** Why; null: nothing did. */
  readonly split: Split | null;
}

const noMoves: Moves = { cells: [], days: [], split: null };

interface Subject {
  readonly desk: Desk;
  readonly input: ComputeInput;
  readonly nightly: Nightly;
  readonly from: number;
}

/** Brings a book up to date by the changed records alone; null where more than those may have changed it. */
export async function followChanges(
  subject: Subject,
  { book, form }: { readonly book: CellBook; readonly form: Form },
): Promise<Moves | null> {
  const { desk, input, nightly, from } = subject;
  const reads = await readsOf(subject);
  if (reads === null) return null;
  const { group, tables } = reads;
  const own = group ? (recordGroups[group] ?? {}) : {};
  if (tables.some((table) => !nightly.written.has(table))) return null;
  const moved = await listMoved(subject, reads);
  if (moved.some((table) => !own[table])) return null;
  const still = from === desk.asOf;
  if (still && moved.length === 0) return noMoves;
  if (!still && !(await standsWithTime(subject, { ...reads, own, form }))) return null;
  const sides = group && (await nightly.open(group));
  if (!sides) return null;
  const context = { ...desk, schedules: null, pauses: null } satisfies PassContext;
  const watch = watchCells(book);
  const split = createSplit(await loadCauses(desk.store, namedObjects(input.kpi.sql) ?? []));
  const shared = {
    ...input,
    split,
    indexes: input.windows.map(({ index }) => index),
    book,
    beforeCell: watch.beforeCell,
    beforeDay: watch.beforeDay,
  };
  await countFacts({ ...context, ...sides.before, asOf: from }, { ...shared, sign: -1 });
  await countFacts({ ...context, ...sides.now }, { ...shared, sign: 1 });
  return { ...watch.moves(), split };
}

/** Why figures changed where all facts had to be read: as far as the changed records tell. */
export async function splitChanges(subject: Subject): Promise<Split | null> {
  const { desk, input, nightly, from } = subject;
  const group = recordOf(input.kpi);
  const sides = group && (await nightly.open(group));
  if (!sides) return null;
  const split = createSplit(await loadCauses(desk.store, namedObjects(input.kpi.sql) ?? []));
  const indexes = input.windows.map(({ index }) => index);
  const context = { ...desk, schedules: null, pauses: null } satisfies PassContext;
  for (const [side, asOf, sign] of [
    [sides.before, from, -1],
    [sides.now, desk.asOf, 1],
  ] as const)
    await countFacts(
      { ...context, ...side, asOf },
      { ...input, indexes, book: createCellBook(), split, sign },
    );
  return split;
}

interface Reads {
  readonly group: string | null;
  /** Every table on which the facts and their segments rest. */
  readonly tables: readonly string[];
  /** Those that the engine reads itself, in whole. */
  readonly beside: ReadonlySet<string>;
  readonly shape: 'event' | 'state' | 'period';
  /** Durations that the file works out itself. */
  readonly raw: boolean;
  /** Words of the query, names of the columns that it reads among them. */
  readonly words: ReadonlySet<string>;
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
    if (readsAll || (await desk.store.hasMoved(table, words))) moved.push(table);
  }
  return moved;
}

async function readsOf({ desk, input, nightly }: Subject): Promise<Reads | null> {
  const { kpi, kinds } = input;
  const objects = namedObjects(kpi.sql);
  const checked = await desk.store.checkQuery(checkableQuery(kpi.sql));
  if (objects === null || 'problem' in checked) return null;
  const { query, layout } = planQuery({ kpi, columns: checked.columns, objects, kinds, asOf: desk.asOf });
  const tables = new Set(namesOf(kpi.sql));
  // The query's own names stand in the completed one, too.
  for (const name of namesOf(query.sql)) if (nightly.written.has(name)) tables.add(name);
  tables.delete('period');
  const group = recordOf(kpi);
  const byOwner = kinds.includes('owner') || kinds.includes('team');
  // The history of owners is followed for records of the group's own kind.
  const followsOwners = byOwner && !layout.ownOwner;
  if (followsOwners && group !== null && objects.some((object) => object !== group)) return null;
  const beside = new Set(besideOf(input, followsOwners));
  const shape = layout.has('period') ? 'period' : layout.has('since') ? 'state' : 'event';
  const words = new Set(tokenize(query.sql).map(({ text }) => text.replaceAll('"', '').toLowerCase()));
  return { group, tables: [...tables, ...beside], beside, shape, raw: layout.has('value'), words };
}

/** What the engine reads itself. */
function* besideOf({ kpi, kinds }: ComputeInput, followsOwners: boolean): Generator<string> {
  if (countsClosings(kpi)) yield 'backdated_deal';
  if (followsOwners) yield 'change';
  if (kinds.includes('team')) yield* ['team', 'team_member'];
  if (kpi.money.length > 0) yield 'fx_rate';
}

function namesOf(sql: string): readonly string[] {
  return listTables(tokenize(sql)).map(({ name }) => name);
}

interface Standing extends Reads {
  readonly own: Readonly<Record<string, unknown>>;
  readonly form: Form;
}

/** Whether between the two evaluations time changed nothing but what the dates of changed records tell. */
async function standsWithTime(
  { desk, input, from }: Subject,
  { group, tables, shape, raw, own, form }: Standing,
): Promise<boolean> {
  const { kpi, windows } = input;
  const until = desk.asOf;
  if (group === null || until < from || kpi.windowDays || raw) return false;
  if (shape !== 'event') {
    const turns = windows.some(({ index }) =>
      index.periods.some(({ startAt, endAt }) => crosses(startAt) || crosses(endAt)),
    );
    // States are converted at the day on which they are looked at.
    if (turns || (form === 'survival' && shape === 'period') || desk.rates.hasRates(kpi)) return false;
  }
  const spans = spansBetween([kpi], { from, until, zone: desk.zone });
  for (const table of tables) {
    if (own[table] || table === 'fx_rate') continue;
    if (await desk.store.hasCrossed(table, spans)) return false;
  }
  return true;

  function crosses(instant: number): boolean {
    return instant >= from && instant <= until;
  }
}

/** Remembers what cells and days were before their first change, to tell those that came out otherwise. */
function watchCells(book: CellBook) {
  const cells = new Map<Cell, string>();
  const days = new Map<
    string,
    { readonly key: SegmentKey; readonly was: number; readonly now: () => number }
  >();
  return {
    beforeCell: (cell: Cell) => {
      if (!cells.has(cell)) cells.set(cell, printCell(cell));
    },
    beforeDay: (key: SegmentKey, text: string, day: string) => {
      const place = `${text}\n${day}`;
      if (days.has(place)) return;
      const now = () => book.days.get(text)?.get(day) ?? 0;
      days.set(place, { key, was: now(), now });
    },
    moves: (): Omit<Moves, 'split'> => ({
      cells: [...cells].filter(([cell, was]) => printCell(cell) !== was).map(([cell]) => cell),
      days: [...days.values()].filter(({ was, now }) => now() !== was).map(({ key }) => key),
    }),
  };
}

function printCell({ seen, num, den, n, nMissing, squares, takenOff, flags, ...lists }: Cell): string {
  const sorted = [lists.samples, lists.open, lists.running].map((list) =>
    Float64Array.from(list).sort().join(),
  );
  const counted = [...flags].filter(([, count]) => count !== 0).sort();
  return JSON.stringify([seen, num, den, n, nMissing, squares, takenOff, counted, sorted]);
}
