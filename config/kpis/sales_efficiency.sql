/*
id: sales_efficiency
label: { en: Sales efficiency, es: Eficacia comercial }
description:
  en: Amount won in the period without renewals, over the sales and marketing cost of its days. Without a cost for every day there is no value. A team has the sales of its people, and the costs that were entered for it.
  es: Importe ganado en el periodo sin renovaciones, entre el coste de ventas y marketing de sus días. Sin coste para todos los días no hay valor. Un equipo tiene las ventas de su gente y los costes anotados para él.
domain: sales   unit: ratio   better: higher   kind: flow
money: [num, den]
complete: cost
needs: [deal]
per: deal
dimensions: [team]
*/
select source_id, 'deal' as object, id, cast(null as text) as part, closed_on as day, currency,
       cast(null as text) as team_id, amount_minor as num, 0 as den
from deal
where outcome = 'won' and type is distinct from 'renewal'
union all
select source_id, object, id, day as part, day, currency, team_id, 0 as num, amount_minor as den
from cost_day
where purpose in ('sales', 'marketing')
