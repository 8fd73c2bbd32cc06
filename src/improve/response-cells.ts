import type { SqlValue } from '../model/entities.ts';
import type { Zone } from '../model/zone.ts';
import { fisherGreater, type Portion } from '../statistics/fisher.ts';
import { wilson } from '../statistics/intervals.ts';
import { benjaminiHochberg } from '../statistics/trend.ts';
import type { Bench } from './bench.ts';
import { textOf } from './tally.ts';

const hourMs = 3_600_000;
/** A queue, or a weekday of it, with fewer cases is not looked at. */
const smallestCell = 10;
/** Nine in ten are to be in time. */
export const slowShare = 0.1;
const falseShare = 0.01;

/** A case whose first reply came, or is late. */
export interface Reply {
  readonly row: readonly SqlValue[];
  readonly hours: number;
  readonly isSlow: boolean;
  /** 0 Sunday to 6 Saturday and 0 to 23, local time of the creation. */
  readonly weekday: number;
  readonly hour: number;
  /** What it belongs to: queue, team, pipeline, channel, category. */
  readonly groups: readonly Group[];
}

export interface Group {
  readonly kind: string;
  readonly source: string | null;
  readonly id: string;
  readonly name: string;
}

/** A part of the cases, on all days or on one weekday. */
export interface Cell {
  readonly group: Group | null;
  readonly weekday: number | null;
  readonly replies: readonly Reply[];
}

export function localClock(zone: Zone): (at: number) => { readonly weekday: number; readonly hour: number } {
  return (at) => {
    const date = zone.dateOf(at);
    const hour = Math.min(23, Math.floor((at - zone.startOf(date)) / hourMs));
    return { weekday: new Date(`${date}T00:00:00Z`).getUTCDay(), hour };
  };
}

/** Columns: source, id, owner, created, replied, closed, pipeline, channel, category, first owner's queue and its name. */
export function groupsOf({ teamOf }: Pick<Bench, 'teamOf'>): (row: readonly SqlValue[]) => readonly Group[] {
  const made = new Map<string, Group>();
  function group(
    kind: string,
    value: SqlValue | undefined,
    { source, name }: { source: string | null; name?: string | null },
  ): Group[] {
    const id = textOf(value);
    if (id === null) return [];
    const key = `${kind}\n${source ?? ''}\n${id}`;
    const known = made.get(key) ?? { kind, source, id, name: name ?? id };
    made.set(key, known);
    return [known];
  }
  return (row) => {
    const source = String(row[0]);
    const team = teamOf(source, textOf(row[2]));
    return [
      ...group('owner', row[9], { source, name: textOf(row[10]) }),
      ...group('team', team?.id, { source, name: team?.name ?? null }),
      ...group('pipeline', row[6], { source }),
      ...group('channel', row[7], { source: null }),
      ...group('case_category', row[8], { source: null }),
    ];
  };
}

/**
 * The parts of the cases where replies are slow, the clearest first. Each explains its cases away before the next is
 * sought, so that one queue's Saturdays are not told again as a channel's or a team's.
 */
export function findSlowCells(replies: readonly Reply[]): readonly Cell[] {
  const found: Cell[] = [];
  let left = replies;
  while (found.length < 10) {
    const cell = clearest(left);
    if (!cell) break;
    found.push(cell);
    const explained = new Set(cell.replies);
    left = left.filter((reply) => !explained.has(reply));
  }
  if (isSlow(portionOf(left)) && left.length >= smallestCell)
    found.push({ group: null, weekday: null, replies: left });
  return found;
}

/** More than one in ten are slow, and that is no accident. */
function isSlow({ num, den }: Portion): boolean {
  return den > 0 && wilson(num, den).low > slowShare;
}

function portionOf(replies: readonly Reply[]): Portion {
  let num = 0;
  for (const { isSlow: slow } of replies) if (slow) num++;
  return { num, den: replies.length };
}

function clearest(replies: readonly Reply[]): Cell | null {
  const cells = listCells(replies);
  const all = portionOf(replies);
  const tested = cells.map((cell) => {
    const one = portionOf(cell.replies);
    const rest = { num: all.num - one.num, den: all.den - one.den };
    return { cell, one, rest, p: fisherGreater(one, rest) };
  });
  const stands = benjaminiHochberg(
    tested.map(({ p }) => p),
    falseShare,
  );
  const slow = tested.filter(({ one }, place) => stands[place] === true && isSlow(one));
  slow.sort((a, b) => distance(b.one, b.rest) - distance(a.one, a.rest));
  return slow[0]?.cell ?? null;
}

/** How far two shares lie apart, in standard deviations: it orders what no p does any more. */
function distance(one: Portion, rest: Portion): number {
  const pooled = (one.num + rest.num) / (one.den + rest.den);
  return (
    (one.num / one.den - rest.num / rest.den) /
    Math.sqrt(pooled * (1 - pooled) * (1 / one.den + 1 / rest.den))
  );
}

function listCells(replies: readonly Reply[]): readonly Cell[] {
  const cells = new Map<string, { group: Group | null; weekday: number | null; replies: Reply[] }>();
  const put = (group: Group | null, weekday: number | null, reply: Reply) => {
    const key = `${group?.kind ?? ''}\n${group?.source ?? ''}\n${group?.id ?? ''}\n${weekday ?? ''}`;
    const cell = cells.get(key) ?? { group, weekday, replies: [] };
    cells.set(key, cell);
    cell.replies.push(reply);
  };
  for (const reply of replies) {
    put(null, reply.weekday, reply);
    for (const group of reply.groups) {
      put(group, null, reply);
      put(group, reply.weekday, reply);
    }
  }
  return [...cells.values()].filter(
    (cell) => cell.replies.length >= smallestCell && cell.replies.length < replies.length,
  );
}
