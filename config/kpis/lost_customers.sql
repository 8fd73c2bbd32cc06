/*
id: lost_customers
label: { en: Lost customers, es: Clientes perdidos }
description:
  en: Customers who had bought nothing for 12 months in the period, and did not buy again within 30 days after that.
  es: Clientes que cumplieron 12 meses sin comprar en el periodo, y que no volvieron a comprar en los 30 días siguientes.
domain: customers   unit: count   better: lower   kind: flow
matures: 30d
needs: [deal]
inputs: [deal.account_id, contract.account_id]
dimensions: [team, category]
*/
select source_id, 'account' as object, account_id as id, from_on as part, to_on as day, 1 as num
from customer_span
