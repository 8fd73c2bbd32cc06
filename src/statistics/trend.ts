import type { Trend } from '../model/result.ts';
import { convolve, inversionShares, lowerTail, normalTwoSided } from './distributions.ts';
import { quantile } from './intervals.ts';

const minimumLength = 6;
const windowLength = 24;
const exactLength = 12;
const exactLengthWithTies = 8;
const alpha = 0.05;

export interface MannKendall extends Trend {
  readonly s: number;
  readonly method: 'exact' | 'normal';
}

/**
 * Mann-Kendall test with the Theil-Sen slope per step, over the last 24 values, oldest first; null below six. Rising or
 * falling only at 5 %.
 */
export function mannKendall(values: readonly number[]): MannKendall | null {
  const xs = values.slice(-windowLength);
  if (xs.length < minimumLength) return null;
  const s = sumOfSigns(xs);
  const sizes = tieSizes(xs);
  const limit = sizes.length === xs.length ? exactLength : exactLengthWithTies;
  const exact = xs.length <= limit;
  const p = exact ? exactP(sizes, s) : normalP(s, signVariance(sizes));
  return {
    ...direct(s, p),
    s,
    p,
    slope: medianSlope(slopesOf(xs)),
    n: xs.length,
    method: exact ? 'exact' : 'normal',
  };
}

/**
 * The same within calendar months, so that a season is no trend: one group per month of the year, each with its values
 * year by year. Below 24 values only pairs of a month with that of the year before tell: null below six of them. The
 * slope is per year.
 */
export function seasonalMannKendall(groups: readonly (readonly number[])[]): MannKendall | null {
  const n = groups.flat().length;
  if (n < windowLength) return yearOnYear(groups, n);
  let s = 0;
  let variance = 0;
  const slopes: number[] = [];
  for (const group of groups) {
    s += sumOfSigns(group);
    variance += signVariance(tieSizes(group));
    slopes.push(...slopesOf(group));
  }
  const p = normalP(s, variance);
  return { ...direct(s, p), s, p, slope: medianSlope(slopes), n, method: 'normal' };
}

/** How many months are above and below those a year before (sign test, exact). */
function yearOnYear(groups: readonly (readonly number[])[], n: number): MannKendall | null {
  const steps = groups.flatMap((group) => group.slice(1).map((value, i) => value - (group[i] ?? value)));
  if (steps.length < minimumLength) return null;
  const up = steps.filter((step) => step > 0).length;
  const down = steps.filter((step) => step < 0).length;
  const s = up - down;
  const p = Math.min(1, 2 * lowerTail({ n: up + down, p: 0.5 }, Math.min(up, down)));
  return { ...direct(s, p), s, p, slope: medianSlope(steps), n, method: 'exact' };
}

function direct(s: number, p: number): Pick<Trend, 'direction'> {
  if (p > alpha) return { direction: 'none' };
  return { direction: s > 0 ? 'rising' : 'falling' };
}

function sumOfSigns(xs: readonly number[]): number {
  let s = 0;
  for (const [j, later] of xs.entries()) {
    for (const earlier of xs.slice(0, j)) s += Math.sign(later - earlier);
  }
  return s;
}

function slopesOf(xs: readonly number[]): number[] {
  const slopes: number[] = [];
  for (const [j, later] of xs.entries()) {
    for (const [i, earlier] of xs.slice(0, j).entries()) slopes.push((later - earlier) / (j - i));
  }
  return slopes;
}

function medianSlope(slopes: readonly number[]): number {
  return quantile(Float64Array.from(slopes).sort(), 0.5) ?? 0;
}

/** How often each distinct value occurs. */
function tieSizes(xs: readonly number[]): number[] {
  const sizes = new Map<number, number>();
  for (const x of xs) sizes.set(x, (sizes.get(x) ?? 0) + 1);
  return [...sizes.values()];
}

/**
 * Share of all orders of the values with |S| at least as large. Orders are counted by inversions: those of a set with
 * ties are the sum of inversions as one group of equal values after the other is mixed in.
 */
function exactP(sizes: readonly number[], s: number): number {
  let shares: Float64Array = Float64Array.of(1);
  let placed = 0;
  for (const size of sizes) {
    shares = convolve(shares, inversionShares(placed, size));
    placed += size;
  }
  const pairs = shares.length - 1;
  let p = 0;
  for (const [inversions, share] of shares.entries()) {
    if (Math.abs(pairs - 2 * inversions) >= Math.abs(s)) p += share;
  }
  return Math.min(1, p);
}

function signVariance(sizes: readonly number[]): number {
  const spread = (size: number) => size * (size - 1) * (2 * size + 5);
  let n = 0;
  let tied = 0;
  for (const size of sizes) {
    n += size;
    tied += spread(size);
  }
  return (spread(n) - tied) / 18;
}

function normalP(s: number, variance: number): number {
  if (variance <= 0) return 1;
  return normalTwoSided(Math.max(0, Math.abs(s) - 1) / Math.sqrt(variance));
}

/** Which of many tests stand when false discoveries are to stay below the share q (Benjamini and Hochberg 1995). */
export function benjaminiHochberg(ps: readonly number[], q: number): boolean[] {
  const sorted = ps.toSorted((a, b) => a - b);
  let limit = Number.NEGATIVE_INFINITY;
  for (const [index, p] of sorted.entries()) {
    if (p <= ((index + 1) / sorted.length) * q + 1e-12) limit = p;
  }
  return ps.map((p) => p <= limit);
}
