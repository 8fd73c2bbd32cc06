import { daysFrom, localDay, midnight, plusDays, type Span } from './oracle-clock.ts';
import { type Living, memberships, parents, rates, type Step, type World } from './oracle-world.ts';

/** One record that counts in a period. */
export interface Item {
  /** Null: not known; such a record is missing. */
  readonly num?: number | null;
  readonly den?: number | null;
  /** Of durations; null: not known. */
  readonly hours?: number | null;
  /** The duration goes on. */
  readonly goesOn?: boolean;
  /** Whose it was at the instant by which it counts. */
  readonly owner?: string | null;
  readonly at: number;
  /** Its value in each other dimension. */
  readonly in?: Readonly<Record<string, string | null>>;
}

export interface Oracle {
  readonly form: 'sum' | 'ratio' | 'duration' | 'survival';
  /** One unit in hours. */
  readonly unitHours?: number;
  readonly itemsIn: (span: Span) => readonly Item[];
  /** No value for want of costs. */
  readonly withheld?: (span: Span) => boolean;
}

export interface Count {
  readonly num: number | null;
  readonly den: number | null;
  readonly value: number | null;
  readonly n: number;
  readonly nMissing: number;
  /** Of durations without any that go on. */
  readonly p90?: number | null;
  readonly mean?: number | null;
}

export const lives = <T extends Living>(records: readonly T[]) => records.filter(({ gone }) => gone === null);

/** What held at an instant; null before the first step. */
export const heldAt = <T>(steps: readonly Step<T>[], instant: number): T | null =>
  steps.findLast(({ at }) => at <= instant)?.value ?? null;

/** The last instant of a day that counts. */
export const endOfDay = (day: string, { asOf }: Pick<World, 'asOf'>): number =>
  Math.min(midnight(plusDays(day, 1)), asOf) - 1;

export const within = (instant: number | null, { startAt, untilAt }: Span): boolean =>
  instant !== null && instant >= startAt && instant < untilAt;

export const isOn = (day: string | null, { startOn, untilOn }: Span): boolean =>
  day !== null && day >= startOn && day < untilOn;

/** Minor units of euros at the rate of a day; null without a rate. */
export function euros(amount: number | null, currency: string, day: string): number | null {
  if (amount === null) return null;
  if (currency === 'EUR') return amount;
  const known = rates.filter((rate) => rate.currency === currency && rate.day <= day);
  const rate = known.at(-1)?.rate;
  if (rate === undefined) return null;
  const exact = amount * rate * (currency === 'JPY' ? 100 : 1);
  return Math.sign(exact) * Math.round(Math.abs(exact));
}

/** A person's team at an instant, and those above it. */
export function teamsOf(owner: string | null, instant: number): readonly string[] {
  const steps = owner === null ? undefined : memberships[owner];
  const chain: string[] = [];
  for (let team = steps ? heldAt(steps, instant) : null; team; team = parents[team] ?? null) chain.push(team);
  return chain;
}

/** Whether an item belongs to a segment: `(none)` holds those without. */
export function belongs(item: Item, kind: string, id: string | null): boolean {
  if (kind === 'company') return true;
  if (kind === 'team') {
    const teams = teamsOf(item.owner ?? null, item.at);
    return id === '(none)' ? teams.length === 0 : teams.includes(id ?? '');
  }
  const value = kind === 'owner' ? (item.owner ?? null) : (item.in?.[kind] ?? null);
  return (value ?? '(none)') === id;
}

export function count({ form, unitHours = 1 }: Oracle, items: readonly Item[]): Count {
  const timed = form === 'duration' || form === 'survival';
  const isKnown = (item: Item) =>
    timed ? item.hours !== null : item.num !== null && (form === 'sum' || item.den !== null);
  const known = items.filter(isKnown);
  const [n, nMissing] = [known.length, items.length - known.length];
  if (timed) {
    const ended = known.filter(({ goesOn }) => !goesOn).map(({ hours }) => (hours ?? 0) / unitHours);
    const open = known.filter(({ goesOn }) => goesOn).map(({ hours }) => (hours ?? 0) / unitHours);
    const value = form === 'survival' ? survivalMedian(ended, open) : middle(ended);
    const sums = { num: sumOf(ended), den: ended.length, value, n, nMissing };
    if (form === 'survival' || ended.length === 0) return sums;
    return { ...sums, p90: middle(ended, 0.9), mean: sums.num / ended.length };
  }
  const num = sumOf(known.map((item) => item.num ?? 0));
  if (form === 'sum') {
    const sum = n === 0 && nMissing > 0 ? null : num;
    return { num: sum, den: null, value: sum, n, nMissing };
  }
  const den = sumOf(known.map((item) => item.den ?? 0));
  return { num, den, value: den > 0 ? num / den : null, n, nMissing };
}

const sumOf = (values: readonly number[]) => {
  let sum = 0;
  for (const value of values) sum += value;
  return sum;
};

/** Type 7 at one half. */
export function middle(values: readonly number[], share = 0.5): number | null {
  const sorted = values.toSorted((a, b) => a - b);
  const place = (sorted.length - 1) * share;
  const [low, high] = [sorted[Math.floor(place)], sorted[Math.ceil(place)]];
  return low === undefined || high === undefined ? null : low + (high - low) * (place - Math.floor(place));
}

/** The first time by which the share that goes on has fallen to one half, by Kaplan and Meier. */
function survivalMedian(ended: readonly number[], open: readonly number[]): number | null {
  let share = 1;
  for (const time of [...new Set(ended)].sort((a, b) => a - b)) {
    const atRisk = [...ended, ...open].filter((other) => other >= time).length;
    share *= 1 - ended.filter((other) => other === time).length / atRisk;
    if (share <= 0.5 + 1e-12) return time;
  }
  return null;
}

/** An amount over days in whole minor units that add up to it. */
export function partOf(amount: number, days: number, place: number): number {
  return Math.round((amount * (place + 1)) / days) - Math.round((amount * place) / days);
}

/** Each day of a cost, with what falls on it. */
export function costDays(
  fromOn: string,
  toOn: string,
  amount: number,
): readonly { day: string; amount: number }[] {
  const days = daysFrom(fromOn, toOn) + 1;
  return Array.from({ length: days }, (_, i) => ({
    day: plusDays(fromOn, i),
    amount: partOf(amount, days, i),
  }));
}

export const today = ({ asOf }: Pick<World, 'asOf'>) => localDay(asOf - 1);
