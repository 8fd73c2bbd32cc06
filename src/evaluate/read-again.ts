import type { Kpi } from '../model/kpi.ts';
import type { Period } from '../model/period.ts';
import type { Zone } from '../model/zone.ts';
import type { CountInput } from './count-facts.ts';
import type { Form } from './pass.ts';
import type { Rates } from './rates.ts';
import type { Reads } from './reads.ts';
import type { SegmentKey } from './segments.ts';
import type { Window } from './windows.ts';

/** What time changes without touching a record: it is forgotten and read from all records. */
export interface Again {
  /** Durations that go on, which the file works out itself; else whole periods. */
  readonly raw: boolean;
  readonly covers: (period: Period) => boolean;
  /** Of the file's rows `f`; null: all. */
  readonly where: string | null;
  /** What remains: touched records count there. */
  readonly rest: Pick<CountInput, 'covers' | 'where'>;
}

export interface AgainInput {
  readonly kpi: Kpi;
  readonly form: Form;
  readonly kinds: readonly string[];
  readonly keepsDays: (key: SegmentKey) => boolean;
  readonly windows: readonly Window[];
  readonly from: number;
  readonly until: number;
  readonly zone: Zone;
  readonly ratesFrom: string | null;
  readonly rates: Pick<Rates, 'hasRates' | 'areEqualOn'>;
}

/** Null: time shows in the dates of records alone. `all`: it may show anywhere. */
export function readAgain(reads: Reads, input: AgainInput): Again | 'all' | null {
  const { kpi, from, until } = input;
  const { shape, layout } = reads;
  if (shape === 'event') {
    if (from === until) return null;
    if (reads.group === null || kpi.windowDays) return 'all';
    return layout.has('value') && !layout.has('start_at') ? ongoing : null;
  }
  const since = changesFrom(reads, input);
  if (since === null) return reads.group === null && from !== until ? 'all' : null;
  const keepsDays = input.kinds.some((kind) => input.keepsDays({ kind, id: null, source: null }));
  // A day cannot be told from the same day of another period.
  const mixesDays = keepsDays && (shape === 'state' || layout.has('at') || layout.has('day'));
  if (mixesDays || kpi.windowDays || kpi.complete) return 'all';
  const covers = (period: Period) => period.endAt >= since;
  return {
    raw: false,
    covers,
    // Whatever ended before can be alive in none of them.
    where: shape === 'state' && layout.has('until') ? `coalesce(f.until, ${since}) >= ${since}` : null,
    rest: { covers: (period) => !covers(period) },
  };
}

const ongoing: Again = {
  raw: true,
  covers: () => true,
  where: 'f.censored = 1',
  rest: { where: 'coalesce(f.censored, 0) <> 1' },
};

/** Periods that end then or later are others as a whole; null: none is. */
function changesFrom({ group, shape, layout }: Reads, input: AgainInput): number | null {
  const { kpi, form, windows, from, until, zone, ratesFrom, rates } = input;
  // Converted at the day on which it is looked at.
  const isLookedAt = shape === 'state' || !(layout.has('at') || layout.has('day'));
  const ratesMove =
    isLookedAt && rates.hasRates(kpi) && !rates.areEqualOn(zone.dateOf(from - 1), zone.dateOf(until - 1));
  const turns = windows.some(({ index }) =>
    index.periods.some(({ startAt, endAt }) => isPassed(startAt) || isPassed(endAt)),
  );
  const moves = turns || ratesMove || group === null || (form === 'survival' && shape === 'period');
  const byTime = from !== until && moves ? from : null;
  if (ratesFrom === null || !isLookedAt) return byTime;
  return Math.min(byTime ?? Number.POSITIVE_INFINITY, zone.startOf(ratesFrom));

  function isPassed(instant: number): boolean {
    return instant >= from && instant <= until;
  }
}
