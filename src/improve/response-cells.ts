import { fisherGreater, type Portion } from '../statistics/fisher.ts';
import { wilson } from '../statistics/intervals.ts';
import { benjaminiHochberg } from '../statistics/trend.ts';

/** A queue, or a weekday of it, with fewer cases is not looked at. */
const smallestCell = 10;
/** Nine in ten are to be in time. */
export const slowShare = 0.1;
const falseShare = 0.01;
const mostCells = 10;
/** Counts of a group: seven weekdays, then all days. */
const slots = 8;
const allDays = 7;

/** A case whose first reply came, or is late. */
export interface Reply {
  readonly source: string;
  readonly id: string;
  readonly owner: string | null;
  readonly hours: number;
  readonly isSlow: boolean;
  /** No reply yet. */
  readonly isWaiting: boolean;
  /** 0 Sunday to 6 Saturday and 0 to 23, local time of the creation. */
  readonly weekday: number;
  readonly hour: number;
  /** Places in the list of groups: queue, team, pipeline, channel, category; 0 is the company. */
  readonly groups: readonly number[];
}

/** A part of the cases, on all days or on one weekday. */
export interface Cell {
  readonly group: number;
  readonly weekday: number | null;
  readonly replies: readonly Reply[];
}

/**
 * The parts of the cases where replies are slow, the clearest first. Each explains its cases away before the next is
 * sought, so that one queue's Saturdays are not told again as a channel's or a team's.
 */
export function findSlowCells(replies: readonly Reply[], groupCount: number): readonly Cell[] {
  const found: Cell[] = [];
  let left = replies;
  while (found.length < mostCells) {
    const slot = clearestSlot(left, groupCount);
    if (slot === null) break;
    const group = Math.floor(slot / slots);
    const weekday = slot % slots === allDays ? null : slot % slots;
    const isInside = (reply: Reply) =>
      reply.groups.includes(group) && (weekday === null || reply.weekday === weekday);
    found.push({ group, weekday, replies: left.filter(isInside) });
    left = left.filter((reply) => !isInside(reply));
  }
  const slow = left.filter((reply) => reply.isSlow).length;
  if (left.length >= smallestCell && isSlow({ num: slow, den: left.length }))
    found.push({ group: 0, weekday: null, replies: left });
  return found;
}

/** More than one in ten are slow, and that is no accident. */
function isSlow({ num, den }: Portion): boolean {
  return den > 0 && wilson(num, den).low > slowShare;
}

/** Place in the counts; null where no part differs from the rest. */
function clearestSlot(replies: readonly Reply[], groupCount: number): number | null {
  const { nums, dens } = count(replies, groupCount);
  const all = { num: nums[allDays] ?? 0, den: dens[allDays] ?? 0 };
  const tested: { slot: number; one: Portion; rest: Portion; p: number }[] = [];
  for (const [slot, den] of dens.entries()) {
    if (den < smallestCell || den >= all.den) continue;
    const one = { num: nums[slot] ?? 0, den };
    const rest = { num: all.num - one.num, den: all.den - den };
    tested.push({ slot, one, rest, p: fisherGreater(one, rest) });
  }
  const stands = benjaminiHochberg(
    tested.map(({ p }) => p),
    falseShare,
  );
  const slow = tested.filter(({ one }, place) => stands[place] === true && isSlow(one));
  slow.sort((a, b) => distance(b.one, b.rest) - distance(a.one, a.rest) || a.slot - b.slot);
  return slow[0]?.slot ?? null;
}

function count(replies: readonly Reply[], groupCount: number): { nums: Float64Array; dens: Float64Array } {
  const nums = new Float64Array(groupCount * slots);
  const dens = new Float64Array(groupCount * slots);
  for (const reply of replies) {
    for (const group of reply.groups) {
      for (const slot of [group * slots + reply.weekday, group * slots + allDays]) {
        dens[slot] = (dens[slot] ?? 0) + 1;
        if (reply.isSlow) nums[slot] = (nums[slot] ?? 0) + 1;
      }
    }
  }
  return { nums, dens };
}

/** How far two shares lie apart, in standard deviations: it orders what no p does any more. */
function distance(one: Portion, rest: Portion): number {
  const pooled = (one.num + rest.num) / (one.den + rest.den);
  const spread = Math.sqrt(pooled * (1 - pooled) * (1 / one.den + 1 / rest.den));
  return spread > 0 ? (one.num / one.den - rest.num / rest.den) / spread : 0;
}
