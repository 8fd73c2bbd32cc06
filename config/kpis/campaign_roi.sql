/*
id: campaign_roi
label: { en: Campaign ROI, es: Retorno de inversión en campañas }
description:
  en: Won amount of the deals attributed to the campaigns that ended in the period, less their cost, over their cost. Attribution is the campaign that stands on the deal; a campaign has its own cost, not that of its hierarchy, and one without a cost is left out with its deals.
  es: Importe ganado de las oportunidades atribuidas a las campañas terminadas en el periodo, menos su coste, entre su coste. La atribución es la campaña que figura en la oportunidad; cada campaña lleva su propio coste, no el de su jerarquía, y una sin coste no cuenta, tampoco sus oportunidades.
domain: marketing   unit: ratio   better: higher   kind: cohort
needs: [campaign, deal]
per: deal
money: [num, den]
dimensions: [team, campaign]
*/
with won as (
  select source_id, id, min(from_at) as won_at
  from deal_state
  where outcome = 'won'
  group by source_id, id
)
select c.source_id, 'campaign' as object, c.id, c.ends_on as day, c.ends_on as rate_day, c.currency,
       c.id as campaign_id, c.owner_id, 0 - c.cost_minor as num, c.cost_minor as den
from campaign c
where c.cost_minor > 0
union all
select d.source_id, 'deal' as object, d.id, c.ends_on as day, d.closed_on as rate_day, d.currency,
       c.id as campaign_id, c.owner_id, d.amount_minor as num, 0 as den
from deal d
join campaign c on c.source_id = d.source_id and c.id = d.campaign_id
join won w on w.source_id = d.source_id and w.id = d.id
where d.outcome = 'won' and c.cost_minor > 0 and w.won_at < :as_of
