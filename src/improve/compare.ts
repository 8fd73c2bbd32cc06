import type { EffectMethod, EffectNote, EffectSize } from '../model/action.ts';
import type { FigureKind, Measured } from '../model/measure.ts';
import { xmr } from '../statistics/behaviour-chart.ts';
import { z95 } from '../statistics/distributions.ts';
import { meanDifference, newcombe, recordsToDetect } from '../statistics/intervals.ts';
import { hodgesLehmann } from '../statistics/shifts.ts';
import { medianDifference, survivalMedian } from '../statistics/survival.ts';
import { compareCounts } from './counts.ts';

/** What two figures of a KPI say of each other. */
export interface Comparison {
  readonly method: EffectMethod;
  readonly size: EffectSize;
  readonly p: number | null;
  /** Nothing at all lies outside the interval. */
  readonly evident: boolean;
  /** The smallest change that so many records show with 80 % power. */
  readonly detectable: number | null;
  readonly recordsNeeded: number | null;
}

/** Why two figures cannot be compared. */
export interface NoComparison {
  readonly note: EffectNote;
}

export interface Sides {
  readonly kind: FigureKind;
  readonly before: Measured;
  readonly after: Measured;
  /** Days after over days before: of counts, what alone would make a difference. */
  readonly exposure: number;
  /** Figures of earlier windows as long as the one after, oldest first: they tell what is usual. */
  readonly earlier: readonly number[];
}

/** Below it two proportions are not compared. */
const fewestRecords = 20;
const powerFactor = (z95 + 0.8416212335729143) / z95;

export function compareFigures(sides: Sides): Comparison | NoComparison {
  switch (sides.kind) {
    case 'proportion':
      return compareProportions(sides);
    case 'duration':
      return compareDurations(sides);
    case 'points':
      return comparePoints(sides);
    case 'count':
      return compareCounts(sides);
    case 'series':
      return compareWithSeries(sides);
  }
}

export function isComparison(compared: Comparison | NoComparison): compared is Comparison {
  return 'method' in compared;
}

function compareProportions(sides: Sides): Comparison | NoComparison {
  const [n1, n2] = [sides.before.den ?? 0, sides.after.den ?? 0];
  const [k1, k2] = [sides.before.num ?? 0, sides.after.num ?? 0];
  if (n1 <= 0 || n2 <= 0) return { note: 'no_data' };
  // A ratio above 1 counts something else than records of records: cases per agent, say.
  if (k1 > n1 || k2 > n2) return compareWithSeries(sides);
  if (n1 < fewestRecords || n2 < fewestRecords) return { note: 'too_few' };
  const { d, low, high } = newcombe(k1 / n1, n1, k2 / n2, n2);
  return {
    method: 'newcombe',
    size: { effect: d, low, high },
    p: null,
    evident: excludesZero(low, high),
    detectable: detectableShare(k1 / n1, 2 / (1 / n1 + 1 / n2)),
    recordsNeeded: d === 0 ? null : recordsToDetect(k1 / n1, k2 / n2),
  };
}

/** The change of a share that so many records on each side show. */
function detectableShare(p: number, n: number): number | null {
  const room = Math.max(p, 1 - p);
  const towards = p <= 0.5 ? 1 : -1;
  const needs = (d: number) => recordsToDetect(p, p + towards * d) ?? Number.POSITIVE_INFINITY;
  if (needs(room) > n) return null;
  let [low, high] = [0, room];
  for (let i = 0; i < 40; i++) {
    const middle = (low + high) / 2;
    if (needs(middle) <= n) high = middle;
    else low = middle;
  }
  return high;
}

function compareDurations({ before, after }: Sides): Comparison | NoComparison {
  if (before.n === 0 || after.n === 0) return { note: 'no_data' };
  if (before.open.length + after.open.length > 0) return compareSurvival(before, after);
  const shift = hodgesLehmann(before.values, after.values);
  if (shift === null) return { note: 'too_few' };
  const { low, high, p } = shift;
  const size = { effect: shift.shift, low, high };
  return {
    method: 'hodges_lehmann',
    size,
    p,
    evident: excludesZero(low, high),
    detectable: detectableBy(size),
    recordsNeeded: neededFor(Math.min(before.n, after.n), size),
  };
}

/** Fewer that have ended are not compared, as with durations that all have. */
const fewestEnded = 8;

/** Medians by Kaplan and Meier, their intervals combined by squares: what goes on counts with its length so far. */
function compareSurvival(before: Measured, after: Measured): Comparison | NoComparison {
  const ended = Math.min(before.values.length, after.values.length);
  if (ended < fewestEnded) return { note: 'too_few' };
  const first = survivalMedian(before.values, before.open);
  const second = survivalMedian(after.values, after.open);
  if (first === null || second === null) return { note: 'not_comparable' };
  const size = medianDifference(first, second);
  return {
    method: 'kaplan_meier',
    size,
    p: null,
    evident: excludesZero(size.low, size.high),
    detectable: detectableBy(size),
    recordsNeeded: neededFor(ended, size),
  };
}

function comparePoints({ before, after }: Sides): Comparison | NoComparison {
  const [first, second] = [momentsOf(before), momentsOf(after)];
  if (first.n === 0 || second.n === 0) return { note: 'no_data' };
  if (first.n < fewestRecords || second.n < fewestRecords) return { note: 'too_few' };
  const { low, high } = meanDifference(first, second);
  const size = { effect: second.mean - first.mean, low, high };
  return {
    method: 'welch',
    size,
    p: null,
    evident: excludesZero(low, high),
    detectable: detectableBy(size),
    recordsNeeded: neededFor(Math.min(first.n, second.n), size),
  };
}

export function momentsOf({ num, den, squares }: Measured) {
  const n = den ?? 0;
  const mean = n > 0 ? (num ?? 0) / n : 0;
  return { n, mean, variance: n > 1 ? Math.max(0, squares - n * mean * mean) / (n - 1) : 0 };
}

/** An interval narrows with the root of the records. */
function neededFor(n: number, size: EffectSize): number | null {
  const detectable = detectableBy(size);
  return size.effect === 0 || detectable === null ? null : Math.ceil(n * (detectable / size.effect) ** 2);
}

function compareWithSeries({ after, earlier }: Sides): Comparison | NoComparison {
  if (after.value === null) return { note: 'no_data' };
  const chart = xmr({ baseline: earlier, point: after.value });
  if (chart === null) return { note: 'too_few' };
  const low = after.value - chart.high;
  const high = after.value - chart.low;
  return {
    method: 'behaviour_chart',
    size: { effect: after.value - chart.mean, low, high },
    p: null,
    evident: excludesZero(low, high),
    detectable: chart.high - chart.mean,
    recordsNeeded: null,
  };
}

/** What shows with 80 % power: half a 95 % interval, stretched. */
export function detectableBy({ low, high }: EffectSize): number | null {
  return low === null || high === null ? null : ((high - low) / 2) * powerFactor;
}

export function excludesZero(low: number | null, high: number | null): boolean {
  const slack = 1e-12;
  return (low !== null && low > slack) || (high !== null && high < -slack);
}
