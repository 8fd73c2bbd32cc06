import type { ChangeStore } from '../model/fact-store.ts';
import type { Figures, Restatement, RestatementCause, Result } from '../model/result.ts';
import type { StoredResult } from '../model/result-store.ts';
import type { Fact, Measure } from './facts.ts';
import type { Sighting } from './pass.ts';
import { keyText, type SegmentKey } from './segments.ts';
import type { Spot } from './spots.ts';

/** By how much each cause moved each figure; what no record tells is left over. */
export interface Split {
  /** Counts a fact that came or went. */
  count(sighting: Pick<Sighting, 'fact' | 'measure' | 'segments' | 'spots'>, sign: 1 | -1): void;
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

type Sums = Map<RestatementCause, { num: number; den: number }>;

/** Facts with the same segments and periods share their lists: told apart by place when somebody asks. */
export function createSplit(causeOf: CauseOf): Split {
  const counted = new Map<readonly SegmentKey[], Map<readonly Spot[], Sums>>();
  let places: ReadonlyMap<string, Sums> | null = null;
  return {
    count({ fact, spots, segments, measure }, sign) {
      const { num, den } = sumsOf(measure);
      if (num === 0 && den === 0) return;
      const bySpots = counted.get(segments) ?? new Map<readonly Spot[], Sums>();
      counted.set(segments, bySpots);
      const causes: Sums = bySpots.get(spots) ?? new Map();
      bySpots.set(spots, causes);
      addSums(causes, causeOf(fact), { num: sign * num, den: sign * den });
      places = null;
    },
    at(place) {
      places ??= spreadOut(counted);
      return places.get(nameOf(place)) ?? new Map();
    },
  };
}

function addSums(causes: Sums, cause: RestatementCause, { num, den }: Figures): void {
  const sums = causes.get(cause) ?? { num: 0, den: 0 };
  causes.set(cause, { num: sums.num + num, den: sums.den + den });
}

function spreadOut(
  counted: ReadonlyMap<readonly SegmentKey[], ReadonlyMap<readonly Spot[], Sums>>,
): ReadonlyMap<string, Sums> {
  const places = new Map<string, Sums>();
  for (const [segments, bySpots] of counted) {
    for (const [spots, sums] of bySpots) {
      // Most of what was taken off came back as it was.
      if ([...sums.values()].every(({ num, den }) => num === 0 && den === 0)) continue;
      for (const segment of segments.map(keyText)) {
        for (const { grain, period } of spots) {
          const name = nameOf({ segment, grain, period });
          const causes: Sums = places.get(name) ?? new Map();
          places.set(name, causes);
          for (const [cause, moved] of sums) addSums(causes, cause, moved);
        }
      }
    }
  }
  return places;
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

/** The figure as it was published, with its currency where that is another one by now. */
function officialOf(previous: StoredResult, row: Result): Restatement['official'] {
  const { num, den, value, currency } = previous;
  const official = previous.restatement?.official ?? { num, den, value };
  const isOther = official.currency === undefined && currency !== null && currency !== row.currency;
  return isOther ? { ...official, currency } : official;
}

/** What moved a figure since it was official: that of earlier nights and of this one. What is left has one cause. */
export function restatementOf({ previous, row, split, ratesChanged }: Restating): Restatement {
  const official = officialOf(previous, row);
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
  const isConverted = ratesChanged || previous.currency !== row.currency;
  add(redefined ? 'definition' : isConverted ? 'fx' : 'edits', { num, den });
  for (const { cause, ...sums } of previous.restatement?.causes ?? []) add(cause, sums);
  return {
    official,
    causes: [...causes]
      .filter(([, sums]) => Math.abs(sums.num) > 1e-9 || Math.abs(sums.den) > 1e-9)
      .map(([cause, sums]) => ({ cause, ...sums }))
      .sort((a, b) => (a.cause < b.cause ? -1 : 1)),
  };
}
