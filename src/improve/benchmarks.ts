import type { EntryVersion } from '../model/entry.ts';
import type { Labels, Unit } from '../model/kpi.ts';

export const comparabilities = ['same', 'similar', 'different'] as const;
export type Comparability = (typeof comparabilities)[number];

/** A published or entered figure of others. */
export interface Benchmark {
  readonly kpi: string;
  /** Equal where it is one figure, not a range. */
  readonly low: number;
  readonly high: number;
  readonly statistic: string | null;
  readonly segment: Labels;
  readonly source: string;
  /** Local dates; null: not told. */
  readonly measuredOn: string | null;
  readonly publishedOn: string | null;
  readonly note: Labels | null;
  readonly comparability: Comparability;
  readonly from: 'shipped' | 'file' | 'entry';
}

export type Standing = 'above' | 'near' | 'below';

export interface Held extends Benchmark {
  readonly value: number | null;
  /** null: not comparable, or we have no figure. */
  readonly standing: Standing | null;
  /** Older than two years, or of unknown age. */
  readonly dated: boolean;
}

const nearShare = 0.1;
const slack = 1e-9;
const datedMonths = 24;

/** Our figure beside another's; it never decides a status. */
export function holdAgainst(benchmark: Benchmark, value: number | null, today: string): Held {
  return { ...benchmark, value, standing: standingOf(benchmark, value), dated: isDated(benchmark, today) };
}

function standingOf({ low, high, comparability }: Benchmark, value: number | null): Standing | null {
  if (value === null || comparability === 'different') return null;
  const room = low === high ? Math.abs(low) * nearShare : 0;
  if (value > high + room + slack) return 'above';
  return value < low - room - slack ? 'below' : 'near';
}

/** By what it measured, else by when it was published. */
function isDated({ measuredOn, publishedOn }: Benchmark, today: string): boolean {
  const told = measuredOn ?? publishedOn;
  if (told === null) return true;
  const [year = 0, month = 1] = told.split('-').map(Number);
  const [nowYear = 0, nowMonth = 1] = today.split('-').map(Number);
  const months = nowYear * 12 + nowMonth - year * 12 - month;
  return months > datedMonths || (months === datedMonths && today.slice(8) > told.slice(8));
}

/** Those that were entered by hand or by a csv connection. */
export function benchmarkOfEntry(fields: EntryVersion['fields'], unit: Unit): Benchmark | null {
  const low = unit === 'money' ? fields.amount_minor : fields.value;
  if (!fields.kpi || low === null || low === undefined) return null;
  const comparability = comparabilities.find((word) => word === fields.comparability) ?? 'similar';
  const segment = fields.segment ?? '';
  return {
    kpi: fields.kpi,
    low,
    high: fields.value_high ?? low,
    statistic: fields.statistic ?? null,
    segment: { en: segment, es: segment },
    source: fields.origin ?? fields.author ?? '',
    measuredOn: fields.to_on ?? fields.day ?? fields.from_on ?? null,
    publishedOn: fields.published_on ?? null,
    note: fields.note ? { en: fields.note, es: fields.note } : null,
    comparability,
    from: 'entry',
  };
}
