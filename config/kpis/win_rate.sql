/*
id: win_rate
label: { en: Sales conversion, es: Tasa de conversión de ventas }
description:
  en: Of the deals closed in the period, the share that was won, by number. Open deals and renewals are left out.
  es: De las oportunidades cerradas en el periodo, la parte ganada, por número. No cuentan las abiertas ni las renovaciones.
domain: sales   unit: ratio   better: higher   kind: flow
dimensions: [owner, team, pipeline, category, campaign, source, type]
*/
select source_id, 'deal' as object, id, closed_on as day,
       case when outcome = 'won' then 1 else 0 end as num, 1 as den
from deal
where outcome in ('won', 'lost') and type is distinct from 'renewal'
