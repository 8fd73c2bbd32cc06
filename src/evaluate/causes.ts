import type { ChangeStore } from '../model/fact-store.ts';
import type { Figures, Restatement, RestatementCause, Result } from '../model/result.ts';
import type { StoredResult } from '../model/result-store.ts';
import type { Fact, Measure } from './facts.ts';
import type { Sighting } from './pass.ts';
import { keyText } from './segments.ts';

/** By how much each cause moved each figure; what no record tells is left over. */
export interface Split {
  /** Counts a fact that came or went. */
  count(sighting: Sighting, sign: 1 | -1): void;
  at(place: SplitPlace): ReadonlyMap<RestatementCause, Figures>;
}

export interface SplitPlace {
  readonly segment: string;
  readonly grain: number;
  readonly period: number;
}

type CauseOf = (fact: Pick<Fact, 'source' | 'object' | 'id'>) => RestatementCause;

/** New records, those deleted or merged away, and all that were edited. */
export async function loadCauses(
  store: Pick<ChangeStore, 'causes'>,
  objects: readonly string[],
  /** What moved the figures of records that were not written. */
  unwritten: RestatementCause,
): Promise<CauseOf> {
  const known = new Map<string, RestatementCause>();
  for (const object of objects) {
    for (const { source, id, cause } of await store.causes(object))
      known.set(`${source}\n${object}\n${id}`, cause);
  }
  return ({ source, object, id }) => known.get(`${source}\n${object}\n${id}`) ?? unwritten;
}

export function createSplit(causeOf: CauseOf): Split {
  const places = new Map<string, Map<RestatementCause, { num: number; den: number }>>();
  return {
    count({ fact, spots, segments, measure }, sign) {
      const { num, den } = sumsOf(measure);
      if (num === 0 && den === 0) return;
      const cause = causeOf(fact);
      for (const key of segments) {
        for (const { grain, period } of spots) {
          const name = nameOf({ segment: keyText(key), grain, period });
          const causes = places.get(name) ?? new Map<RestatementCause, { num: number; den: number }>();
          places.set(name, causes);
          const sums = causes.get(cause) ?? { num: 0, den: 0 };
          causes.set(cause, { num: sums.num + sign * num, den: sums.den + sign * den });
        }
      }
    },
    at: (place) => places.get(nameOf(place)) ?? new Map(),
  };
}

const nameOf = ({ segment, grain, period }: SplitPlace) => `${segment}\n${grain}\n${period}`;

function sumsOf(measure: Measure): { num: number; den: number } {
  return measure.kind === 'counts' ? { num: measure.num, den: measure.den ?? 0 } : { num: 0, den: 0 };
}

export interface Restating {
  readonly previous: StoredResult;
  readonly row: Result;
  /** Of the changed records; null: they were not followed. */
  readonly split: ReadonlyMap<RestatementCause, Figures> | null;
  readonly ratesChanged: boolean;
}

/** What moved a figure since it was official: that of earlier nights and of this one. What is left has one cause. */
export function restatementOf({ previous, row, split, ratesChanged }: Restating): Restatement {
  const official = previous.restatement?.official ?? {
    num: previous.num,
    den: previous.den,
    value: previous.value,
  };
  const causes = new Map<RestatementCause, Figures>();
  const add = (cause: RestatementCause, { num, den }: Figures) => {
    const sums = causes.get(cause) ?? { num: 0, den: 0 };
    causes.set(cause, { num: sums.num + num, den: sums.den + den });
  };
  for (const [cause, sums] of split ?? []) add(cause, sums);
  let num = (row.num ?? 0) - (previous.num ?? 0);
  let den = row.den === null ? 0 : row.den - (previous.den ?? 0);
  for (const sums of causes.values()) {
    num -= sums.num;
    den -= row.den === null ? 0 : sums.den;
  }
  const redefined = previous.definitionVersion !== row.definitionVersion;
  add(redefined ? 'definition' : ratesChanged ? 'fx' : 'edits', { num, den });
  for (const { cause, ...sums } of previous.restatement?.causes ?? []) add(cause, sums);
  return {
    official,
    causes: [...causes]
      .filter(([, sums]) => Math.abs(sums.num) > 1e-9 || Math.abs(sums.den) > 1e-9)
      .map(([cause, sums]) => ({ cause, ...sums }))
      .sort((a, b) => (a.cause < b.cause ? -1 : 1)),
  };
}
