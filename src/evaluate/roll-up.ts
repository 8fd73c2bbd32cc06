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

export interface Parts {
  /** Whether a segment with a target of its own is a part of the parent. */
  readonly isPart: (kind: string, id: string) => boolean;
  /** The teams that enclose a team, itself left out, or a person. */
  readonly above: (kind: string, id: string) => readonly string[];
}

const ofCompany: Parts = { isPart: (kind) => kind !== 'company', above: () => [] };

/**
 * The named segments' targets of a period, by kind in the order of their first mention, then by id. One that lies within
 * another is a part of that, and not counted twice.
 */
function childTargets(
  rows: readonly ListedTarget[],
  period: Period,
  { isPart, above }: Parts,
): Map<string, Map<string, number>> {
  const kinds = new Map<string, Map<string, number>>();
  for (const { segmentKind: kind, segmentId: id } of rows) {
    if (id === '*' || !isPart(kind, id)) continue;
    const targets = kinds.get(kind) ?? new Map<string, number>();
    if (targets.has(id)) continue;
    const target = listedTarget(rows, period, { kind, id, source: null });
    if (target !== null) kinds.set(kind, targets.set(id, target));
  }
  for (const [kind, targets] of kinds) {
    if (kind !== 'team') continue;
    const inner = [...targets.keys()].filter((id) => above(kind, id).some((other) => targets.has(other)));
    for (const id of inner) targets.delete(id);
  }
  return kinds;
}

interface RollUp {
  readonly adds: boolean;
  readonly weigh: ChildWeights;
  /** Absent: all segments are parts of the company, and none lies within another. */
  readonly parts?: Parts;
}

/** A parent's target from those of its parts: their sum, or their mean weighted by what they weigh in its value. */
export function rollUp(
  rows: readonly ListedTarget[],
  period: Period,
  { adds, weigh, parts = ofCompany }: RollUp,
): RolledUp | null {
  for (const [from, group] of groupParts(childTargets(rows, period, parts), parts)) {
    let sum = 0;
    let whole = 0;
    for (const { kind, id, target } of group) {
      const weight = adds ? 1 : (weigh(kind).get(id) ?? 0);
      sum += target * weight;
      whole += weight;
    }
    if (whole > 0) return { target: adds ? sum : sum / whole, from };
  }
  return null;
}

interface Part {
  readonly kind: string;
  readonly id: string;
  readonly target: number;
}

/** Ways to split a parent. Teams and people are one: whoever belongs to no team with a target stands beside them. */
function groupParts(
  kinds: ReadonlyMap<string, ReadonlyMap<string, number>>,
  { above }: Parts,
): ReadonlyMap<string, readonly Part[]> {
  const listParts = (kind: string): Part[] =>
    [...(kinds.get(kind) ?? [])].map(([id, target]) => ({ kind, id, target }));
  const teams = kinds.get('team');
  const groups = new Map<string, readonly Part[]>();
  for (const kind of kinds.keys()) {
    if (kind === 'owner' && teams) continue;
    const people = kind === 'team' ? listParts('owner') : [];
    // Where nobody's team is known, people and teams are taken for two ways to split the same.
    const isKnown = people.some(({ id }) => above('owner', id).length > 0);
    const alone = people.filter(({ id }) => isKnown && !above('owner', id).some((team) => teams?.has(team)));
    groups.set(kind, [...listParts(kind), ...alone]);
  }
  return groups;
}

/** For each kind of parts with targets of their own: the parent's target less theirs, where something is left. */
export function unallocatedOf(
  rows: readonly ListedTarget[],
  period: Period,
  { key, parts }: { readonly key: SegmentKey; readonly parts: Parts } = { key: company, parts: ofCompany },
): Readonly<Record<string, number>> {
  const whole = listedTarget(rows, period, key);
  if (whole === null) return {};
  const left: Record<string, number> = {};
  for (const [kind, targets] of childTargets(rows, period, parts)) {
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
