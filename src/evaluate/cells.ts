import type { Measure } from './facts.ts';
import type { GroupSums } from './group-facts.ts';
import { keyText, type SegmentKey } from './segments.ts';
import type { Spot } from './spots.ts';

/**
 * What the facts with the same segments and periods add up to. Every part can be taken off again, so that a changed
 * record moves a figure without the other records being read.
 */
export interface Cell {
  readonly spots: readonly Spot[];
  readonly segments: readonly SegmentKey[];
  /** Facts, whether they count or not. */
  seen: number;
  num: number;
  den: number;
  n: number;
  nMissing: number;
  squares: number;
  /** Facts whose den is below 0. */
  takenOff: number;
  /** How many facts carry each flag. */
  flags: ReadonlyMap<string, number>;
  samples: readonly number[];
  open: readonly number[];
  /** Of those that go on until as_of: when they started. */
  running: readonly number[];
}

/** Most cells have none: they share these. */
export const noFlags: ReadonlyMap<string, number> = new Map();
export const noTimes: readonly number[] = [];

type Place = Pick<Cell, 'spots' | 'segments'>;

export interface CellBook {
  cells(): readonly Cell[];
  at(place: Place): Cell;
  /** What each local day brought or cost, by segment. */
  readonly days: Map<string, Map<string, number>>;
  readonly costDays: Map<string, Map<string, number>>;
  /** Sums of whole numbers come out the same in any order; of others a part cannot be taken off exactly. */
  exact: boolean;
}

/** Lists of segments and of spots that are the same object are looked up without being read. */
export function createCellBook(): CellBook {
  interface Leaves {
    readonly bySpots: Map<readonly Spot[], Cell>;
    readonly byText: Map<string, Cell>;
  }
  const all: Cell[] = [];
  const byList = new Map<readonly SegmentKey[], Leaves>();
  const byText = new Map<string, Leaves>();
  const spotTexts = new Map<readonly Spot[], string>();

  function leavesOf(segments: readonly SegmentKey[]): Leaves {
    const text = segments.map(keyText).join('\u0000');
    const leaves = byText.get(text) ?? { bySpots: new Map(), byText: new Map() };
    byText.set(text, leaves);
    byList.set(segments, leaves);
    return leaves;
  }

  function textOf(spots: readonly Spot[]): string {
    let text = spotTexts.get(spots);
    if (text === undefined) {
      text = spots.map(({ grain, period }) => `${grain}.${period}`).join();
      spotTexts.set(spots, text);
    }
    return text;
  }

  function makeCell({ spots, segments }: Place, leaves: Leaves): Cell {
    const text = textOf(spots);
    let cell = leaves.byText.get(text);
    if (!cell) {
      cell = emptyCell(spots, segments);
      leaves.byText.set(text, cell);
      all.push(cell);
    }
    leaves.bySpots.set(spots, cell);
    return cell;
  }

  return {
    cells: () => all.filter(({ seen }) => seen !== 0),
    at(place) {
      const leaves = byList.get(place.segments) ?? leavesOf(place.segments);
      return leaves.bySpots.get(place.spots) ?? makeCell(place, leaves);
    },
    days: new Map(),
    costDays: new Map(),
    exact: true,
  };
}

function emptyCell(spots: readonly Spot[], segments: readonly SegmentKey[]): Cell {
  return {
    spots,
    segments,
    seen: 0,
    num: 0,
    den: 0,
    n: 0,
    nMissing: 0,
    squares: 0,
    takenOff: 0,
    flags: noFlags,
    samples: noTimes,
    open: noTimes,
    running: noTimes,
  };
}

export function addFlag(cell: Cell, flag: string, count: number): void {
  if (cell.flags === noFlags) cell.flags = new Map();
  const flags = cell.flags as Map<string, number>;
  flags.set(flag, (flags.get(flag) ?? 0) + count);
}

export interface CountRules {
  /** The spread of points is kept. */
  readonly squares: boolean;
}

/** `sign` -1 takes a fact off. Returns whether the cell can still give it back exactly. */
export function countIn(cell: Cell, measure: Measure, sign: 1 | -1, rules: CountRules): boolean {
  cell.seen += sign;
  if (measure.flag) addFlag(cell, measure.flag, sign);
  if (measure.kind === 'missing') cell.nMissing += sign;
  // What goes on, and yet is not among what goes on, could not be found again.
  if (measure.kind !== 'counts') return !measure.open;
  const { num, den, sample } = measure;
  cell.n += sign;
  cell.den += sign * (den ?? 0);
  if (den !== null && den < 0) cell.takenOff += sign;
  if (rules.squares) cell.squares += sign * num * num;
  const since = measure.since ?? null;
  const list = since !== null ? 'running' : measure.open ? 'open' : 'samples';
  if (sample !== null && !put(cell, list, { value: since ?? sample, sign })) return false;
  // It grows in a way that is not kept.
  if (measure.since === null) return false;
  // Durations are added up from their samples.
  if (sample !== null && !Number.isInteger(num)) return Number.isInteger(sample);
  cell.num += sign * num;
  return Number.isInteger(num) && Number.isInteger(den ?? 0);
}

export function countGroup(cell: Cell, { seen, n, num, den, takenOff }: GroupSums): void {
  cell.seen += seen;
  cell.n += n;
  cell.nMissing += seen - n;
  cell.num += num;
  cell.den += den;
  cell.takenOff += takenOff;
}

interface Putting {
  readonly value: number;
  readonly sign: 1 | -1;
}

/** False: what is to be taken off is not there. */
function put(cell: Cell, name: 'samples' | 'open' | 'running', { value, sign }: Putting): boolean {
  const list = ownList(cell, name);
  if (sign > 0) {
    list.push(value);
    return true;
  }
  const place = list.indexOf(value);
  const last = list.pop();
  if (place < 0 || last === undefined) return false;
  if (place < list.length) list[place] = last;
  return true;
}

/** Of this cell alone. */
export function ownList(cell: Cell, name: 'samples' | 'open' | 'running'): number[] {
  if (cell[name] === noTimes) cell[name] = [];
  return cell[name] as number[];
}
