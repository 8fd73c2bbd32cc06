import type { TimeSpan } from '../model/fact-store.ts';
import type { Crossing } from '../model/store.ts';
import type { ComputeInput } from './computation.ts';
import type { CountInput } from './count-facts.ts';
import type { Desk } from './desk.ts';
import type { Nightly, Sides } from './nightly.ts';
import type { Form } from './pass.ts';
import { type Again, readAgain } from './read-again.ts';
import { memberCrossing, type Reads, requestOf, sharedCrossing, spansOf } from './reads.ts';

export interface Subject {
  readonly desk: Desk;
  readonly input: ComputeInput;
  readonly nightly: Nightly;
  readonly from: number;
}

export interface Following {
  /** The touched records as they were and as they are, and in which periods they are to be looked at. */
  readonly followed: readonly Followed[];
  /** What is read again from all records; null: nothing. */
  readonly again: Again | null;
}

export interface Followed {
  readonly sides: Sides;
  readonly scope: Pick<CountInput, 'covers' | 'where'>;
}

interface FollowingInput {
  readonly reads: Reads;
  readonly form: Form;
  /** Somebody changed teams. */
  readonly teamsWritten: boolean;
}

/** Null: all facts must be read. */
export async function planFollowing(
  { desk, input, nightly, from }: Subject,
  { reads, form, teamsWritten }: FollowingInput,
): Promise<Following | null> {
  const { kpi } = input;
  const { asOf: until, zone } = desk;
  if (until < from || nightly.ratesFrom === '') return null;
  const ratesFrom = kpi.money.length > 0 ? nightly.ratesFrom : null;
  const again = readAgain(reads, { ...input, form, from, until, zone, ratesFrom, rates: desk.rates });
  if (again === 'all') return null;
  // A period that had ended then is the same at any later time, unless as_of decides about its facts.
  const minds = again === null || again.raw || reads.minds || ratesFrom !== null;
  const spans = minds ? spansOf(kpi, { from, until, zone, ratesFrom }) : [];
  const hasPassed = async (crossing: Crossing) => spans.length > 0 && (await desk.store.hasCrossed(crossing));
  if (await hasPassed(sharedCrossing(reads, spans))) return null;
  const movesTeams =
    teamsWritten || (reads.owners !== null && (await hasPassed(memberCrossing(reads, spans))));
  if (reads.group === null) return again === null ? null : { followed: [], again };
  const followed: Followed[] = [];
  for (const { spans: asked, scope } of scopesOf(reads, { from, spans, again, ratesFrom })) {
    const request = requestOf(reads, asked, movesTeams ? from : null);
    const sides = request && (await nightly.open(request));
    if (!sides) return null;
    if (sides.records > 0) followed.push({ sides, scope });
  }
  return { followed, again };
}

interface Touching {
  readonly from: number;
  readonly spans: readonly TimeSpan[];
  readonly again: Again | null;
  readonly ratesFrom: string | null;
}

interface Asked {
  readonly spans: readonly TimeSpan[];
  readonly scope: Followed['scope'];
}

/**
 * What was written may count in any period. What time alone touched counts otherwise in periods that had not ended,
 * unless as_of, or another rate, decides about the facts of others, too.
 */
function scopesOf({ shape, minds }: Reads, { from, spans, again, ratesFrom }: Touching): readonly Asked[] {
  if (again !== null) return [{ spans, scope: again.rest }];
  const showsAnywhere = shape === 'event' || minds || ratesFrom !== null;
  if (showsAnywhere || spans.length === 0) return [{ spans, scope: {} }];
  return [
    { spans: [], scope: { covers: ({ endAt }) => endAt <= from } },
    { spans, scope: { covers: ({ endAt }) => endAt > from } },
  ];
}
