import type { EffectSize } from '../model/action.ts';
import type { FigureKind, SpanFigures, Stratum } from '../model/measure.ts';
import { mannKendall } from '../statistics/trend.ts';
import { type Comparison, compareFigures, detectableBy, excludesZero, isComparison } from './compare.ts';

/** Difference of two differences, the intervals combined by squares. */
export function lessControl(treated: EffectSize, control: EffectSize): EffectSize {
  const effect = treated.effect - control.effect;
  return {
    effect,
    low: lowerBy(effect, [reach(treated.effect, treated.low), reach(control.high, control.effect)]),
    high: upperBy(effect, [reach(treated.high, treated.effect), reach(control.effect, control.low)]),
  };
}

function reach(upper: number | null, lower: number | null): number | null {
  return upper === null || lower === null ? null : upper - lower;
}

function lowerBy(effect: number, parts: readonly (number | null)[]): number | null {
  const known = parts.filter((part) => part !== null);
  return known.length < parts.length ? null : effect - Math.hypot(...known);
}

function upperBy(effect: number, parts: readonly (number | null)[]): number | null {
  const known = parts.filter((part) => part !== null);
  return known.length < parts.length ? null : effect + Math.hypot(...known);
}

export interface Standardised {
  /** Half the sum of the differences of the shares: 0 nothing moved, 1 everything. */
  readonly moved: number;
  /** null: too little of the mix before is left to be compared. */
  readonly comparison: Comparison | null;
}

/** Records without whom a mix can still be told. */
const coveredWeight = 0.8;

/** The change within each stratum, weighted by the mix before. Null where there are no strata, or only one. */
export function standardise(kind: FigureKind, before: SpanFigures, after: SpanFigures): Standardised | null {
  if (kind !== 'proportion' && kind !== 'duration') return null;
  const [first, second] = [sharesOf(before), sharesOf(after)];
  const ids = new Set([...first.keys(), ...second.keys()]);
  if (ids.size < 2) return null;
  let moved = 0;
  for (const id of ids) moved += Math.abs((first.get(id)?.share ?? 0) - (second.get(id)?.share ?? 0)) / 2;
  return { moved, comparison: combineStrata(kind, first, second) };
}

type Shares = ReadonlyMap<string, Stratum & { readonly share: number }>;

function sharesOf({ strata }: SpanFigures): Shares {
  let total = 0;
  for (const { figure } of strata) total += sizeOf(figure);
  return new Map(
    strata
      .filter(({ figure }) => sizeOf(figure) > 0)
      .map((stratum) => {
        const { source, id } = stratum.segment;
        return [`${source ?? ''}\n${id ?? ''}`, { ...stratum, share: sizeOf(stratum.figure) / total }];
      }),
  );
}

function sizeOf({ den, n }: Stratum['figure']): number {
  return den ?? n;
}

function combineStrata(kind: FigureKind, before: Shares, after: Shares): Comparison | null {
  const parts: { weight: number; made: Comparison }[] = [];
  let covered = 0;
  for (const [id, { figure, share }] of before) {
    const later = after.get(id);
    const made =
      later && compareFigures({ kind, before: figure, after: later.figure, exposure: 1, earlier: [] });
    if (!made || !isComparison(made)) continue;
    parts.push({ weight: share, made });
    covered += share;
  }
  const first = parts[0];
  if (!first || covered < coveredWeight) return null;
  let [effect, below, above] = [0, 0, 0];
  for (const { weight, made } of parts) {
    const part = weight / covered;
    const { effect: d, low, high } = made.size;
    effect += part * d;
    below += (part * (d - (low ?? d))) ** 2;
    above += (part * ((high ?? d) - d)) ** 2;
  }
  const size = { effect, low: effect - Math.sqrt(below), high: effect + Math.sqrt(above) };
  const evident = excludesZero(size.low, size.high);
  return { ...first.made, size, p: null, evident, detectable: detectableBy(size), recordsNeeded: null };
}

export interface Projection {
  /** What the window after would have come to by the trend before. */
  readonly expected: number;
  /** How far earlier windows lay from the line. */
  readonly spread: number;
}

/** Null where the windows before show no trend. `steps`: windows from the first one to the one after. */
export function projectTrend(earlier: readonly number[], steps: number): Projection | null {
  const trend = mannKendall(earlier);
  if (trend === null || trend.direction === 'none') return null;
  const levels = earlier.map((value, place) => value - trend.slope * place).sort((a, b) => a - b);
  const middle = (levels.length - 1) / 2;
  const level = ((levels[Math.floor(middle)] ?? 0) + (levels[Math.ceil(middle)] ?? 0)) / 2;
  return {
    expected: level + trend.slope * steps,
    spread: Math.max(...levels.map((value) => Math.abs(value - level))),
  };
}

/** The effect beyond what the trend would have brought anyway. */
export function lessDrift(size: EffectSize, drift: number, spread: number): EffectSize {
  const effect = size.effect - drift;
  return {
    effect,
    low: lowerBy(effect, [reach(size.effect, size.low), spread]),
    high: upperBy(effect, [reach(size.high, size.effect), spread]),
  };
}
