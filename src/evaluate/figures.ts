import type { Statistic } from '../model/goal.ts';
import type { Kpi } from '../model/kpi.ts';
import type { Result } from '../model/result.ts';
import {
  type Moments,
  meanInterval,
  medianInterval,
  quantile,
  type Range,
  wilson,
} from '../statistics/intervals.ts';
import { survivalMedian, survivalQuantiles } from '../statistics/survival.ts';
import { type Bucket, countSamples, emptyBucket, sortSamples } from './aggregate.ts';
import { unitMs } from './durations.ts';
import type { Form } from './pass.ts';

/** What one period and segment came to, before anyone judges it. */
export interface Figure extends Pick<Result, 'num' | 'den' | 'n' | 'nMissing' | 'statistics' | 'flags'> {
  /** Of durations each one that ended, in the KPI's unit, in order. */
  readonly times: Float64Array;
  /** Those that go on, in order. */
  readonly goesOn: Float64Array;
  /** Sum of the squares of num. */
  readonly squares: number;
  /** Of durations that have no median because too much goes on: the longest seen. */
  readonly beyond: number | null;
  readonly synced: boolean;
  /** A part of what it is made of is missing: no value follows. */
  readonly withheld: boolean;
}

export interface FigureInput {
  readonly kpi: Kpi;
  readonly form: Form;
  /** Its sources were read through the period's end, or the last complete day before as_of. */
  readonly synced: boolean;
  /** A past state, told from the history. */
  readonly reconstructed: boolean;
  readonly withheld?: boolean;
  /** No record anywhere has what it counts. */
  readonly lacking?: boolean;
}

export function figureOf(bucket: Bucket | undefined, input: FigureInput): Figure {
  const { form, synced, lacking = false } = input;
  const withheld = input.withheld === true || lacking;
  const filled = bucket ?? nothingCounted;
  const { num, den, n, nMissing, squares } = filled;
  const timed = isTimedForm(form) ? timesOf(filled, input) : null;
  const flags = flagsOf(filled, input);
  const beyond = timed?.statistics.p50 === null && filled.open.length > 0 ? timed.longest : null;
  if (beyond !== null) flags.add('censored');
  const { times, goesOn } = timed ?? noTimes;
  const shared = { n, nMissing, flags: [...flags].sort(), times, goesOn, squares, beyond, synced, withheld };
  // Nothing counted is nothing known, unless everything was read.
  if (n === 0 && !synced) return { ...shared, num: null, den: null, statistics: timed ? noStatistics : null };
  // An amount that stands nowhere is not 0.
  const unknown = n === 0 && nMissing > 0;
  if (form === 'sum') return { ...shared, num: unknown ? null : num, den: null, statistics: null };
  if (timed) return { ...shared, num: timed.total, den: timed.ended, statistics: timed.statistics };
  return {
    ...shared,
    num,
    den,
    statistics: countSamples(filled.samples) > 0 ? amountsOf(filled.samples) : null,
  };
}

function flagsOf(
  bucket: Bucket,
  { kpi, form, synced, reconstructed, withheld, lacking }: FigureInput,
): Set<string> {
  const { n, nMissing, den, remaining } = bucket;
  const flags = new Set(bucket.flags);
  if (!synced) flags.add('incomplete');
  if (withheld) flags.add('cost_incomplete');
  if (reconstructed) flags.add('reconstructed');
  if (kpi.estimate) flags.add('estimate');
  if (lacking || (n === 0 && nMissing > 0 && !flags.has('fx_missing'))) flags.add('no_input');
  if (form === 'ratio' && remaining && den <= 0) flags.add('target_met');
  return flags;
}

/** Durations, whether or not some of them go on. */
export function isTimedForm(form: Form): boolean {
  return form === 'duration' || form === 'survival';
}

const nothingCounted: Bucket = emptyBucket();
const noTimes = { times: new Float64Array(), goesOn: new Float64Array() };
const noStatistics = { p50: null, p90: null, mean: null };

