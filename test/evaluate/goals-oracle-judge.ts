import type { Evidence, Movement, Shape, Status } from '../../src/model/goal.ts';
import type { Figure, Form, Item, Mode } from './goals-oracle-count.ts';
import { shiftOf } from './goals-oracle-shift.ts';

/** Deviation, status, evidence and movement by the text. */

export type Target = number | { readonly lo: number; readonly hi: number };
export type ShapeName = Shape['kind'];

function deviation(shape: ShapeName, target: Target, value: number): number {
  if (typeof target !== 'number') {
    const outside = Math.max(target.lo - value, value - target.hi, 0);
    if (outside === 0) return 0;
    return outside / (target.hi - target.lo);
  }
  const short = shape === 'at_least' ? target - value : value - target;
  if (target === 0) return short <= 0 ? 0 : 1;
  return short / Math.abs(target);
}

export function attainment(shape: ShapeName, target: Target, value: number): number | null {
  if (typeof target !== 'number') return Math.max(0, 1 - deviation(shape, target, value));
  if (shape === 'at_least') return target <= 0 ? null : Math.max(0, value / target);
  if (value <= target && value <= 0) return 1;
  return Math.max(0, target / value);
}

/** Into a range the way leads to its nearer end. */
export const gapClosed = (value: number | null, base: number | null, target: Target): number | null => {
  if (value === null || base === null) return null;
  const end = typeof target === 'number' ? target : Math.max(target.lo, Math.min(target.hi, base));
  return end === base ? null : (value - base) / (end - base);
};

export interface Case {
  readonly shape: ShapeName;
  /** Of an open sum what is due by now. */
  readonly target: Target;
  readonly form: Form;
  readonly mode: Mode;
  readonly figure: Figure;
  readonly minN: number;
  readonly warnTolerance: number;
  readonly exceedTolerance: number;
  readonly elapsed: number;
  readonly hasBegun: boolean;
}

export function statusOf(one: Case): Status {
  const { shape, target, mode, figure } = one;
  if (!one.hasBegun) return 'not_started';
  if (figure.value === null) return 'no_data';
  if (mode === 'rate' && figure.den < one.minN) return 'insufficient';
  if (mode === 'cumulative' && one.elapsed < 0.1) return 'insufficient';
  const dev = deviation(shape, target, figure.value);
  const mayExceed = typeof target === 'number' && target !== 0;
  if (mayExceed && dev <= -one.exceedTolerance + 1e-9) return 'exceeded';
  if (dev <= 1e-9) return 'on_target';
  return dev <= one.warnTolerance + 1e-9 ? 'at_risk' : 'off_target';
}

const z = 1.959963984540054;
type Bounds = readonly [number, number];

export function wilson(num: number, den: number): Bounds {
  const p = num / den;
  const whole = 1 + (z * z) / den;
  const half = z * Math.sqrt((p * (1 - p)) / den + (z * z) / (4 * den * den));
  const middle = p + (z * z) / (2 * den);
  return [(middle - half) / whole, (middle + half) / whole];
}

/** Of a median, from the order of the values: the narrowest pair that holds it in 95 % of all cases. */
export function medianBounds(hours: readonly number[]): Bounds | null {
  const sorted = hours.toSorted((a, b) => a - b);
  const n = sorted.length;
  let below = 0;
  let chance = 2 ** -n;
  let place = -1;
  for (let k = 0; k < n / 2; k++) {
    below += chance;
    if (1 - 2 * below < 0.95) break;
    place = k;
    chance = (chance * (n - k)) / (k + 1);
  }
  const [low, high] = [sorted[place], sorted[n - 1 - place]];
  return place < 0 || low === undefined || high === undefined ? null : [low, high];
}

export function evidenceOf(target: Target, bounds: Bounds | null): Evidence {
  if (bounds === null) return 'unknown';
  const ends = typeof target === 'number' ? [target] : [target.lo, target.hi];
  const isInside = ends.some((end) => end >= bounds[0] - 1e-9 && end <= bounds[1] + 1e-9);
  return isInside ? 'within_noise' : 'clear';
}

export interface Side {
  readonly figure: Figure;
  readonly items: readonly Item[];
  readonly days: number;
}

export function movementOf(form: Form, better: 'higher' | 'lower', sides: readonly [Side, Side]): Movement {
  const rises = directionOf(form, sides);
  if (rises === 0) return 'no_evidence';
  return rises > 0 === (better === 'higher') ? 'improved' : 'worsened';
}

function directionOf(form: Form, [before, after]: readonly [Side, Side]): number {
  if (form === 'ratio') return newcombe(before.figure, after.figure);
  if (form === 'hours')
    return shiftOf(
      before.items.map(({ num }) => num),
      after.items.map(({ num }) => num),
    );
  if (form === 'count') return binomial(before, after);
  return 0;
}

function newcombe(before: Figure, after: Figure): number {
  if (before.den < 20 || after.den < 20) return 0;
  const [p1, p2] = [before.num / before.den, after.num / after.den];
  const [l1, u1] = wilson(before.num, before.den);
  const [l2, u2] = wilson(after.num, after.den);
  const low = p2 - p1 - Math.hypot(p2 - l2, u1 - p1);
  const high = p2 - p1 + Math.hypot(u2 - p2, p1 - l1);
  if (low > 0) return 1;
  return high < 0 ? -1 : 0;
}

/** The chance of what is no likelier than what was found, of all ways to share the events out over both days. */
function binomial(before: Side, after: Side): number {
  const [n1, n2] = [before.figure.num, after.figure.num];
  const share = after.days / (before.days + after.days);
  const n = n1 + n2;
  const logs = [n * Math.log(1 - share)];
  for (let k = 0; k < n; k++)
    logs.push((logs[k] ?? 0) + Math.log(((n - k) / (k + 1)) * (share / (1 - share))));
  const found = logs[n2] ?? 0;
  let p = 0;
  for (const each of logs) if (each <= found + 1e-9) p += Math.exp(each);
  if (n === 0 || p >= 0.05) return 0;
  return n2 > n * share ? 1 : -1;
}
