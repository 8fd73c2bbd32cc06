import type { EffectNote, EffectReport, EffectSide, EffectSize, Verdict } from '../model/action.ts';
import type { Measure, MeasureAnswer, Span, SpanFigures } from '../model/measure.ts';
import type { Segment } from '../model/result.ts';
import { daysBetween } from '../model/zone.ts';
import { lessControl, lessDrift, projectTrend, standardise } from './adjust.ts';
import { type Comparison, compareFigures, detectableBy, excludesZero, isComparison } from './compare.ts';
import { countsLessControl } from './counts.ts';
import { sideInterval } from './side-interval.ts';
import { type EffectCase, silent } from './silent.ts';

/** A mix that moved by less changes nothing that matters. */
const movedMix = 0.1;
/** Shares of fewer records say nothing of a trend. */
const fewestForTrend = 10;

interface Taken {
  readonly kind: MeasureAnswer['kind'];
  /** What the window after is compared with. */
  readonly before: SpanFigures;
  readonly after: SpanFigures;
  /** Earlier windows with figures, oldest first, and how many windows lie between the first and the one after. */
  readonly earlier: readonly number[];
  readonly steps: number;
}

/** The verdict on the window after. */
export async function judgeEffect(
  made: EffectCase,
  measure: Measure,
  after: Span = made.after,
): Promise<EffectReport> {
  const { plan, joint, notes } = made;
  const taken = await take(measure, made, { segment: plan.segment, strata: plan.strata, after });
  if (taken === null) return silent(plan, ['no_data', ...notes], { joint });
  if (taken.after.whole.flags.includes('incomplete'))
    return silent(plan, ['not_synced', ...notes], { joint });
  const sides = {
    before: sideOf(taken.before, taken.kind),
    after: sideOf(taken.after, taken.kind),
  };
  const compared = compare(taken);
  if (!isComparison(compared)) return silent(plan, [compared.note, ...notes], { joint, ...sides });
  const mixed = weighMix(taken, compared);
  const controlled = await withControl({ made, measure, after, treated: taken, of: mixed.comparison });
  const projected = withTrend(taken, controlled.comparison, compared);
  const { comparison } = projected;
  const found: EffectNote[] = [...notes, ...mixed.notes, ...controlled.notes, ...projected.notes];
  const verdict = verdictOf(comparison, plan);
  if (comparison.evident && verdict === 'no_evidence') found.push('below_min_effect');
  const adjusted = comparison !== compared;
  return {
    verdict,
    recheck: null,
    method: comparison.method,
    p: comparison.p,
    ...sides,
    size: comparison.size,
    plain: adjusted ? compared.size : null,
    control: controlled.control,
    mix: mixed.mix,
    expected: projected.expected,
    detectable: comparison.detectable,
    recordsNeeded: comparison.recordsNeeded,
    minEffect: plan.minEffect,
    readyOn: null,
    joint,
    notes: found,
  };
}

/** The second window after: whether what was won is still there. */
export async function recheckEffect(
  first: EffectReport,
  made: EffectCase,
  measure: Measure,
): Promise<EffectReport> {
  const again = await judgeEffect(made, measure, made.second);
  if (again.verdict === 'insufficient') return { ...first, notes: [...first.notes, 'recheck_too_few'] };
  return { ...first, recheck: again.verdict === 'improved' ? 'held' : 'faded' };
}

interface Taking {
  readonly segment: Segment;
  readonly strata: string | null;
  readonly after: Span;
}

async function take(
  measure: Measure,
  made: EffectCase,
  { segment, strata, after }: Taking,
): Promise<Taken | null> {
  const [first, last] = [made.earlier[0], made.earlier.at(-1)];
  if (!first || !last) throw new RangeError('no earlier windows');
  const { kpi, clock } = made.plan;
  const request = { kpi, segment, ...(strata !== null && { strata }), ...(clock && { clock }) };
  const spans = [after, made.before, { from: first.from, to: last.to }, ...made.earlier];
  const answer = await measure({ ...request, spans });
  const [later, before, long, ...earlier] = answer?.spans ?? [];
  if (!answer || !later || !before || !long) return null;
  // What lies before the first record is no history.
  const from = earlier.findIndex(({ whole }) => whole.n > 0);
  const known = from < 0 ? [] : earlier.slice(from).flatMap((figures) => trendValue(figures, answer.kind));
  return {
    kind: answer.kind,
    before: made.plan.pickedAsWorst && from >= 0 ? since(long, earlier[from]) : before,
    after: later,
    earlier: known,
    steps: Math.round(
      daysBetween(earlier[Math.max(0, from)]?.span.from ?? after.from, after.from) / made.plan.windowDays,
    ),
  };
}

