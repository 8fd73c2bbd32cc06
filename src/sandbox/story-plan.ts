import type { Random } from './random.ts';
import type { Calendar, Month } from './story-calendar.ts';

/** How much happens in each month, and how well it goes. */
export interface Plan {
  readonly months: readonly MonthPlan[];
  readonly openDeals: number;
  readonly openCases: number;
  /** Share of the usual number of records around a deal: a very large company is there for its deals. */
  readonly detail: number;
}

export interface MonthPlan {
  readonly month: Month;
  /** Deals closed, renewals apart. */
  readonly closed: number;
  readonly won: number;
  readonly renewals: number;
  readonly casesClosed: number;
  /** Median from creation to the last closure. */
  readonly resolutionHours: number;
  /** Unique opens / delivered */
  readonly openRate: number;
}

/** August and December are quiet, the last quarter is strong. Index 0 is January. */
const season = [0.9, 0.95, 1.05, 1, 1.05, 1.05, 0.95, 0.55, 1, 1.1, 1.1, 0.75];
const leadInWeight = 0.25;
/** Below this there are too few deals for exact monthly rates. */
const minStorySize = 300;
const fullDetailSize = 20_000;

/** The two months that the story compares: fifteen of a hundred deals won, then eighteen. */
const before = { wonShare: 0.15, multiple: 20, resolutionHours: 48, openRate: 0.25 };
const after = { wonShare: 0.18, multiple: 50, resolutionHours: 30, openRate: 0.25 };

export function planMonths(calendar: Calendar, size: number, random: Random): Plan {
  const { months } = calendar;
  const openDeals = Math.round(size * 0.0267);
  const renewals = Math.round(size * 0.13);
  const weights = months.map((month) => weightOf(month, months.length));
  const closed = planClosed(size - openDeals - renewals, weights, size >= minStorySize);
  const renewed = allocate(size - openDeals - sum(closed), weights);
  const detail = Math.min(1, Math.sqrt(fullDetailSize / size));
  const cases = allocate(Math.round(size * 0.37 * detail), weights);
  return {
    openDeals,
    openCases: Math.round(size * 0.0095 * detail),
    detail,
    months: months.map((month, index) => {
      const goes = planQuality(index, months.length, random);
      const count = closed[index] ?? 0;
      return {
        month,
        closed: count,
        won: Math.round(count * goes.wonShare),
        renewals: renewed[index] ?? 0,
        casesClosed: cases[index] ?? 0,
        resolutionHours: goes.resolutionHours,
        openRate: goes.openRate,
      };
    }),
  };
}

function weightOf(month: Month, count: number): number {
  const growth = 1 + (0.15 * month.index) / count;
  const leadIn = month.index === 0 ? leadInWeight : 1;
  return growth * (season[month.month - 1] ?? 1) * leadIn * month.elapsed;
}

/** The two compared months get counts of which the won share is a whole number. */
function planClosed(total: number, weights: readonly number[], exact: boolean): readonly number[] {
  const even = allocate(total, weights);
  if (!exact) return even;
  const [earlier, later] = [weights.length - 3, weights.length - 2];
  const fixed = new Map([
    [earlier, roundTo(even[earlier] ?? 0, before.multiple)],
    [later, roundTo(even[later] ?? 0, after.multiple)],
  ]);
  const rest = allocate(
    total - sum([...fixed.values()]),
    weights.map((weight, index) => (fixed.has(index) ? 0 : weight)),
  );
  return rest.map((count, index) => fixed.get(index) ?? count);
}

function planQuality(index: number, count: number, random: Random) {
  const monthsBefore = count - 3 - index;
  const noise = random.fork(`quality ${index}`);
  if (monthsBefore === 0) return before;
  if (monthsBefore === -1) return after;
  if (monthsBefore < -1) return { wonShare: 0.185, resolutionHours: 29, openRate: 0.255 };
  // 1 twelve months before the compared ones and earlier, 0 just before them.
  const distance = Math.min(1, (monthsBefore - 1) / 11);
  return {
    wonShare: 0.15 - 0.03 * distance + noise.between(-0.008, 0.008),
    resolutionHours: Math.round((48 + 7 * distance + noise.between(-2, 2)) * 10) / 10,
    openRate: 0.245 - 0.02 * distance + noise.between(-0.005, 0.005),
  };
}

/** Whole shares of `total` by weight; what rounding leaves goes to the largest remainders. */
export function allocate(total: number, weights: readonly number[]): readonly number[] {
  const whole = sum(weights);
  if (whole === 0 || total <= 0) return weights.map(() => 0);
  const exact = weights.map((weight) => (total * weight) / whole);
  const shares = exact.map(Math.floor);
  const order = exact.map((_, index) => index);
  order.sort((a, b) => remainder(exact, b) - remainder(exact, a) || a - b);
  for (const index of order.slice(0, total - sum(shares))) shares[index] = (shares[index] ?? 0) + 1;
  return shares;
}

function remainder(exact: readonly number[], index: number): number {
  const value = exact[index] ?? 0;
  return value - Math.floor(value);
}

function roundTo(value: number, multiple: number): number {
  return Math.max(1, Math.round(value / multiple)) * multiple;
}

function sum(values: readonly number[]): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}
