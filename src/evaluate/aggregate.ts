import type { Cell, CellBook } from './cells.ts';
import type { Measure } from './facts.ts';
import type { PeriodIndex } from './period-index.ts';
import { keyText, type SegmentKey } from './segments.ts';

/** The facts of one period and segment, added up. */
export interface Bucket {
  num: number;
  den: number;
  n: number;
  nMissing: number;
  /**
   * Of durations each one in ms, of means of money each amount: quantiles cannot be added up. In parts, as the cells
   * have them: a copy for each segment and grain would take several times the memory.
   */
  readonly samples: (readonly number[])[];
  /** Durations that go on, by as_of. */
  readonly open: (readonly number[])[];
  /** Sum of the squares of num, for the spread of points. */
  squares: number;
  /** den is what remains of a target: something was taken off it. */
  remaining: boolean;
  /** Local days that have a cost, where a value needs them all. */
  costDays: ReadonlySet<string>;
  /** Of running sums what each local day brought, for pace and forecast. */
  byDay: ReadonlyMap<string, number>;
  flags: ReadonlySet<string>;
}

export interface Aggregate {
  readonly segments: ReadonlyMap<string, SegmentKey>;
  /** A segment's buckets, by place of the period. */
  bucketsAt(key: SegmentKey, grain: number): readonly (Bucket | undefined)[];
}

/** Cells as the figures of segments; added up when a segment is asked for. */
export function aggregateCells(book: CellBook, indexes: readonly PeriodIndex[], asOf: number): Aggregate {
  const segments = new Map<string, SegmentKey>();
  const cellsOf = new Map<string, Cell[]>();
  const texts = new Map<SegmentKey, string>();
  for (const cell of book.cells()) {
    for (const key of cell.segments) {
      const text = texts.get(key) ?? keyText(key);
      texts.set(key, text);
      const cells = cellsOf.get(text);
      if (cells) cells.push(cell);
      else {
        cellsOf.set(text, [cell]);
        segments.set(text, key);
      }
    }
  }
  const made = new Map<string, (Bucket | undefined)[][]>();
  const openOf = createOpenings(asOf);

  return {
    segments,
    bucketsAt(key, grain) {
      const text = keyText(key);
      let grains = made.get(text);
      if (!grains) {
        grains = addUp(cellsOf.get(text) ?? [], indexes.length, openOf);
        for (const [place, index] of indexes.entries()) {
          const days = book.days.get(text) ?? book.days.get(`${text}\n${place}`);
          addDays(grains[place] ?? [], index, { days, costs: book.costDays.get(text) });
        }
        made.set(text, grains);
      }
      return grains[grain] ?? [];
    },
  };
}

type OpenOf = (cell: Cell) => readonly (readonly number[])[];

/** What goes on in a cell, by as_of; worked out once for all segments that it belongs to. */
function createOpenings(asOf: number): OpenOf {
  const known = new Map<Cell, readonly (readonly number[])[]>();
  return (cell) => {
    if (cell.running.length === 0) return cell.open.length > 0 ? [cell.open] : [];
    const parts = known.get(cell) ?? [cell.open, cell.running.map((since) => asOf - since)];
    known.set(cell, parts);
    return parts;
  };
}

function addUp(cells: readonly Cell[], count: number, openOf: OpenOf): (Bucket | undefined)[][] {
  const grains = Array.from({ length: count }, (): (Bucket | undefined)[] => []);
  for (const cell of cells) {
    for (const { grain, period } of cell.spots) {
      const periods = grains[grain] ?? [];
      const bucket = periods[period] ?? emptyBucket();
      periods[period] = bucket;
      addCell(bucket, cell, openOf);
    }
  }
  return grains;
}

function addCell(bucket: Bucket, cell: Cell, openOf: OpenOf): void {
  bucket.num += cell.num;
  bucket.den += cell.den;
  bucket.n += cell.n;
  bucket.nMissing += cell.nMissing;
  bucket.squares += cell.squares;
  bucket.remaining ||= cell.takenOff > 0;
  if (cell.samples.length > 0) bucket.samples.push(cell.samples);
  for (const part of openOf(cell)) bucket.open.push(part);
  for (const [flag, count] of cell.flags) if (count > 0) addFlag(bucket, flag);
}

interface Days {
  readonly days: ReadonlyMap<string, number> | undefined;
  readonly costs: ReadonlyMap<string, number> | undefined;
}

function addDays(buckets: (Bucket | undefined)[], index: PeriodIndex, { days, costs }: Days): void {
  for (const [day, amount] of days ?? []) {
    const bucket = buckets[index.indexOfDate(day)];
    if (!bucket) continue;
    if (bucket.byDay === noDays) bucket.byDay = new Map();
    (bucket.byDay as Map<string, number>).set(day, amount);
  }
  for (const [day, count] of costs ?? []) {
    const bucket = buckets[index.indexOfDate(day)];
    if (bucket && count > 0) addCostDay(bucket, day);
  }
}

function addCostDay(bucket: Bucket, day: string): void {
  if (bucket.costDays === nothing) bucket.costDays = new Set();
  (bucket.costDays as Set<string>).add(day);
}

function addFlag(bucket: Bucket, flag: string): void {
  if (!bucket.flags.has(flag)) bucket.flags = new Set([...bucket.flags, flag]);
}

/** Most buckets have none: they share these. */
const nothing: ReadonlySet<string> = new Set();
const noDays: ReadonlyMap<string, number> = new Map();

export function emptyBucket(): Bucket {
  return {
    num: 0,
    den: 0,
    n: 0,
    nMissing: 0,
    samples: [],
    open: [],
    squares: 0,
    remaining: false,
    costDays: nothing,
    byDay: noDays,
    flags: nothing,
  };
}

export function addMeasure(bucket: Bucket, measure: Measure): void {
  if (measure.kind !== 'counts') {
    if (measure.flag) addFlag(bucket, measure.flag);
    if (measure.kind === 'missing') bucket.nMissing++;
    return;
  }
  bucket.n++;
  bucket.num += measure.num;
  bucket.den += measure.den ?? 0;
  bucket.squares += measure.num * measure.num;
  if (measure.flag) addFlag(bucket, measure.flag);
  if (measure.den !== null && measure.den < 0) bucket.remaining = true;
  if (measure.sample !== null) (measure.open ? bucket.open : bucket.samples).push([measure.sample]);
}

/** All of it one after another, in order of size. */
export function sortSamples(parts: readonly (readonly number[])[], unit = 1): Float64Array {
  const all = new Float64Array(countSamples(parts));
  let place = 0;
  for (const part of parts) for (let at = 0; at < part.length; at++) all[place++] = (part[at] ?? 0) / unit;
  return all.sort();
}

export function countSamples(parts: readonly (readonly number[])[]): number {
  let count = 0;
  for (const part of parts) count += part.length;
  return count;
}

/** Several periods' facts as one. */
export function poolBuckets(buckets: readonly Bucket[]): Bucket {
  const pool = emptyBucket();
  for (const bucket of buckets) {
    pool.num += bucket.num;
    pool.den += bucket.den;
    pool.n += bucket.n;
    pool.nMissing += bucket.nMissing;
    pool.squares += bucket.squares;
    pool.remaining ||= bucket.remaining;
    for (const part of bucket.samples) pool.samples.push(part);
    for (const part of bucket.open) pool.open.push(part);
    for (const day of bucket.costDays) addCostDay(pool, day);
    for (const flag of bucket.flags) addFlag(pool, flag);
  }
  return pool;
}
