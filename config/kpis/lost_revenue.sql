/*
id: lost_revenue
label: { en: Revenue lost to churn, es: Ingreso perdido }
description:
  en: What the customers lost in the period had bought in the 12 months up to their last purchase.
  es: Lo que los clientes perdidos en el periodo habían comprado en los 12 meses hasta su última compra.
domain: customers   unit: money   better: lower   kind: flow
matures: 30d
needs: [deal]
inputs: [deal.account_id, contract.account_id]
per: account
dimensions: [team, category]
*/
select s.source_id, 'deal' as object, p.id, s.from_on as part, s.to_on as day, d.closed_on as rate_day, d.currency,
       a.owner_id, a.category, d.amount_minor as num
from customer_span s
join purchase p on p.source_id = s.source_id and p.account_id = s.account_id
  and p.day > s.year_before_last_on and p.day <= s.last_on
join deal d on d.source_id = p.source_id and d.id = p.id
left join account a on a.source_id = s.source_id and a.id = s.account_id
