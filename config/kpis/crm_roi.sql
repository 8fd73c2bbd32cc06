/*
id: crm_roi
label: { en: CRM ROI, es: ROI del CRM }
description:
  en: An estimate. Margin of the deals won beyond the margin made before the CRM, plus the hours saved at their rate and other benefits, less the cost of the CRM, over that cost. Every input is an entry with its author. Margin counts only on days that have an entry of the margin before (kind benefit, purpose margin_before); hours saved are entries with hours and the amount of one hour. Without a CRM cost for every day there is no value.
  es: Una estimación. Margen de las ventas ganadas por encima del que se hacía antes del CRM, más las horas ahorradas a su tarifa y otros beneficios, menos el coste del CRM, entre ese coste. Cada dato es un apunte con su autor. El margen solo cuenta en los días con un apunte del margen anterior (tipo benefit, finalidad margin_before); las horas ahorradas son apuntes con horas y el importe de una hora. Sin coste del CRM para todos los días no hay valor.
domain: adoption   unit: ratio   better: higher   kind: flow
money: [num, den]
complete: cost
estimate: true
needs: [deal, entry]
per: deal
*/
with measured as (
  select distinct day
  from benefit_day
  where purpose = 'margin_before'
)
select source_id, object, id, day as part, day, currency, 0 - amount_minor as num, amount_minor as den
from cost_day
where purpose = 'crm'
union all
select source_id, object, id, 'benefit ' || day as part, day, currency,
       case when purpose = 'margin_before' then 0 - amount_minor else amount_minor end as num, 0 as den
from benefit_day
union all
select d.source_id, 'deal' as object, d.id, cast(null as text) as part, d.closed_on as day, d.currency,
       d.amount_minor - d.cost_minor as num, 0 as den
from deal d
join measured m on m.day = d.closed_on
where d.outcome = 'won'
