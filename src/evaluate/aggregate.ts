import type { Kpi } from '../model/kpi.ts';
import type { Zone } from '../model/zone.ts';
import type { Fact, Measure } from './facts.ts';
import { type Form, type PassContext, type Placement, passFacts } from './pass.ts';
import type { PeriodIndex } from './period-index.ts';
import { keyText, type SegmentKey } from './segments.ts';

/** The facts of one period and segment, added up. */
export interface Bucket {
  num: number;
  den: number;
  n: number;
  nMissing: number;
  /** Of durations each one in ms, of means of money each amount: quantiles cannot be added up. */
  readonly samples: number[];
  /** Durations that go on, by as_of. */
  readonly open: number[];
  /** Sum of the squares of num, for the spread of points. */
  squares: number;
  /** Local days that have a cost, where a value needs them all. */
  readonly costDays: Set<string>;
  /** Of running sums what each local day brought, for pace and forecast. */
  readonly byDay: Map<string, number>;
  readonly flags: Set<string>;
}

/** One segment's buckets: by place of the index, then of the period. */
export interface SegmentBuckets {
  readonly key: SegmentKey;
  readonly grains: readonly (Bucket | undefined)[][];
}

export interface Aggregate {
  readonly segments: ReadonlyMap<string, SegmentBuckets>;
  readonly form: Form;
  /** Facts read that lie in some period. */
  readonly facts: number;
}

export interface AggregateInput {
  readonly kpi: Kpi;
  readonly kinds: readonly string[];
  readonly indexes: readonly PeriodIndex[];
  /** Whether a segment's days are wanted. */
  readonly keepsDays: (key: SegmentKey) => boolean;
}

/** One pass over the facts fills every grain, period and segment. */
export async function aggregateFacts(context: PassContext, input: AggregateInput): Promise<Aggregate> {
  const segments = new Map<string, SegmentBuckets>();
  const known = new Map<SegmentKey, SegmentBuckets>();
  let facts = 0;
  let last: Fact | null = null;

  function bucketsOf(key: SegmentKey): SegmentBuckets {
    const found = known.get(key);
    if (found) return found;
    const made = { key, grains: input.indexes.map(() => []) };
    known.set(key, made);
    segments.set(keyText(key), made);
    return made;
  }

  function visit(placement: Placement): void {
    if (placement.fact !== last) facts++;
    last = placement.fact;
    for (const key of placement.segments) {
      const periods = bucketsOf(key).grains[placement.grain] ?? [];
      let bucket = periods[placement.period];
      if (!bucket) {
        bucket = emptyBucket();
        periods[placement.period] = bucket;
      }
      addMeasure(bucket, placement.measure);
      if (input.kpi.complete === 'cost') addCostDay(bucket, placement);
      if (input.keepsDays(key)) addDay(bucket, placement, context.zone);
    }
  }

  const form = await passFacts(context, {
    kpi: input.kpi,
    kinds: input.kinds,
    indexes: input.indexes,
    visit,
  });
  return { segments, form, facts };
}

export function emptyBucket(): Bucket {
  return {
    num: 0,
    den: 0,
    n: 0,
    nMissing: 0,
    samples: [],
    open: [],
    squares: 0,
    costDays: new Set(),
    byDay: new Map(),
    flags: new Set(),
  };
}

export function addMeasure(bucket: Bucket, measure: Measure): void {
  if (measure.kind !== 'counts') {
    if (measure.flag) bucket.flags.add(measure.flag);
    if (measure.kind === 'missing') bucket.nMissing++;
    return;
  }
  bucket.n++;
  bucket.num += measure.num;
  bucket.den += measure.den ?? 0;
  bucket.squares += measure.num * measure.num;
  if (measure.sample !== null) (measure.open ? bucket.open : bucket.samples).push(measure.sample);
}

function addDay(bucket: Bucket, { fact, measure }: Placement, zone: Zone): void {
  if (measure.kind !== 'counts') return;
  const day = typeof fact.anchor === 'string' ? fact.anchor : zone.dateOf(fact.at);
  bucket.byDay.set(day, (bucket.byDay.get(day) ?? 0) + measure.num);
}

/** Costs are entries, or campaigns with a cost. */
function addCostDay(bucket: Bucket, { fact, measure }: Placement): void {
  const isCost = fact.object === 'entry' || fact.object === 'campaign';
  if (isCost && measure.kind === 'counts' && typeof fact.anchor === 'string')
    bucket.costDays.add(fact.anchor);
}

/** Several periods' facts as one. */
export function poolBuckets(buckets: readonly Bucket[]): Bucket {
  const pool = emptyBucket();
  for (const bucket of buckets) {
    pool.num += bucket.num;
    pool.den += bucket.den;
    pool.n += bucket.n;
    pool.nMissing += bucket.nMissing;
    pool.squares += bucket.squares;
    for (const sample of bucket.samples) pool.samples.push(sample);
    for (const sample of bucket.open) pool.open.push(sample);
    for (const day of bucket.costDays) pool.costDays.add(day);
    for (const flag of bucket.flags) pool.flags.add(flag);
  }
  return pool;
}
