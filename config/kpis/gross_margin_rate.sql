/*
id: gross_margin_rate
label: { en: Sales profitability, es: Rentabilidad de las ventas }
description:
  en: Amount less cost over amount, of the deals won in the period whose cost is known. Deals without a cost are counted as missing.
  es: Importe menos coste entre importe, de las ventas ganadas en el periodo con coste conocido. Las que no tienen coste constan como faltantes.
domain: sales   unit: ratio   better: higher   kind: flow
money: [num, den]
dimensions: [owner, team, pipeline, category]
*/
select source_id, 'deal' as object, id, closed_on as day, currency,
       amount_minor - cost_minor as num, amount_minor as den
from deal
where outcome = 'won'
