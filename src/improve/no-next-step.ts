import { type Bench, dayMs } from './bench.ts';
import { type Detector, type Found, foundOne, nothing, silent, tooFew, wholeCompany } from './detector.ts';
import { openDealWords, plannedSql, weighAmounts } from './open-deals.ts';
import { caseOf, createTally, numberOf, textOf } from './tally.ts';

const mostShare = 0.3;
const leastDeals = 10;
const staleDays = 30;

const sql = `
  with planned as (${plannedSql})
  select s.source_id, s.id, s.owner_id, s.amount_minor, s.currency, p.deal_id, trim(s.next_step) as step,
         coalesce(s.next_step_at, d.updated_at, s.from_at) as written_at
  from deal_state s
  join deal d on d.source_id = s.source_id and d.id = s.id
  left join planned p on p.source_id = s.source_id and p.deal_id = s.id
  where s.outcome = 'open' and s.from_at < :as_of and (s.to_at is null or s.to_at >= :as_of)`;

/** Written to get past a required field. */
const emptyWords = new Set(['', '-', '.', '?', 'tbd', 'n/a', 'na', 'none', 'ninguno']);

export const noNextStep: Detector = {
  id: 'no_next_step',
  kind: 'underuse',
  effort: 'S',
  kpis: ['next_step_rate', 'sales_cycle_hours', 'win_rate', 'revenue_won', 'deals_won'],
  reading: {
    of: 'deal',
    tables: ['activity'],
    columns: [
      'deal.outcome',
      'deal.next_step',
      'activity.deal_id',
      'activity.done_at',
      'activity.starts_at',
      'activity.due_on',
      'activity.status',
    ],
  },
  rule: {
    en: 'More than 30 % of the open value is in deals with no activity planned and no next step written in the last 30 days.',
    es: 'Más del 30 % del valor abierto está en oportunidades sin actividad planificada ni próximo paso escrito en los últimos 30 días.',
  },
  async find(bench): Promise<Found> {
    const tally = createTally(bench, 'deal');
    const value = weighAmounts(bench);
    await bench.each(sql, (row) => {
      const [source, , , amount, currency, planned, step, writtenAt] = row;
      const minor = numberOf(amount);
      const bad = planned === null && !isFresh(bench, textOf(step), numberOf(writtenAt));
      tally.add(caseOf(row, bad, minor));
      value.add(String(source), { minor, currency: textOf(currency), bad });
    });
    if (tally.den < leastDeals) return silent(tooFew(openDealWords, tally.den, leastDeals));
    const { share, bad, all } = value.total(tally);
    if (share <= mostShare) return nothing;
    return foundOne({
      segment: wholeCompany,
      subject: null,
      title: bench.speak({
        en: (w) =>
          `${w.share(share)} of the open value has no next step: ${tally.num} of ${tally.den} open deals.`,
        es: (w) =>
          `El ${w.share(share)} del valor abierto no tiene próximo paso: ${tally.num} de ${tally.den} oportunidades abiertas.`,
      }),
      evidence: {
        without_step: tally.num,
        open_deals: tally.den,
        value_share: share,
        without_minor: bad,
        open_minor: all,
        measure: 'minor_units',
      },
      records: tally.records(),
      teams: tally.teams(),
      reach: tally.share,
    });
  },
};

function isFresh({ cutoff }: Bench, step: string | null, writtenAt: number | null): boolean {
  if (step === null || emptyWords.has(step.toLowerCase())) return false;
  return writtenAt !== null && cutoff - writtenAt <= staleDays * dayMs;
}
