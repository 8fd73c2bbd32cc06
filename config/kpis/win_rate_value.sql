/*
id: win_rate_value
label: { en: Conversion by value, es: Conversión por valor }
description:
  en: Of the amount of the deals closed in the period, the share that was won. Renewals are left out.
  es: Del importe de las oportunidades cerradas en el periodo, la parte ganada. No cuentan las renovaciones.
domain: sales   unit: ratio   better: higher   kind: flow
money: [num, den]
dimensions: [owner, team, pipeline, category, source, type]
*/
select source_id, 'deal' as object, id, closed_on as day, currency,
       case when outcome = 'won' then amount_minor else amount_minor * 0 end as num, amount_minor as den
from deal
where outcome in ('won', 'lost') and type is distinct from 'renewal'
