import { type Detector, type Found, foundOne, nothing, silent, tooFew, wholeCompany } from './detector.ts';
import { openDealWords } from './open-deals.ts';
import { caseOf, createTally } from './tally.ts';

const leastMoves = 2;
const leastShare = 0.15;
const leastDeals = 10;

const sql = `
  with open_deal as (
    select s.source_id, s.id, s.owner_id from deal_state s
    join deal d on d.source_id = s.source_id and d.id = s.id
    where s.outcome = 'open' and s.from_at < :as_of and (s.to_at is null or s.to_at >= :as_of)
  ),
  dated as (
    select s.source_id, s.id, s.from_at, s.inferred, s.expected_close_on as due_on,
           lag(s.expected_close_on) over (partition by s.source_id, s.id order by s.from_at) as was_on
    from open_deal o
    join deal_state s on s.source_id = o.source_id and s.id = o.id and s.from_at < :as_of
  )
  select o.source_id, o.id, o.owner_id, m.moves, m.told
  from open_deal o
  join (
    select source_id, id, max(1 - inferred) as told,
           sum(case when from_at >= :from and substr(due_on, 1, 7) > substr(was_on, 1, 7) then 1 else 0 end) as moves
    from dated group by source_id, id
  ) m on m.source_id = o.source_id and m.id = o.id`;

export const datePushing: Detector = {
  id: 'date_pushing',
  kind: 'inefficiency',
  effort: 'M',
  kpis: ['slipped_deal_rate', 'sales_cycle_hours', 'win_rate', 'revenue_won'],
  reading: { of: 'deal', columns: ['deal.outcome', 'deal.expected_close_on'] },
  rule: {
    en: 'In 15 % or more of the open deals the expected close was moved across a month end twice or more in 180 days.',
    es: 'En el 15 % o más de las oportunidades abiertas el cierre previsto se aplazó a otro mes dos o más veces en 180 días.',
  },
  async find(bench): Promise<Found> {
    const tally = createTally(bench, 'deal');
    let untold = 0;
    await bench.each(sql, (row) => {
      const moves = Number(row[3]);
      if (row[4] !== 1) untold++;
      else tally.add(caseOf(row, moves >= leastMoves, moves));
    });
    if (tally.den < leastDeals && untold > tally.den)
      return silent({
        en: 'The CRM gives no history of close dates.',
        es: 'El CRM no entrega el historial de las fechas de cierre.',
      });
    if (tally.den < leastDeals) return silent(tooFew(openDealWords, tally.den, leastDeals));
    if (tally.share < leastShare) return nothing;
    return foundOne({
      segment: wholeCompany,
      subject: null,
      title: bench.speak({
        en: (w) =>
          `The close date is pushed again and again: in ${tally.num} of ${tally.den} open deals (${w.share(tally.share)}) twice or more.`,
        es: (w) =>
          `La fecha de cierre se aplaza una y otra vez: en ${tally.num} de ${tally.den} oportunidades abiertas (${w.share(tally.share)}) dos o más veces.`,
      }),
      evidence: {
        pushed: tally.num,
        open_deals: tally.den,
        share: tally.share,
        without_history: untold,
        measure: 'moves',
      },
      records: tally.records(),
      teams: tally.teams(),
      reach: tally.share,
    });
  },
};
