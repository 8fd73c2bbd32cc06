import { addDays, daysBetween } from '../model/zone.ts';
import type { Bench } from './bench.ts';
import { type Detector, type Draft, type Found, foundOne, nothing, wholeCompany } from './detector.ts';
import { caseOf, createTally } from './tally.ts';

const ripeDays = 14;

const campaignSql = (lack: string, joins: string) => `
  select c.source_id, c.id, c.owner_id, c.starts_on, ${lack}
  from campaign c
  ${joins}
  where c.starts_on >= :from_on and c.starts_on <= :today`;

const memberSql = campaignSql(
  'case when m.campaign_id is null then 1 else 0 end',
  `left join (
    select distinct source_id, campaign_id from campaign_member
    where campaign_id is not null and coalesce(created_at, sent_at, responded_at, 0) < :as_of
  ) m on m.source_id = c.source_id and m.campaign_id = c.id`,
);

const costSql = campaignSql(
  'case when c.cost_minor is null and k.campaign_id is null then 1 else 0 end',
  `left join (select distinct campaign_source_id, campaign_id from cost_day) k
    on k.campaign_source_id = c.source_id and k.campaign_id = c.id`,
);

/** Campaigns that have been running for two weeks and lack something. */
async function findLacking(
  bench: Bench,
  sql: string,
  title: (lacking: number, all: number) => Draft['title'],
): Promise<Found> {
  const tally = createTally(bench, 'campaign');
  const ripe = addDays(bench.today, -ripeDays);
  await bench.each(sql, (row) => {
    const startsOn = String(row[3]);
    if (startsOn < ripe) tally.add(caseOf(row, row[4] === 1, daysBetween(startsOn, bench.today)));
  });
  if (tally.num === 0) return nothing;
  return foundOne({
    segment: wholeCompany,
    subject: null,
    title: title(tally.num, tally.den),
    evidence: { lacking: tally.num, campaigns: tally.den, share: tally.share, measure: 'days' },
    records: tally.records(),
    teams: tally.teams(),
    reach: tally.share,
  });
}

export const campaignNoMembers: Detector = {
  id: 'campaign_no_members',
  kind: 'underuse',
  effort: 'S',
  kpis: ['campaign_setup_rate', 'campaign_roi', 'new_leads'],
  reading: {
    of: 'campaign',
    tables: ['campaign_member'],
    columns: ['campaign.starts_on', 'campaign_member.campaign_id'],
  },
  rule: {
    en: 'A campaign that started more than 14 days ago (and within 180) has no members.',
    es: 'Una campaña iniciada hace más de 14 días (y menos de 180) no tiene miembros.',
  },
  find: (bench) =>
    findLacking(bench, memberSql, (lacking, all) => ({
      en: `${lacking} of ${all} campaigns have no members.`,
      es: `${lacking} de ${all} campañas no tienen miembros.`,
    })),
};

export const campaignNoCost: Detector = {
  id: 'campaign_no_cost',
  kind: 'underuse',
  effort: 'S',
  kpis: ['campaign_roi', 'cost_per_lead', 'campaign_setup_rate', 'cac'],
  reading: { of: 'campaign', columns: ['campaign.starts_on', 'campaign.cost_minor'] },
  rule: {
    en: 'A campaign that started more than 14 days ago (and within 180) has no cost, neither in the CRM nor entered here.',
    es: 'Una campaña iniciada hace más de 14 días (y menos de 180) no tiene coste, ni en el CRM ni introducido aquí.',
  },
  find: (bench) =>
    findLacking(bench, costSql, (lacking, all) => ({
      en: `${lacking} of ${all} campaigns have no cost: their return cannot be told.`,
      es: `${lacking} de ${all} campañas no tienen coste: no se puede saber su retorno.`,
    })),
};
