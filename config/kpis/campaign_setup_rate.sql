/*
id: campaign_setup_rate
label: { en: Complete campaigns, es: Campañas completas }
description:
  en: Of the campaigns started in the 90 days before the end of the period, the share with members, a cost and an end date.
  es: De las campañas iniciadas en los 90 días anteriores al final del periodo, la parte con miembros, coste y fecha de fin.
domain: adoption   unit: ratio   better: higher   kind: snapshot
needs: [campaign, campaign_member]
dimensions: [team]
*/
with joined as (
  select source_id, campaign_id, min(coalesce(created_at, sent_at, responded_at, 0)) as first_at
  from campaign_member
  where campaign_id is not null
  group by source_id, campaign_id
),
costed as (
  select distinct campaign_source_id as source_id, campaign_id
  from cost_day
  where campaign_source_id is not null
)
select c.source_id, 'campaign' as object, c.id, p.period,
       case when m.campaign_id is not null and (c.cost_minor is not null or k.campaign_id is not null)
              and c.ends_on is not null then 1 else 0 end as num,
       1 as den
from campaign c
join period p on c.starts_on >= p.quarter_ago_on and c.starts_on < p.until_on
left join joined m on m.source_id = c.source_id and m.campaign_id = c.id and m.first_at < p.until_at
left join costed k on k.source_id = c.source_id and k.campaign_id = c.id
