/*
id: cost_per_lead
label: { en: Cost per lead, es: Coste por lead }
description:
  en: Cost of the campaigns in the period, spread over their days, over the new leads that came by a campaign. Leads of campaigns without a known cost count as missing.
  es: Coste de las campañas en el periodo, repartido entre sus días, entre los nuevos leads que llegaron por una campaña. Los leads de campañas sin coste conocido constan como faltantes.
domain: marketing   unit: money   better: lower   kind: flow
money: [num]
needs: [campaign, lead]
per: lead
dimensions: [campaign]
*/
with known as (
  select distinct campaign_source_id as source_id, campaign_id
  from cost_day
  where campaign_source_id is not null
)
select c.campaign_source_id as source_id, c.object, c.id, c.day as part, cast(null as bigint) as at, c.day, c.currency,
       c.campaign_id, c.amount_minor as num, 0 as den
from cost_day c
where c.campaign_source_id is not null
union all
select l.source_id, 'lead' as object, l.id, cast(null as text) as part, l.created_at as at, cast(null as text) as day,
       cast(null as text) as currency, l.first_campaign_id as campaign_id,
       case when k.campaign_id is not null then 0 end as num, 1 as den
from lead l
left join known k on k.source_id = l.source_id and k.campaign_id = l.first_campaign_id
where l.first_campaign_id is not null and coalesce(l.imported, 0) = 0
