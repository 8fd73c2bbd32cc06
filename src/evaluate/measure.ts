import type { Kpi } from '../model/kpi.ts';
import type { FigureKind, Measure, Measured, MeasureRequest, Span, SpanFigures } from '../model/measure.ts';
import type { Period } from '../model/period.ts';
import { addMeasure, type Bucket, emptyBucket, sortSamples } from './aggregate.ts';
import { clockOf } from './clocks.ts';
import { type Coverage, coverageOf } from './coverage.ts';
import { formulasOf, type Lookup } from './derivation.ts';
import { type Desk, type DeskOptions, openDesk } from './desk.ts';
import { unitMs } from './durations.ts';
import { figureOf, figureValue, isTimedForm } from './figures.ts';
import { type Form, passFacts } from './pass.ts';
import { createPeriodIndex } from './period-index.ts';
import { keyText, type SegmentKey } from './segments.ts';

/** Computes KPIs over any days, by the same pass over the facts that gives the results of periods. */
export async function openMeasure(options: Omit<DeskOptions, 'readOnly'>): Promise<Measure> {
  const desk = await openDesk({ ...options, readOnly: true });
  return async (request) => {
    const kpi = desk.catalog.get(request.kpi);
    const coverage = kpi ? coverageOf(kpi, desk.sources, desk) : null;
    if (!kpi || !coverage) return null;
    return kpi.derive ? measureDerived(desk, kpi, request) : measureFacts(desk, { kpi, coverage }, request);
  };
}

interface Subject {
  readonly kpi: Kpi;
  readonly coverage: Coverage;
}

interface SpanBuckets {
  readonly whole: Bucket;
  readonly strata: Map<string, { readonly key: SegmentKey; readonly bucket: Bucket }>;
}

async function measureFacts(desk: Desk, { kpi, coverage }: Subject, request: MeasureRequest) {
  const periods = request.spans.map((span) => periodOf(desk, span));
  const filled: SpanBuckets[] = periods.map(() => ({ whole: emptyBucket(), strata: new Map() }));
  let form: Form = 'sum';
  for (const places of distinctStarts(periods))
    form = await fillBuckets(desk, { kpi, request, periods, places, filled });
  const figure = (bucket: Bucket, period: Period): Measured => {
    const synced = coverage.isSynced(period, request.segment.source) && period.endAt <= desk.asOf;
    const timed = isTimedForm(form);
    const made = figureOf(bucket, { kpi, form, synced, reconstructed: false });
    const { num, den, n, nMissing, squares, flags } = made;
    return {
      num,
      den,
      n,
      nMissing,
      squares,
      flags,
      values: timed ? sortSamples(bucket.samples, unitMs(kpi)) : new Float64Array(),
      open: timed ? sortSamples(bucket.open, unitMs(kpi)) : new Float64Array(),
      value: figureValue(made, form, 'p50'),
    };
  };
  const spans = request.spans.map((span, place): SpanFigures => {
    const [buckets, period] = [filled[place], periods[place]];
    if (!buckets || !period) throw new RangeError(`no span ${place}`);
    const strata = [...buckets.strata.values()].map(({ key, bucket }) => ({
      segment: desk.nameSegment(key),
      figure: figure(bucket, period),
    }));
    return { span, whole: figure(buckets.whole, period), strata };
  });
  return { kind: kindOf(kpi, form), spans };
}

function periodOf({ zone }: Desk, { from, to }: Span): Period {
  const [startAt, endAt] = [zone.startOf(from), zone.startOf(to)];
  return { grain: 'day', label: `${from}..${to}`, startOn: from, endOn: to, startAt, endAt };
}

