/*
id: cac
label: { en: Acquisition cost, es: Coste de adquisición }
description:
  en: Sales and marketing cost of the period's days over its new customers. Without a cost for every day there is no value.
  es: Coste de ventas y marketing de los días del periodo entre sus clientes nuevos. Sin coste para todos los días no hay valor.
domain: customers   unit: money   better: lower   kind: flow
money: [num]
complete: cost
needs: [deal]
per: account
*/
select source_id, object, id, day as part, day, currency, amount_minor as num, 0 as den
from cost_day
where purpose in ('sales', 'marketing')
union all
select source_id, 'account' as object, account_id as id, cast(null as text) as part, from_on as day,
       cast(null as text) as currency, 0 as num, 1 as den
from customer_span
where number = 1