/** The same figures: the days before the first record added nothing to them. */
function since(long: SpanFigures, first: SpanFigures | undefined): SpanFigures {
  return first ? { ...long, span: { from: first.span.from, to: long.span.to } } : long;
}

function trendValue({ whole }: SpanFigures, kind: MeasureAnswer['kind']): number[] {
  const tooFew = kind === 'proportion' && (whole.den ?? 0) < fewestForTrend;
  return whole.value === null || tooFew ? [] : [whole.value];
}

function compare({ kind, before, after, earlier }: Taken) {
  const exposure =
    daysBetween(after.span.from, after.span.to) / daysBetween(before.span.from, before.span.to);
  return compareFigures({ kind, before: before.whole, after: after.whole, exposure, earlier });
}

function sideOf({ span, whole }: SpanFigures, kind: MeasureAnswer['kind']): EffectSide {
  const { num, den, value, n } = whole;
  return { ...span, num, den, value, n, interval: sideInterval(kind, whole) };
}

interface Adjusted {
  readonly comparison: Comparison;
  readonly notes: readonly EffectNote[];
}

function resized(comparison: Comparison, size: EffectSize): Comparison {
  const evident = excludesZero(size.low, size.high);
  return { ...comparison, size, evident, p: null, detectable: detectableBy(size), recordsNeeded: null };
}

function weighMix(taken: Taken, comparison: Comparison): Adjusted & Pick<EffectReport, 'mix'> {
  const standard = standardise(taken.kind, taken.before, taken.after);
  const kind = taken.before.strata[0]?.segment.kind ?? '';
  if (standard === null) return { comparison, notes: [], mix: null };
  const { moved } = standard;
  const weighted = standard.comparison;
  const before = taken.before.whole.value;
  const standardised = weighted === null || before === null ? null : before + weighted.size.effect;
  const mix = { kind, moved, standardised };
  if (moved < movedMix || weighted === null) return { comparison, notes: [], mix };
  return { comparison: weighted, notes: ['mix_moved'], mix };
}

interface ControlInput {
  readonly made: EffectCase;
  readonly measure: Measure;
  readonly after: Span;
  readonly treated: Taken;
  readonly of: Comparison;
}

function countsOf({ before, after }: Taken) {
  return { first: before.whole.num ?? 0, second: after.whole.num ?? 0 };
}

async function withControl({
  made,
  measure,
  after,
  treated,
  of,
}: ControlInput): Promise<Adjusted & Pick<EffectReport, 'control'>> {
  const segment = made.plan.control;
  if (segment === null) return { comparison: of, notes: [], control: null };
  const taken = await take(measure, made, { segment, strata: null, after });
  const compared = taken && compare(taken);
  if (!taken || !compared || !isComparison(compared))
    return { comparison: of, notes: ['control_too_small'], control: null };
  const counted =
    treated.kind === 'count' ? countsLessControl(countsOf(treated), countsOf(taken)) : undefined;
  if (counted === null) return { comparison: of, notes: ['control_too_small'], control: null };
  return {
    comparison: resized(of, counted ?? lessControl(of.size, compared.size)),
    notes: [],
    control: {
      segment,
      before: sideOf(taken.before, taken.kind),
      after: sideOf(taken.after, taken.kind),
      size: compared.size,
    },
  };
}

function withTrend(
  taken: Taken,
  comparison: Comparison,
  plain: Comparison,
): Adjusted & Pick<EffectReport, 'expected'> {
  const { value } = taken.after.whole;
  const trend = projectTrend(taken.earlier, taken.steps);
  const usual = taken.kind === 'duration' ? taken.before.whole.value : (value ?? 0) - plain.size.effect;
  if (trend === null || usual === null) return { comparison, notes: [], expected: null };
  const size = lessDrift(comparison.size, trend.expected - usual, trend.spread);
  return { comparison: resized(comparison, size), notes: ['trend_before'], expected: trend.expected };
}

function verdictOf(
  { evident, size }: Comparison,
  { better, minEffect }: { readonly better: 'higher' | 'lower'; readonly minEffect: number },
): Verdict {
  if (!evident || Math.abs(size.effect) < minEffect - 1e-9) return 'no_evidence';
  return size.effect > 0 === (better === 'higher') ? 'improved' : 'worsened';
}
