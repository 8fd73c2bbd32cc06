import type { Labels } from '../model/kpi.ts';
import { quantile } from '../statistics/intervals.ts';
import type { KpiStock, SegmentStanding } from './stock.ts';

/** With fewer months, chance would set the goal. */
const fewestMonths = 6;

/** A goal that a company could promise, and why. Money in minor units. */
export interface Proposal {
  readonly kpi: string;
  readonly every: 'month';
  readonly shape: 'at_least' | 'at_most' | 'between';
  readonly target: number | { readonly lo: number; readonly hi: number };
  /** Of the last twelve complete months, as one. */
  readonly baseline: number;
  readonly months: number;
  /** How many of them met the target. */
  readonly met: number;
  readonly best: number;
  readonly weighsMost: SegmentStanding | null;
}

export interface NoProposal {
  readonly kpi: string;
  readonly reason: Labels;
}

/**
 * What the company already reached in a quarter of the months: demanding, and shown to be possible. Where neither more
 * nor less is better, the range of the middle half.
 */
export function proposeGoal(stock: KpiStock): Proposal | NoProposal {
  const { kpi, months, weighsMost } = stock;
  const values = months
    .flatMap(({ value, n }) => (value === null || n === 0 ? [] : [value]))
    .sort((a, b) => a - b);
  if (values.length < fewestMonths) {
    const reason = {
      en: `it has ${values.length} complete months with data, and takes ${fewestMonths}`,
      es: `tiene ${values.length} meses completos con datos y hacen falta ${fewestMonths}`,
    };
    return { kpi: kpi.id, reason };
  }
  const baseline = baselineOf(stock, values);
  if (baseline === null) {
    const reason = {
      en: 'its last twelve months have no value',
      es: 'sus últimos doce meses no tienen valor',
    };
    return { kpi: kpi.id, reason };
  }
  const at = (q: number) => roundFor(kpi.unit, quantile(values, q) ?? baseline);
  const shared = { kpi: kpi.id, every: 'month', baseline, months: values.length, weighsMost } as const;
  if (kpi.better === 'range') {
    const [lo, hi] = [at(0.25), at(0.75)];
    const met = values.filter((value) => value >= lo && value <= hi).length;
    return { ...shared, shape: 'between', target: { lo, hi }, met, best: quantile(values, 0.5) ?? lo };
  }
  const more = kpi.better === 'higher';
  const target = at(more ? 0.75 : 0.25);
  if (more ? target <= baseline : target >= baseline) {
    const reason = {
      en: 'its months hardly differ, so that none shows what more is possible',
      es: 'sus meses apenas difieren y ninguno muestra qué más es posible',
    };
    return { kpi: kpi.id, reason };
  }
  const met = values.filter((value) => (more ? value >= target : value <= target)).length;
  const best = (more ? values.at(-1) : values[0]) ?? target;
  return { ...shared, shape: more ? 'at_least' : 'at_most', target, met, best };
}

/** Ratios and durations pooled; sums and states as the mean month. */
function baselineOf({ form, kpi, years }: KpiStock, values: readonly number[]): number | null {
  if (form !== 'sum' && kpi.kind !== 'snapshot') return years[0]?.value ?? null;
  let sum = 0;
  for (const value of values) sum += value;
  return sum / values.length;
}

/** As people promise: half a per cent, half an hour, whole records, two or three digits of money. */
function roundFor(unit: KpiStock['kpi']['unit'], value: number): number {
  if (unit === 'ratio') return Math.round(value * 200) / 200;
  if (unit === 'hours' || unit === 'months') return Math.round(value * 2) / 2;
  if (unit === 'money') return Number(value.toPrecision(3));
  return Math.round(value);
}
