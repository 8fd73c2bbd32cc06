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
  // Before the first record nothing could be seen; after it, nothing is 0.
  const told = months.slice(
    Math.max(
      0,
      months.findIndex(({ n }) => n > 0),
    ),
  );
  const values = told
    .flatMap(({ value, n }) => (value === null || (n === 0 && stock.form !== 'sum') ? [] : [value]))
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
  const more = kpi.better === 'higher';
  const isWhole = stock.form === 'sum' && kpi.unit === 'count';
  const at = (q: number, towards: Rounding) =>
    roundFor(quantile(values, q) ?? baseline, { unit: kpi.unit, isWhole, towards });
  const shared = { kpi: kpi.id, every: 'month', baseline, months: values.length, weighsMost } as const;
  if (kpi.better === 'range') {
    const [lo, hi] = [at(0.25, Math.floor), at(0.75, Math.ceil)];
    const met = values.filter((value) => value >= lo && value <= hi).length;
    return { ...shared, shape: 'between', target: { lo, hi }, met, best: quantile(values, 0.5) ?? lo };
  }
  // Rounded to the easier side, so that a quarter of the months still met it.
  const target = at(more ? 0.75 : 0.25, more ? Math.floor : Math.ceil);
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

type Rounding = (value: number) => number;

interface Steps {
  readonly unit: KpiStock['kpi']['unit'];
  /** It counts records. */
  readonly isWhole: boolean;
  readonly towards: Rounding;
}

/** As people promise: half a per cent, half an hour, whole records, three digits of money; of what is small two digits. */
function roundFor(value: number, { unit, isWhole, towards }: Steps): number {
  const step = isWhole ? 1 : Math.min(stepOf(unit), digitStep(value, 2));
  const size = unit === 'money' ? digitStep(value, 3) : step;
  // What lies on a step but for its binary fraction stays there.
  const steps = value / size;
  const near = Math.round(steps);
  const whole = Math.abs(steps - near) < 1e-9 ? near : towards(steps);
  return Number((whole * size).toPrecision(12));
}

function stepOf(unit: Steps['unit']): number {
  if (unit === 'ratio') return 0.005;
  return unit === 'hours' || unit === 'months' ? 0.5 : 1;
}

/** One in the last of so many digits. */
function digitStep(value: number, digits: number): number {
  return value === 0 ? 1 : 10 ** (Math.floor(Math.log10(Math.abs(value))) - digits + 1);
}
