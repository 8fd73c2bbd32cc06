/** Repeatable randomness: the same seed gives the same draws in the same order. */
export interface Random {
  /** [0, 1) */
  next(): number;
  /** Whole number, both ends included. */
  int(low: number, high: number): number;
  /** [low, high) */
  between(low: number, high: number): number;
  chance(probability: number): boolean;
  pick<T>(items: readonly T[]): T;
  /** Weights need not add up to 1. */
  pickWeighted<T>(items: readonly T[], weightOf: (item: T) => number): T;
  /** A shuffled copy. */
  shuffle<T>(items: readonly T[]): T[];
  normal(mean: number, deviation: number): number;
  /** Log-normal by its median and the deviation of its logarithm. */
  logNormal(median: number, spread: number): number;
  /** An independent generator, whose draws do not move this one's. */
  fork(label: string): Random;
}

export function createRandom(seed: number): Random {
  const next = mulberry32(seed);
  const int = (low: number, high: number) => low + Math.floor(next() * (high - low + 1));
  const normal = (mean: number, deviation: number) => {
    const radius = Math.sqrt(-2 * Math.log(1 - next()));
    return mean + deviation * radius * Math.cos(2 * Math.PI * next());
  };
  return {
    next,
    int,
    between: (low, high) => low + next() * (high - low),
    chance: (probability) => next() < probability,
    pick: (items) => itemAt(items, int(0, items.length - 1)),
    pickWeighted: (items, weightOf) => pickWeighted(next(), items, weightOf),
    shuffle: (items) => shuffle(items, int),
    normal,
    logNormal: (median, spread) => median * Math.exp(normal(0, spread)),
    fork: (label) => createRandom(hash(label, seed)),
  };
}

/** Tommy Ettinger's public-domain 32-bit generator. */
function mulberry32(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** FNV-1a over the label, started from the seed. */
function hash(label: string, seed: number): number {
  let value = (0x811c9dc5 ^ seed) | 0;
  for (const char of label) value = Math.imul(value ^ (char.codePointAt(0) ?? 0), 0x01000193);
  return value ^ (value >>> 13);
}

function itemAt<T>(items: readonly T[], index: number): T {
  const item = items[index];
  if (item === undefined) throw new RangeError('cannot pick from an empty list');
  return item;
}

function pickWeighted<T>(draw: number, items: readonly T[], weightOf: (item: T) => number): T {
  let total = 0;
  for (const item of items) total += weightOf(item);
  let left = draw * total;
  for (const item of items) {
    left -= weightOf(item);
    if (left < 0) return item;
  }
  return itemAt(items, items.length - 1);
}

function shuffle<T>(items: readonly T[], int: (low: number, high: number) => number): T[] {
  const result = [...items];
  for (let index = result.length - 1; index > 0; index--) {
    const other = int(0, index);
    [result[index], result[other]] = [itemAt(result, other), itemAt(result, index)];
  }
  return result;
}
