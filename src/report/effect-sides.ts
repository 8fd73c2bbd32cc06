import type { EffectReport, EffectSide } from '../model/action.ts';
import type { Unit } from '../model/kpi.ts';
import { daysBetween } from '../model/zone.ts';
import { wilson } from '../statistics/intervals.ts';

/** One side of an effect, so that both can be drawn on one scale. */
export interface DrawnSide {
  readonly side: EffectSide;
  readonly value: number;
  /** Ends of the 95 % interval, or of what was usual; null where there is none. */
  readonly low: number | null;
  readonly high: number | null;
}

export interface DrawnEffect {
  readonly before: DrawnSide;
  readonly after: DrawnSide;
  /** How the side before is to be read beside the one after. */
  readonly basis: 'same' | 'as_many_days' | 'usual';
}

/** Both sides with their intervals; null where one has no figure. */
export function drawnEffect(report: EffectReport, unit: Unit): DrawnEffect | null {
  const { before, after, method } = report;
  if (!before || !after || after.value === null) return null;
  const drawnAfter = drawSide(after, unit, after.value);
  if (method === 'behaviour_chart') return usualBefore(report, { before, after: drawnAfter });
  if (before.value === null) return null;
  const times = daysBetween(after.from, after.to) / daysBetween(before.from, before.to);
  if (method !== 'binomial' || times === 1)
    return { before: drawSide(before, unit, before.value), after: drawnAfter, basis: 'same' };
  const whole = drawSide(before, unit, before.value);
  const share = (value: number | null) => (value === null ? null : value * times);
  const scaled = { side: before, value: whole.value * times, low: share(whole.low), high: share(whole.high) };
  return { before: scaled, after: drawnAfter, basis: 'as_many_days' };
}

function drawSide(side: EffectSide, unit: Unit, value: number): DrawnSide {
  const { low, high } = side.interval ?? shareInterval(side, unit) ?? { low: null, high: null };
  return { side, value, low, high };
}

/** Of effects that were measured before intervals were kept: those of shares follow from their records. */
function shareInterval({ num, den, interval }: EffectSide, unit: Unit) {
  if (interval !== undefined || unit !== 'ratio' || num === null || den === null) return null;
  const isShare = Number.isInteger(num) && Number.isInteger(den) && den > 0 && num >= 0 && num <= den;
  return isShare ? wilson(num, den) : null;
}

/** What earlier windows led to expect, with the limits of routine variation: read back from the change. */
function usualBefore(
  { size, plain }: EffectReport,
  { before, after }: { readonly before: EffectSide; readonly after: DrawnSide },
): DrawnEffect | null {
  const change = plain ?? size;
  if (change === null) return null;
  const usual = after.value - change.effect;
  // Neither money nor states are seen below nothing where they were not before.
  const floor = usual >= 0 && after.value >= 0 ? 0 : Number.NEGATIVE_INFINITY;
  const back = (by: number | null) => (by === null ? null : Math.max(floor, after.value - by));
  return {
    before: {
      side: before,
      value: usual,
      low: back(change.high),
      high: back(change.low),
    },
    after,
    basis: 'usual',
  };
}