/** Places of the periods in groups without a common start: a KPI that joins the periods names them by it. */
function distinctStarts(periods: readonly Period[]): readonly (readonly number[])[] {
  const groups: { readonly starts: Set<string>; readonly places: number[] }[] = [];
  for (const [place, { startOn }] of periods.entries()) {
    let group = groups.find(({ starts }) => !starts.has(startOn));
    if (!group) {
      group = { starts: new Set(), places: [] };
      groups.push(group);
    }
    group.starts.add(startOn);
    group.places.push(place);
  }
  return groups.map(({ places }) => places);
}

interface Filling {
  readonly kpi: Kpi;
  readonly request: MeasureRequest;
  readonly periods: readonly Period[];
  readonly places: readonly number[];
  readonly filled: readonly SpanBuckets[];
}

async function fillBuckets(desk: Desk, { kpi, request, periods, places, filled }: Filling): Promise<Form> {
  const { segment, strata, clock = 'calendar' } = request;
  const wanted = keyText(segment);
  const kinds = [...new Set([segment.kind, ...(strata ? [strata] : [])])];
  const indexes = places.map((place) => createPeriodIndex(periods.slice(place, place + 1)));
  return passFacts(
    { ...desk, ...(await clockOf(desk, clock)) },
    {
      kpi,
      kinds,
      indexes,
      visit: ({ grain, segments, measure }) => {
        const buckets = filled[places[grain] ?? -1];
        if (!buckets || !segments.some((key) => keyText(key) === wanted)) return;
        addMeasure(buckets.whole, measure);
        for (const key of segments) {
          if (key.kind !== strata) continue;
          const known = buckets.strata.get(keyText(key)) ?? { key, bucket: emptyBucket() };
          buckets.strata.set(keyText(key), known);
          addMeasure(known.bucket, measure);
        }
      },
    },
  );
}

/** A proportion holds only where no record counts twice over: the figures themselves are looked at again. */
function kindOf(kpi: Kpi, form: Form): FigureKind {
  if (kpi.kind === 'snapshot' || kpi.windowDays) return 'series';
  if (form === 'duration' || form === 'survival') return 'duration';
  if (form === 'ratio' && kpi.unit === 'ratio' && kpi.money.length === 0) return 'proportion';
  if (form === 'ratio' && kpi.unit === 'points') return 'points';
  return form === 'sum' && kpi.unit === 'count' ? 'count' : 'series';
}

/** The KPIs that it names are measured over the same spans, and their sums combined. */
async function measureDerived(desk: Desk, kpi: Kpi, request: MeasureRequest) {
  if (!kpi.derive) throw new Error(`${kpi.id} is not derived`);
  const formulas = formulasOf(kpi.derive);
  const parts = new Map<string, readonly SpanFigures[]>();
  for (const id of kpi.derive.inputs) {
    const part = desk.catalog.get(id);
    const coverage = part && coverageOf(part, desk.sources, desk);
    if (!part || !coverage) return null;
    parts.set(id, (await measureFacts(desk, { kpi: part, coverage }, request)).spans);
  }
  const spans = request.spans.map((span, place): SpanFigures => {
    const lookup: Lookup = (id, field) => parts.get(id)?.[place]?.whole[field] ?? null;
    const num = formulas.num(lookup);
    const den = formulas.den?.(lookup) ?? null;
    const wholes = [...parts.values()].flatMap((spansOf) => spansOf[place]?.whole ?? []);
    const value = formulas.den === null ? num : num === null || !den ? null : num / den;
    return { span, whole: combined(wholes, { num, den, value }), strata: [] };
  });
  return { kind: 'series' as const, spans };
}

function combined(wholes: readonly Measured[], sums: Pick<Measured, 'num' | 'den' | 'value'>): Measured {
  let nMissing = 0;
  for (const whole of wholes) nMissing += whole.nMissing;
  return {
    ...sums,
    n: wholes[0]?.n ?? 0,
    nMissing,
    values: new Float64Array(),
    open: new Float64Array(),
    squares: 0,
    flags: [...new Set(wholes.flatMap(({ flags }) => flags))].sort(),
  };
}
