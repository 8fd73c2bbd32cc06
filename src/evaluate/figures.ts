import type { Statistic } from '../model/goal.ts';
import type { Kpi } from '../model/kpi.ts';
import type { Period } from '../model/period.ts';
import type { Result } from '../model/result.ts';
import type { SourceInfo } from '../model/store.ts';
import type { Zone } from '../model/zone.ts';
import { type Bucket, emptyBucket } from './aggregate.ts';
import { medianInterval, quantile, type Range, wilson } from './intervals.ts';
import type { Form } from './pass.ts';

const hourMs = 3_600_000;

/** What one period and segment came to, before anyone judges it. */
export interface Figure extends Pick<Result, 'num' | 'den' | 'n' | 'nMissing' | 'statistics' | 'flags'> {
  /** Of durations each one in hours, in order. */
  readonly hours: Float64Array;
  readonly synced: boolean;
}

export interface FigureInput {
  readonly form: Form;
  /** Its sources were read through the period's end, or the last complete day before as_of. */
  readonly synced: boolean;
  /** A past state, told from the history. */
  readonly reconstructed: boolean;
}

export function figureOf(bucket: Bucket | undefined, { form, synced, reconstructed }: FigureInput): Figure {
  const { num, den, n, nMissing, elapsedMs, flags: found } = bucket ?? emptyBucket();
  const flags = [...found];
  if (!synced) flags.push('incomplete');
  if (reconstructed) flags.push('reconstructed');
  const hours = Float64Array.from(elapsedMs, (elapsed) => elapsed / hourMs).sort();
  const shared = { n, nMissing, flags: flags.sort(), hours, synced };
  // Nothing counted is nothing known, unless everything was read.
  if (n === 0 && !synced) return { ...shared, num: null, den: null, statistics: noStatistics(form) };
  if (form === 'sum') return { ...shared, num, den: null, statistics: null };
  if (form === 'ratio') return { ...shared, num, den, statistics: null };
  let totalMs = 0;
  for (const elapsed of elapsedMs) totalMs += elapsed;
  const mean = n === 0 ? null : totalMs / hourMs / n;
  const statistics = { p50: quantile(hours, 0.5), p90: quantile(hours, 0.9), mean };
  return { ...shared, num: totalMs / hourMs, den: n, statistics };
}

function noStatistics(form: Form): Figure['statistics'] {
  return form === 'duration' ? { p50: null, p90: null, mean: null } : null;
}

/** The figure as one number: 0 only where nothing is known to have happened, null where there is nothing to divide by. */
export function figureValue(
  { num, den, statistics }: Figure,
  form: Form,
  statistic: Statistic,
): number | null {
  if (form === 'duration') return statistics?.[statistic] ?? null;
  if (form === 'sum') return num;
  return num === null || den === null || den === 0 ? null : num / den;
}

/** 95 % interval, where the figure has one: a proportion of records, or a median. */
export function intervalOf(kpi: Kpi, figure: Figure, statistic: Statistic): Range | null {
  if (kpi.unit === 'hours') return statistic === 'p50' ? medianInterval(figure.hours) : null;
  if (!isProportion(kpi, figure)) return null;
  return wilson(figure.num ?? 0, figure.den ?? 0);
}

/** num of den, each counted in whole: not a share of money, nor above 1. */
export function isProportion(kpi: Kpi, { num, den }: Pick<Figure, 'num' | 'den'>): boolean {
  if (kpi.unit !== 'ratio' || kpi.money.length > 0 || num === null || den === null) return false;
  return den > 0 && num >= 0 && num <= den;
}

/** Which connections feed a KPI, and how far all that it needs was read from them. */
export interface Coverage {
  readonly connections: readonly string[];
  isSynced(period: Period, source: string | null): boolean;
}

/** Null where no connection has all the tables that the KPI needs. */
export function coverageOf(
  kpi: Kpi,
  sources: readonly SourceInfo[],
  { zone, asOf }: { readonly zone: Zone; readonly asOf: number },
): Coverage | null {
  const feeding = sources.filter(({ completeThrough }) =>
    kpi.needs.every((table) => completeThrough[table] !== undefined),
  );
  if (feeding.length === 0) return null;
  const lastMidnight = zone.startOf(zone.dateOf(asOf));
  const through = new Map<string, number>();
  for (const { connection, completeThrough } of feeding) {
    through.set(connection, Math.min(...kpi.needs.map((table) => completeThrough[table] ?? -Infinity)));
  }
  const all = Math.min(...through.values());
  return {
    connections: [...through.keys()].sort(),
    isSynced(period, source) {
      const readThrough = source === null ? all : (through.get(source) ?? all);
      return readThrough >= Math.min(period.endAt, lastMidnight);
    },
  };
}
