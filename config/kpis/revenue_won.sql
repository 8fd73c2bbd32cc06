/*
id: revenue_won
label: { en: Revenue won, es: Ingresos }
description:
  en: Amount of the deals won in the period, by close date. Deals without an amount are counted as missing, not as 0.
  es: Importe de las ventas ganadas en el periodo, por fecha de cierre. Las que no tienen importe constan como faltantes, no como 0.
domain: sales   unit: money   better: higher   kind: flow
dimensions: [owner, team, pipeline, category, campaign, source, type]
*/
select source_id, 'deal' as object, id, closed_on as day,
       amount_minor as num, currency
from deal
where outcome = 'won'
