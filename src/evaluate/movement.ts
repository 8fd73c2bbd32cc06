import type { Movement } from '../model/goal.ts';
import type { Direction } from '../model/kpi.ts';
import { type Moments, meanDifference, newcombe } from '../statistics/intervals.ts';
import { countsDiffer, hodgesLehmann } from '../statistics/shifts.ts';
import { medianDifference, survivalMedian } from '../statistics/survival.ts';

const alpha = 0.05;
/** Fewer records than this on either side are not compared. */
const minimumDen = 20;
/** Durations of which some go on are compared where this many have ended on either side. */
const fewestEnded = 8;

/** In order: those that ended, and those that go on. */
export interface Durations {
  readonly times: Float64Array;
  readonly goesOn: Float64Array;
}

/** What two periods are compared by; `none` for sums of money and whatever else has no interval. */
export type Comparison =
  | {
      readonly by: 'ratio';
      readonly before: { readonly num: number; readonly den: number };
      readonly after: { readonly num: number; readonly den: number };
    }
  | { readonly by: 'durations'; readonly before: Durations; readonly after: Durations }
  | {
      readonly by: 'counts';
      readonly before: number;
      readonly after: number;
      /** The later period's share of both periods' exposure (days, say); half unless told. */
      readonly exposureShare?: number;
    }
  | { readonly by: 'means'; readonly before: Moments; readonly after: Moments }
  | { readonly by: 'none' };

export interface MovementInput {
  readonly better: Direction;
  /** The range aimed at, for KPIs of which neither more nor less is better. */
  readonly band: { readonly lo: number; readonly hi: number } | null;
  /** Values of both periods, as shown. */
  readonly before: number | null;
  readonly after: number | null;
  readonly comparison: Comparison;
}

/** Better or worse than the period before, where the figures are evidence of it at all. */
export function movement(input: MovementInput): Movement {
  const { before, after, better, band } = input;
  if (before === null || after === null) return 'no_evidence';
  const change = evidentChange(input.comparison);
  if (change === 0) return 'no_evidence';
  const gain = better === 'range' ? approach(before, after, band) : change * (better === 'higher' ? 1 : -1);
  if (gain === 0) return 'no_evidence';
  return gain > 0 ? 'improved' : 'worsened';
}

/** 1 up, -1 down, 0 where chance explains the difference. */
function evidentChange(comparison: Comparison): number {
  if (comparison.by === 'none') return 0;
  if (comparison.by === 'durations') return evidentShift(comparison.before, comparison.after);
  if (comparison.by === 'counts') {
    const { before, after, exposureShare = 0.5 } = comparison;
    if (countsDiffer(before, after, exposureShare) > alpha) return 0;
    return Math.sign(after - (before + after) * exposureShare);
  }
  if (comparison.by === 'means') {
    const { before, after } = comparison;
    const few = before.n < minimumDen || after.n < minimumDen;
    return few ? 0 : signOutsideZero(meanDifference(before, after));
  }
  const { before, after } = comparison;
  if (!isProportion(before) || !isProportion(after)) return 0;
  return signOutsideZero(newcombe(before.num / before.den, before.den, after.num / after.den, after.den));
}

/** Where some go on their medians are compared, by Kaplan and Meier: no pair of durations tells which is longer. */
function evidentShift(before: Durations, after: Durations): number {
  if (before.goesOn.length + after.goesOn.length === 0) {
    const found = hodgesLehmann(before.times, after.times);
    return found === null ? 0 : signOutsideZero(found);
  }
  if (Math.min(before.times.length, after.times.length) < fewestEnded) return 0;
  const [first, second] = [before, after].map(({ times, goesOn }) => survivalMedian(times, goesOn));
  if (!first || !second) return 0;
  const { low, high } = medianDifference(first, second);
  return signOutsideZero({ low: low ?? Number.NEGATIVE_INFINITY, high: high ?? Number.POSITIVE_INFINITY });
}

function isProportion({ num, den }: { readonly num: number; readonly den: number }): boolean {
  return den >= minimumDen && num >= 0 && num <= den;
}

function signOutsideZero({ low, high }: { readonly low: number; readonly high: number }): number {
  if (low > 0) return 1;
  return high < 0 ? -1 : 0;
}

/** How much nearer to the range: positive is nearer. */
function approach(before: number, after: number, band: MovementInput['band']): number {
  if (band === null) return 0;
  const distance = (value: number) => Math.max(band.lo - value, value - band.hi, 0);
  return Math.sign(distance(before) - distance(after));
}
