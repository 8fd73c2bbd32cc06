/*
id: deals_won
label: { en: Sales made, es: Ventas realizadas }
description:
  en: Number of deals won in the period, by close date.
  es: Número de ventas ganadas en el periodo, por fecha de cierre.
domain: sales   unit: count   better: higher   kind: flow
dimensions: [owner, team, pipeline, category, campaign, source, type]
*/
select source_id, 'deal' as object, id, closed_on as day, 1 as num
from deal
where outcome = 'won'
