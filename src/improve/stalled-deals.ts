import { quantile } from '../statistics/intervals.ts';
import { type Bench, dayMs } from './bench.ts';
import {
  type Detector,
  type Draft,
  type Found,
  foundOne,
  nothing,
  silent,
  tooFew,
  wholeCompany,
} from './detector.ts';
import { isPlanned, openDealWords, type Weight, weighAmounts } from './open-deals.ts';
import { caseOf, createTally, numberOf, type Tally, textOf } from './tally.ts';

const shortestDays = 14;
const leastShare = 0.15;
const leastDeals = 10;

/** Median days between two activities on a deal, by pipeline. */
const gapSql = `
  select d.source_id, coalesce(d.pipeline, ''), g.gap
  from (
    select source_id, deal_id, done_at - lag(done_at) over (partition by source_id, deal_id order by done_at) as gap
    from activity
    where deal_id is not null and done_at >= :from and done_at < :as_of and coalesce(automated, 0) = 0
  ) g
  join deal d on d.source_id = g.source_id and d.id = g.deal_id
  where g.gap > 0`;

/** The last touch within the window, and whether anything is still to come: one pass over the activities. */
const dealSql = `
  with worked as (
    select source_id, deal_id,
           max(case when done_at >= :from and done_at < :as_of and coalesce(automated, 0) = 0 then done_at end) as at,
           max(case when ${isPlanned} then 1 else 0 end) as planned
    from activity
    where deal_id is not null and (done_at is null or done_at >= :from)
    group by source_id, deal_id
  )
  select s.source_id, s.id, s.owner_id, coalesce(s.pipeline, '') as pipeline, s.amount_minor, s.currency,
         coalesce((select max(v.entered_at) from stage_visit v
                   where v.source_id = s.source_id and v.id = s.id and v.entered_at < :as_of), d.created_at, s.from_at) as moved_at,
         w.at, coalesce(w.planned, 0)
  from deal_state s
  join deal d on d.source_id = s.source_id and d.id = s.id
  left join worked w on w.source_id = s.source_id and w.deal_id = s.id
  where s.outcome = 'open' and s.from_at < :as_of and (s.to_at is null or s.to_at >= :as_of)`;

export const stalledDeals: Detector = {
  id: 'stalled_deals',
  kind: 'inefficiency',
  effort: 'M',
  kpis: ['next_step_rate', 'sales_cycle_hours', 'win_rate', 'revenue_won', 'deals_won'],
  reading: {
    of: 'deal',
    tables: ['activity'],
    columns: [
      'deal.outcome',
      'deal.stage',
      'activity.deal_id',
      'activity.done_at',
      'activity.starts_at',
      'activity.due_on',
      'activity.status',
    ],
  },
  rule: {
    en: 'Open deals without a stage change and without a done activity for 14 days, or for twice the median gap between activities in their pipeline if that is longer, and with nothing planned, are 15 % or more of the open value.',
    es: 'Las oportunidades abiertas sin cambio de etapa ni actividad realizada en 14 días, o en el doble de la pausa mediana entre actividades de su embudo si es más larga, y sin nada planificado, son el 15 % o más del valor abierto.',
  },
  find: findStalled,
};

async function findStalled(bench: Bench): Promise<Found> {
  const limits = await readLimits(bench);
  const tally = createTally(bench, 'deal');
  const value = weighAmounts(bench);
  await bench.each(dealSql, (row) => {
    const [source, , , pipeline, amount, currency, movedAt, doneAt, planned] = row;
    const touchedAt = Math.max(numberOf(movedAt) ?? 0, numberOf(doneAt) ?? 0);
    const days = (bench.cutoff - touchedAt) / dayMs;
    const limit = limits.get(`${source}\n${pipeline}`) ?? shortestDays;
    const bad = planned === 0 && days > limit;
    tally.add(caseOf(row, bad, days));
    value.add(String(source), { minor: numberOf(amount), currency: textOf(currency), bad });
  });
  if (tally.den < leastDeals) return silent(tooFew(openDealWords, tally.den, leastDeals));
  const weight = value.total(tally);
  return weight.share < leastShare ? nothing : foundOne(draftOf(bench, tally, weight));
}

function draftOf({ speak }: Bench, tally: Tally, { share, bad, all }: Weight): Draft {
  return {
    segment: wholeCompany,
    subject: null,
    title: speak({
      en: (w) =>
        `${w.share(share)} of the open value stands still: ${tally.num} of ${tally.den} open deals without activity and without a plan.`,
      es: (w) =>
        `El ${w.share(share)} del valor abierto está parado: ${tally.num} de ${tally.den} oportunidades abiertas sin actividad y sin nada planificado.`,
    }),
    evidence: {
      stalled_deals: tally.num,
      open_deals: tally.den,
      value_share: share,
      stalled_minor: bad,
      open_minor: all,
      measure: 'days',
    },
    records: tally.records(),
    teams: tally.teams(),
    reach: tally.share,
  };
}

async function readLimits(bench: Bench): Promise<ReadonlyMap<string, number>> {
  const gaps = new Map<string, number[]>();
  await bench.each(gapSql, ([source, pipeline, gap]) => {
    const key = `${source}\n${pipeline}`;
    const list = gaps.get(key) ?? [];
    gaps.set(key, list);
    list.push(Number(gap));
  });
  const limits = new Map<string, number>();
  for (const [key, list] of gaps) {
    const median = quantile(Float64Array.from(list).sort(), 0.5) ?? 0;
    limits.set(key, Math.max(shortestDays, (2 * median) / dayMs));
  }
  return limits;
}
