import { type Counters, emailHistogram } from './marketing-shapes.ts';
import { rawPaths } from './paths.ts';
import type { Session } from './session.ts';
import { parseInstant } from './values.ts';

const dayMs = 86_400_000;
/** One question covers at most so much. */
const spanMs = 366 * dayMs;

export interface Span {
  readonly from: number;
  readonly to: number;
}

/** What was sent on one local day, with all that came of it since. */
export interface SentDay {
  readonly date: string;
  readonly at: number;
  readonly counters: Counters;
}

/**
 * Days on which an e-mail was sent: each interval of the histogram holds the statistics of what was sent in it
 * (developer documentation, "Get statistics histogram"). Days without a send are left out.
 */
export async function fetchDays(session: Session, emailId: string, span: Span): Promise<readonly SentDay[]> {
  const intervals = new Map<number, Interval>();
  for (let from = span.from; from < span.to; from += spanMs) {
    const part = { from, to: Math.min(from + spanMs, span.to) };
    // An interval that lies across the parts may be answered whole, twice.
    for (const interval of await fetchPart(session, emailId, part)) intervals.set(interval.start, interval);
  }
  const days = new Map<string, SentDay>();
  for (const { date, at, counters } of intervals.values()) {
    const known = days.get(date);
    days.set(date, known ? { ...known, counters: addUp(known.counters, counters) } : { date, at, counters });
  }
  return [...days.values()];
}

type Interval = SentDay & { readonly start: number };

function addUp(one: Counters, other: Counters): Counters {
  const sums = { ...one };
  for (const [name, count] of Object.entries(other)) sums[name] = (sums[name] ?? 0) + count;
  return sums;
}

async function fetchPart(session: Session, emailId: string, span: Span): Promise<readonly Interval[]> {
  const { value } = await session.api.get({
    what: 'statistics of marketing e-mails by day',
    path: `${rawPaths.emails}/statistics/histogram`,
    query: [
      ['interval', 'DAY'],
      ['startTimestamp', new Date(span.from).toISOString()],
      ['endTimestamp', new Date(span.to).toISOString()],
      ['emailIds', emailId],
    ],
    shape: emailHistogram,
  });
  // A cut answer has no page token that could be sent back: shorter spans are whole.
  if ((value.total ?? 0) > value.results.length && span.to - span.from > dayMs) {
    const middle = span.from + Math.ceil((span.to - span.from) / dayMs / 2) * dayMs;
    return [
      ...(await fetchPart(session, emailId, { from: span.from, to: middle })),
      ...(await fetchPart(session, emailId, { from: middle, to: span.to })),
    ];
  }
  return value.results.flatMap(({ aggregations, aggregateStatistic, interval }) => {
    const counters = aggregations?.counters ?? aggregateStatistic?.counters ?? {};
    const day = dayOf(session, interval);
    return day && Object.values(counters).some((count) => count > 0) ? [{ ...day, counters }] : [];
  });
}

/** The local day that holds the middle of an interval: its ends may be those of another zone, or an hour off. */
function dayOf(
  { zone }: Session,
  interval: { readonly start: string; readonly end: string },
): Omit<Interval, 'counters'> | null {
  const start = parseInstant(interval.start, zone);
  if (start === null) return null;
  const end = parseInstant(interval.end, zone) ?? start + dayMs;
  const date = zone.dateOf(start + (end - start) / 2);
  return { start, date, at: zone.dateOf(start) === date ? start : zone.startOf(date) };
}
