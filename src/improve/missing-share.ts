import type { Goal } from '../model/goal.ts';
import type { StoredResult } from '../model/result-store.ts';

/** A segment's part of what a goal lacks. */
export interface MissingPart {
  readonly result: StoredResult;
  /** In the unit of the numerator: deals, minor units, hours. */
  readonly missing: number;
  /** Of all that the segments of its kind lack. */
  readonly share: number;
}

export interface Lack {
  readonly goal: Goal;
  readonly company: StoredResult;
  /** Results of the same KPI and period, of every segment. */
  readonly results: readonly StoredResult[];
  /** A team, those above it left out. */
  readonly isLeaf: (result: StoredResult) => boolean;
  /** Share of a running sum that each segment brought before; null: not known. */
  readonly usualShare: (result: StoredResult) => number | null;
}

/**
 * Which segments the missing numerator lies in, by kind, the largest share first: a big segment a little below the
 * target may lack more than a small one far below it.
 */
export function splitMissing(lack: Lack): ReadonlyMap<string, readonly MissingPart[]> {
  const kinds = Map.groupBy(uniqueSegments(lack), ({ segment }) => segment.kind);
  const split = new Map<string, readonly MissingPart[]>();
  for (const [kind, results] of kinds) {
    if (kind === 'company' || results.length < 2) continue;
    const lacking = results.flatMap((result) => {
      const missing = missingOf(lack, result);
      return missing !== null && missing > 0 ? [{ result, missing }] : [];
    });
    const all = lacking.reduce((sum, { missing }) => sum + missing, 0);
    if (all <= 0) continue;
    const parts = lacking.map((part) => ({ ...part, share: part.missing / all }));
    split.set(kind, parts.sort(byMissing));
  }
  return split;
}

function byMissing(a: MissingPart, b: MissingPart): number {
  return b.missing - a.missing || ((a.result.segment.id ?? '') < (b.result.segment.id ?? '') ? -1 : 1);
}

/** The row judged by this goal, else the plain one. */
function uniqueSegments({ results, goal, isLeaf }: Lack): readonly StoredResult[] {
  const unique = new Map<string, StoredResult>();
  for (const result of results) {
    const { kind, id, source } = result.segment;
    const key = `${kind}\n${source ?? ''}\n${id ?? ''}`;
    if (isLeaf(result) && (!unique.has(key) || result.goal === goal.id)) unique.set(key, result);
  }
  return [...unique.values()];
}

/** How much numerator lies between a segment and the target; below 0: it has more than enough. */
function missingOf({ company, usualShare }: Lack, result: StoredResult): number | null {
  const side = sideOf(company);
  if (side === null || result.num === null) return null;
  if (company.den !== null) {
    return result.den === null ? null : side.sign * (side.target * result.den - result.num);
  }
  const own = typeof result.target === 'number' && result.goal === company.goal ? result.target : null;
  const share = own === null ? usualShare(result) : null;
  const expected = own ?? (share === null ? null : side.target * share);
  return expected === null ? null : side.sign * (expected - result.num);
}

/** 1: too little, -1: too much; of a range the end that was missed. */
function sideOf({ value, target }: StoredResult): { readonly sign: 1 | -1; readonly target: number } | null {
  if (value === null || target === null) return null;
  if (typeof target === 'number') return { sign: value < target ? 1 : -1, target };
  return value < target.lo ? { sign: 1, target: target.lo } : { sign: -1, target: target.hi };
}
