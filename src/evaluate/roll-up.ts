import type { Goal } from '../model/goal.ts';
import type { Period } from '../model/period.ts';
import { addDays } from '../model/zone.ts';
import { company, type SegmentKey } from './segments.ts';

/** Targets of single segments, money in major units; `*` stands for every period or id. */
export type ListedTarget = Extract<Goal['targets'], { kind: 'list' }>['rows'][number];

/** What a parent's target follows from where none is given: how much each of its parts weighs in the parent's value. */
export type ChildWeights = (kind: string) => ReadonlyMap<string, number>;

export interface RolledUp {
  readonly target: number;
  /** Kind of the segments whose targets it was made of. */
  readonly from: string;
}

/** What names its segment, then its period, comes before what speaks of all. */
export function listedTarget(
  rows: readonly ListedTarget[],
  period: Period,
  { kind, id }: SegmentKey,
): number | null {
  let found: number | null = null;
  let closest = -1;
  for (const row of rows) {
    if (row.segmentKind !== kind) continue;
    const named = kind === 'company' || row.segmentId === id;
    const dated = row.period === period.label;
    if (!(named || row.segmentId === '*') || !(dated || row.period === '*')) continue;
    const closeness = (named ? 2 : 0) + (dated ? 1 : 0);
    if (closeness <= closest) continue;
    closest = closeness;
    found = row.target;
  }
  return found;
}

/** Whether a segment with a target of its own is a part of the parent. */
export type IsPart = (kind: string, id: string) => boolean;

const ofCompany: IsPart = (kind) => kind !== 'company';

/** The named segments' targets of a period, by kind in the order of their first mention, then by id. */
function childTargets(
  rows: readonly ListedTarget[],
  period: Period,
  isPart: IsPart,
): Map<string, Map<string, number>> {
  const kinds = new Map<string, Map<string, number>>();
  for (const { segmentKind: kind, segmentId: id } of rows) {
    if (id === '*' || !isPart(kind, id)) continue;
    const targets = kinds.get(kind) ?? new Map<string, number>();
    if (targets.has(id)) continue;
    const target = listedTarget(rows, period, { kind, id, source: null });
    if (target !== null) kinds.set(kind, targets.set(id, target));
  }
  return kinds;
}

interface RollUp {
  readonly adds: boolean;
  readonly weigh: ChildWeights;
  /** Absent: all segments are parts of the company. */
  readonly isPart?: IsPart;
}

/** A parent's target from those of its parts: their sum, or their mean weighted by what they weigh in its value. */
export function rollUp(
  rows: readonly ListedTarget[],
  period: Period,
  { adds, weigh, isPart = ofCompany }: RollUp,
): RolledUp | null {
  for (const [kind, targets] of childTargets(rows, period, isPart)) {
    const weights = adds ? null : weigh(kind);
    let sum = 0;
    let whole = 0;
    for (const [id, target] of targets) {
      const weight = weights ? (weights.get(id) ?? 0) : 1;
      sum += target * weight;
      whole += weight;
    }
    if (whole > 0) return { target: adds ? sum : sum / whole, from: kind };
  }
  return null;
}

/** For each kind of parts with targets of their own: the parent's target less theirs, where something is left. */
export function unallocatedOf(
  rows: readonly ListedTarget[],
  period: Period,
  { key, isPart }: { readonly key: SegmentKey; readonly isPart: IsPart } = {
    key: company,
    isPart: ofCompany,
  },
): Readonly<Record<string, number>> {
  const whole = listedTarget(rows, period, key);
  if (whole === null) return {};
  const left: Record<string, number> = {};
  for (const [kind, targets] of childTargets(rows, period, isPart)) {
    let sum = 0;
    for (const target of targets.values()) sum += target;
    if (Math.abs(whole - sum) > 1e-9 * Math.max(1, Math.abs(whole))) left[kind] = whole - sum;
  }
  return left;
}

/**
 * The share of a target that is asked of somebody new: the first of `steps` in the first month since they came, the
 * second in the next, all of it after the last; over a period the mean of its days.
 */
export function newHireShare(steps: readonly number[], hiredOn: string, period: Period): number {
  let sum = 0;
  let days = 0;
  for (let day = period.startOn; day < period.endOn; day = addDays(day, 1)) {
    sum += day < hiredOn ? 0 : (steps[wholeMonths(hiredOn, day)] ?? 1);
    days++;
  }
  return days === 0 ? 1 : sum / days;
}

function wholeMonths(from: string, to: string): number {
  const months = (text: string) => Number(text.slice(0, 4)) * 12 + Number(text.slice(5, 7));
  return months(to) - months(from) - (to.slice(8) < from.slice(8) ? 1 : 0);
}
