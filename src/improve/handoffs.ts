import { quantile } from '../statistics/intervals.ts';
import { hoursOf } from './bench.ts';
import { type Detector, type Found, foundOne, nothing, silent, tooFew, wholeCompany } from './detector.ts';
import { caseOf, createTally } from './tally.ts';

const leastHandoffs = 2;
const leastShare = 0.2;
const slowdown = 1.5;
const fewest = 20;

/** Changes from one person to another; from a queue to the first person is no hand-off. */
const sql = `
  with passed as (
    select c.source_id, c.record_id, count(*) as n
    from change c
    left join actor f on f.source_id = c.source_id and f.id = c.from_value
    left join actor t on t.source_id = c.source_id and t.id = c.to_value
    where c.object = 'ticket' and c.field = 'owner_id' and c.at < :as_of and c.from_value is not null
      and c.to_value is not null and c.from_value <> c.to_value
      and coalesce(f.kind, 'user') = 'user' and coalesce(t.kind, 'user') = 'user'
    group by c.source_id, c.record_id
  ),
  telling as (select distinct source_id from change where object = 'ticket' and field = 'owner_id')
  select k.source_id, k.id, k.owner_id, coalesce(p.n, 0), k.last_closed_at - k.created_at
  from ticket k
  join telling s on s.source_id = k.source_id
  left join passed p on p.source_id = k.source_id and p.record_id = k.id
  where k.is_closed = 1 and k.last_closed_at >= :from and k.last_closed_at < :as_of and k.created_at is not null`;

export const handoffs: Detector = {
  id: 'handoffs',
  kind: 'inefficiency',
  effort: 'M',
  kpis: ['case_resolution_hours', 'fcr_rate', 'first_response_hours', 'csat'],
  reading: { of: 'ticket', columns: ['ticket.owner_id', 'ticket.is_closed', 'ticket.last_closed_at'] },
  rule: {
    en: '20 % or more of the cases closed in 180 days passed from person to person twice or more, and their median resolution is 1.5 times that of the others (20 cases at least; from a queue to the first person is free).',
    es: 'El 20 % o más de los casos cerrados en 180 días pasaron dos o más veces de persona a persona, y su resolución mediana es 1,5 veces la de los demás (al menos 20 casos; de la cola a la primera persona no cuenta).',
  },
  async find(bench): Promise<Found> {
    const tally = createTally(bench, 'ticket');
    const passed: number[] = [];
    const others: number[] = [];
    await bench.each(sql, (row) => {
      const [times, hours] = [Number(row[3]), hoursOf(Number(row[4]))];
      const bad = times >= leastHandoffs;
      tally.add(caseOf(row, bad, times));
      (bad ? passed : others).push(hours);
    });
    const what = {
      en: 'closed cases whose owners are told',
      es: 'casos cerrados con historial de propietarios',
    };
    if (tally.den < fewest) return silent(tooFew(what, tally.den, fewest));
    const [median, others50] = [medianOf(passed), medianOf(others)];
    if (tally.share < leastShare || median === null) return nothing;
    if (others50 === null || median < slowdown * others50) return nothing;
    return foundOne({
      segment: wholeCompany,
      subject: null,
      title: bench.speak({
        en: (w) =>
          `${w.share(tally.share)} of the cases pass through many hands and take ${w.hours(median)} instead of ${w.hours(others50)} (medians).`,
        es: (w) =>
          `El ${w.share(tally.share)} de los casos pasan por muchas manos y tardan ${w.hours(median)} en vez de ${w.hours(others50)} (medianas).`,
      }),
      evidence: {
        passed_on: tally.num,
        closed: tally.den,
        share: tally.share,
        median_hours: median,
        others_median_hours: others50,
        measure: 'handoffs',
      },
      records: tally.records(),
      teams: tally.teams(),
      reach: tally.share,
    });
  },
};

function medianOf(hours: readonly number[]): number | null {
  return quantile(Float64Array.from(hours).sort(), 0.5);
}