interface Timed {
  /** The longest of all, those that go on included. */
  readonly longest: number | null;
  readonly times: Float64Array;
  readonly goesOn: Float64Array;
  /** Of those that ended. */
  readonly total: number;
  readonly ended: number;
  readonly statistics: NonNullable<Figure['statistics']>;
}

function timesOf({ samples, open }: Bucket, { kpi, form }: FigureInput): Timed {
  const unit = unitMs(kpi);
  let totalMs = 0;
  for (const part of samples) for (const sample of part) totalMs += sample;
  const total = totalMs / unit;
  const times = sortSamples(samples, unit);
  const goesOn = sortSamples(open, unit);
  const ended = times.length;
  const mean = ended === 0 || goesOn.length > 0 ? null : total / ended;
  const longest = longestOf(times, goesOn);
  if (form === 'duration') {
    const statistics = { p50: quantile(times, 0.5), p90: quantile(times, 0.9), mean };
    return { times, goesOn, longest, total, ended, statistics };
  }
  const [p50 = null, p90 = null] = survivalQuantiles(times, goesOn, [0.5, 0.9]);
  const statistics = { p50, p90, mean };
  return { times, goesOn, longest, total, ended, statistics };
}

/** Of two lists in order. */
function longestOf(ended: Float64Array, goesOn: Float64Array): number | null {
  const longest = Math.max(ended.at(-1) ?? -Infinity, goesOn.at(-1) ?? -Infinity);
  return longest === -Infinity ? null : longest;
}

function amountsOf(samples: readonly (readonly number[])[]): NonNullable<Figure['statistics']> {
  const sorted = sortSamples(samples);
  let total = 0;
  for (const sample of sorted) total += sample;
  return { p50: quantile(sorted, 0.5), p90: quantile(sorted, 0.9), mean: total / sorted.length };
}

/** The figure as one number: 0 only where nothing is known to have happened, null where there is nothing to divide by. */
export function figureValue(figure: Figure, form: Form, statistic: Statistic): number | null {
  const { num, den, statistics, withheld } = figure;
  if (withheld) return null;
  if (isTimedForm(form)) return statistics?.[statistic] ?? null;
  if (form === 'sum') return num;
  // Below 0 there is nothing to divide by either: a target that is met leaves nothing to be covered.
  return num === null || den === null || den <= 0 ? null : num / den;
}

/** 95 % interval, where the figure has one: a proportion of records, a median, or a mean of points. */
export function intervalOf(kpi: Kpi, figure: Figure, statistic: Statistic): Range | null {
  if (kpi.unit === 'hours' || kpi.unit === 'months')
    return statistic === 'p50' ? timesInterval(figure) : null;
  if (kpi.unit === 'points') return meanInterval(pointsOf(figure));
  if (!isProportion(kpi, figure)) return null;
  return wilson(figure.num ?? 0, figure.den ?? 0);
}

/** Fewer that ended have no interval. */
const fewestEnded = 6;

/** Of a median; without an end where too much goes on to tell. */
function timesInterval({ times, goesOn }: Figure): Range | null {
  if (goesOn.length === 0 || times.length < fewestEnded)
    return goesOn.length === 0 ? medianInterval(times) : null;
  const found = survivalMedian(times, goesOn);
  return found && { low: found.low, high: found.high ?? Number.POSITIVE_INFINITY };
}

/** Mean and variance of points, each answer one. */
export function pointsOf({ num, den, squares }: Figure): Moments {
  const n = den ?? 0;
  const mean = n > 0 ? (num ?? 0) / n : 0;
  return { n, mean, variance: n > 1 ? Math.max(0, squares - n * mean * mean) / (n - 1) : 0 };
}

/** num of den, each counted in whole: not a share of money, nor above 1. */
export function isProportion(kpi: Kpi, { num, den }: Pick<Figure, 'num' | 'den'>): boolean {
  if (kpi.unit !== 'ratio' || kpi.money.length > 0 || num === null || den === null) return false;
  return den > 0 && num >= 0 && num <= den;
}
