import type { FactStore } from '../model/fact-store.ts';
import type { Stopwatch } from './durations.ts';
import type { Fact } from './facts.ts';

type Span = readonly [from: number, until: number | null];

/** Times during which a ticket waited for somebody else, in order. */
export interface Pauses {
  of(fact: Pick<Fact, 'source' | 'object' | 'id'>): readonly Span[];
}

/** From the history of tickets: statuses that the CRM marks as waiting, and those that the settings name. */
export async function loadPauses(
  store: Pick<FactStore, 'rows'>,
  statuses: readonly string[],
): Promise<Pauses> {
  const names = Object.fromEntries(
    statuses.map((status, place) => [`status_${place}`, status.toLowerCase()]),
  );
  const listed = Object.keys(names).map((name) => `:${name}`);
  const named = listed.length > 0 ? `or lower(s.status) in (${listed}) or lower(g.label) in (${listed})` : '';
  const sql = `select s.source_id, s.id, s.from_at, s.to_at
    from ticket_state s
    left join stage g on g.source_id = s.source_id and g.object = 'ticket' and g.key = s.status
      and coalesce(g.pipeline, 'default') = coalesce(s.pipeline, 'default')
    where s.is_closed = 0 and (g.is_paused = 1 ${named})
    order by s.source_id, s.id, s.from_at`;
  const spans = new Map<string, Span[]>();
  for await (const rows of store.rows({ sql, params: names })) {
    for (const [source, id, from, to] of rows) {
      const key = `${source}\n${id}`;
      const known = spans.get(key) ?? [];
      spans.set(key, known);
      known.push([Number(from), to === null || to === undefined ? null : Number(to)]);
    }
  }
  return {
    of: ({ source, object, id }) => (object === 'ticket' ? (spans.get(`${source}\n${id}`) ?? []) : []),
  };
}

/** Another watch's time without the pauses: what the agent could work on it. */
export function agentWatch(watch: Stopwatch, pauses: Pauses): Stopwatch {
  return (fact, start, end) => {
    const all = watch(fact, start, end);
    if (typeof start !== 'number' || typeof end !== 'number' || end < start) return all;
    let paused = 0;
    for (const [from, until] of pauses.of(fact)) {
      const begin = Math.max(from, start);
      const stop = Math.min(until ?? end, end);
      if (begin < stop) paused += watch(fact, begin, stop);
    }
    return all - paused;
  };
}
