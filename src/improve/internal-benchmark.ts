import type { EffectSize } from '../model/action.ts';
import type { Kpi } from '../model/kpi.ts';
import type { FigureKind, Measure, Measured, Span } from '../model/measure.ts';
import type { Segment } from '../model/result.ts';
import { quantile } from '../statistics/intervals.ts';
import { survivalMedian } from '../statistics/survival.ts';
import { compareFigures, isComparison } from './compare.ts';

/** A team or connection against all others. */
export interface InternalStanding {
  readonly segment: Segment;
  readonly value: number | null;
  readonly num: number | null;
  readonly den: number | null;
  readonly n: number;
  /** What the others come to. */
  readonly rest: number | null;
  /** Its figure less the others', with its interval; null where nothing can be said. */
  readonly size: EffectSize | null;
  /** Told only with evidence. */
  readonly standing: 'better' | 'worse' | 'no_evidence' | 'too_few';
}

export interface InternalInput {
  readonly kpi: Kpi;
  readonly measure: Measure;
  readonly span: Span;
  readonly kind: 'team' | 'connection';
}

/** Each against the rest, by the same intervals as everything else; no ranking without evidence. */
export async function benchmarkInternally({
  kpi,
  measure,
  span,
  kind,
}: InternalInput): Promise<readonly InternalStanding[]> {
  const company = { kind: 'company', id: null, source: null };
  const answer = await measure({ kpi: kpi.id, segment: company, spans: [span], strata: kind });
  const [figures] = answer?.spans ?? [];
  if (!answer || !figures || figures.strata.length < 2) return [];
  return figures.strata
    .filter(({ segment }) => segment.id !== '(none)')
    .map(({ segment, figure }) =>
      standingOf(segment, figure, { kpi, kind: answer.kind, whole: figures.whole }),
    )
    .sort((a, b) => (a.segment.name ?? '').localeCompare(b.segment.name ?? ''));
}

interface Whole {
  readonly kpi: Kpi;
  readonly kind: FigureKind;
  readonly whole: Measured;
}

function standingOf(segment: Segment, figure: Measured, { kpi, kind, whole }: Whole): InternalStanding {
  const rest = without(whole, figure, kind);
  const { value, num, den, n } = figure;
  const base = { segment, value, num, den, n, rest: rest?.value ?? null };
  // A count of one team and of all others say nothing about each other; a money mean has no interval.
  if (rest === null) return { ...base, size: null, standing: 'no_evidence' };
  const compared = compareFigures({ kind, before: rest, after: figure, exposure: 1, earlier: [] });
  if (!isComparison(compared)) return { ...base, size: null, standing: 'too_few' };
  if (!compared.evident) return { ...base, size: compared.size, standing: 'no_evidence' };
  const isBetter = compared.size.effect > 0 === (kpi.better !== 'lower');
  return { ...base, size: compared.size, standing: isBetter ? 'better' : 'worse' };
}

/** All but one; null where the parts do not add up. */
function without(whole: Measured, part: Measured, kind: FigureKind): Measured | null {
  if (kind === 'count' || kind === 'series') return null;
  const num = (whole.num ?? 0) - (part.num ?? 0);
  const den = (whole.den ?? 0) - (part.den ?? 0);
  const values = removed(whole.values, part.values);
  const open = removed(whole.open, part.open);
  const value = kind === 'duration' ? medianOf(values, open) : den > 0 ? num / den : null;
  return {
    num,
    den,
    value,
    n: whole.n - part.n,
    nMissing: 0,
    values,
    open,
    squares: whole.squares - part.squares,
    flags: [],
  };
}

/** What is left of sorted values. */
function removed(all: Float64Array, some: Float64Array): Float64Array {
  const rest: number[] = [];
  let next = 0;
  for (const value of all) {
    if (some[next] === value) next++;
    else rest.push(value);
  }
  return Float64Array.from(rest);
}

function medianOf(ended: Float64Array, open: Float64Array): number | null {
  return open.length === 0 ? quantile(ended, 0.5) : (survivalMedian(ended, open)?.median ?? null);
}
