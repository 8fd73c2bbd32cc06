/*
id: avg_deal_value
label: { en: Average transaction value, es: Valor promedio de las transacciones }
description:
  en: Amount of the deals won in the period over their number; deals of amount 0 are left out.
  es: Importe de las ventas ganadas en el periodo entre su número; no cuentan las de importe 0.
domain: sales   unit: money   better: higher   kind: flow
money: [num]   quantiles: true
dimensions: [owner, team, pipeline, category, type]
*/
select source_id, 'deal' as object, id, closed_on as day, currency,
       amount_minor as num, 1 as den
from deal
where outcome = 'won' and (amount_minor is null or amount_minor > 0)
