import { deserialize, serialize } from 'node:v8';
import { addFlag, type Cell, type CellBook, createCellBook, noTimes, ownList } from './cells.ts';
import type { Form } from './pass.ts';
import type { SegmentKey } from './segments.ts';
import type { Spot } from './spots.ts';
import type { Window } from './windows.ts';

/** What is kept of a KPI's facts from one evaluation to the next. */
export interface KeptBook {
  readonly form: Form;
  readonly book: CellBook;
  /** Of everything else that its results rest on. */
  readonly judgedBy: string;
  /** Periods, by source, of which something was not read yet: `month 2026-01-01 crm`. */
  readonly unsynced: readonly string[];
}

interface Head extends Omit<KeptBook, 'book'> {
  /** The first period of each grain. */
  readonly oldest: readonly string[];
}

/** As read back: its cells are unpacked when somebody asks for them. */
export interface FoundBook extends Head {
  book(): CellBook;
}

interface Packed {
  readonly segments: readonly SegmentKey[];
  /** Lists of places in `segments`, and of periods as `month 2026-01-01`. */
  readonly groups: readonly (readonly number[])[];
  readonly spots: readonly (readonly string[])[];
  /** For each cell its group and its spots; then its sums. */
  readonly places: Int32Array;
  readonly sums: Float64Array;
  readonly samples: readonly Float64Array[];
  readonly flags: readonly (readonly [cell: number, flag: string, count: number])[];
  readonly days: CellBook['days'];
  readonly costDays: CellBook['costDays'];
}

const sumNames = ['seen', 'num', 'den', 'n', 'nMissing', 'squares', 'takenOff'] as const;
const listNames = ['samples', 'open', 'running'] as const;

export function packBook({ book, ...rest }: KeptBook, windows: readonly Window[]): Uint8Array {
  const cells = [...book.cells()];
  const segments = createNumbering<SegmentKey>();
  const groups = createNumbering<readonly SegmentKey[]>();
  const spots = createNumbering<readonly Spot[]>();
  const places = new Int32Array(cells.length * 2);
  const sums = new Float64Array(cells.length * sumNames.length);
  for (const [at, cell] of cells.entries()) {
    places.set([groups.numberOf(cell.segments), spots.numberOf(cell.spots)], at * 2);
    sums.set(
      sumNames.map((name) => cell[name]),
      at * sumNames.length,
    );
  }
  const labels = windows.map(({ grain, index }) => index.periods.map(({ startOn }) => `${grain} ${startOn}`));
  const head: Head = { ...rest, oldest: windows.map(({ index }) => index.periods[0]?.startOn ?? '') };
  const packed: Packed = {
    groups: groups.all().map((group) => group.map(segments.numberOf)),
    segments: segments.all(),
    spots: spots.all().map((list) => list.map(({ grain, period }) => labels[grain]?.[period] ?? '')),
    places,
    sums,
    samples: listNames.flatMap((name) => packLists(cells.map((cell) => cell[name]))),
    flags: cells.flatMap(({ flags }, at) => [...flags].map(([flag, count]) => [at, flag, count] as const)),
    days: book.days,
    costDays: book.costDays,
  };
  return join(serialize(head), serialize(packed));
}

/** How long the first part is, then both. */
function join(head: Uint8Array, rest: Uint8Array): Uint8Array {
  const length = Buffer.alloc(4);
  length.writeUInt32LE(head.length);
  return Buffer.concat([length, head, rest]);
}

export function openBook(body: Uint8Array, windows: readonly Window[]): FoundBook {
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  const end = 4 + bytes.readUInt32LE(0);
  const head = deserialize(bytes.subarray(4, end)) as Head;
  let book: CellBook | null = null;
  return {
    ...head,
    book() {
      book ??= unpackBook(deserialize(bytes.subarray(end)) as Packed, windows);
      return book;
    },
  };
}

function createNumbering<T>() {
  const numbers = new Map<T, number>();
  return {
    all: () => [...numbers.keys()],
    numberOf(value: T): number {
      const number = numbers.get(value) ?? numbers.size;
      numbers.set(value, number);
      return number;
    },
  };
}

/** All lists one after another, and where each ends. */
function packLists(lists: readonly (readonly number[])[]): readonly [Float64Array, Float64Array] {
  const ends = new Float64Array(lists.length);
  let total = 0;
  for (const [at, list] of lists.entries()) {
    total += list.length;
    ends[at] = total;
  }
  const values = new Float64Array(total);
  for (const [at, list] of lists.entries()) values.set(list, (ends[at] ?? 0) - list.length);
  return [values, ends];
}

/** Periods that have left the windows are dropped. */
function unpackBook(packed: Packed, windows: readonly Window[]): CellBook {
  const book = createCellBook();
  const spotOf = new Map<string, Spot>(
    windows.flatMap(({ grain, index }, place) =>
      index.periods.map(({ startOn }, period) => [`${grain} ${startOn}`, { grain: place, period }] as const),
    ),
  );
  const spots = packed.spots.map((list) => list.flatMap((label) => spotOf.get(label) ?? []));
  const groups = packed.groups.map((group) => group.flatMap((at) => packed.segments[at] ?? []));
  const made: (Cell | null)[] = [];
  for (let at = 0; at * 2 < packed.places.length; at++) {
    const where = {
      segments: groups[packed.places[at * 2] ?? 0] ?? [],
      spots: spots[packed.places[at * 2 + 1] ?? 0] ?? [],
    };
    made.push(where.spots.length === 0 ? null : addSums(book.at(where), packed.sums, at));
  }
  for (const [place, name] of listNames.entries()) {
    const [values, ends] = [packed.samples[place * 2], packed.samples[place * 2 + 1]];
    if (!values?.length || !ends) continue;
    for (let at = 0, from = 0; at < made.length; at++) {
      const to = ends[at] ?? from;
      const cell = made[at];
      if (cell && to > from) addTimes(cell, name, values.subarray(from, to));
      from = to;
    }
  }
  for (const [at, flag, count] of packed.flags) {
    const cell = made[at];
    if (cell) addFlag(cell, flag, count);
  }
  for (const [text, days] of packed.days) book.days.set(text, days);
  for (const [text, days] of packed.costDays) book.costDays.set(text, days);
  return book;
}

function addTimes(cell: Cell, name: (typeof listNames)[number], values: Float64Array): void {
  if (cell[name] === noTimes) cell[name] = Array.from(values);
  else for (const value of values) ownList(cell, name).push(value);
}

/** Lists that differed in dropped periods alone meet in one cell. */
function addSums(cell: Cell, sums: Float64Array, at: number): Cell {
  for (const [place, name] of sumNames.entries()) cell[name] += sums[at * sumNames.length + place] ?? 0;
  return cell;
}
