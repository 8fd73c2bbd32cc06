/*
id: lost_customers
label: { en: Lost customers, es: Clientes perdidos }
description:
  en: Customers whose last contract ended in the period or who, without one, had bought nothing for 12 months in it, and who did not come back within 30 days after that.
  es: Clientes cuyo último contrato terminó en el periodo o que, sin contrato, cumplieron en él 12 meses sin comprar, y que no volvieron en los 30 días siguientes.
domain: customers   unit: count   better: lower   kind: flow
matures: 30d
needs: [deal]
inputs: [deal.account_id, contract.account_id]
dimensions: [team, category]
*/
select source_id, 'account' as object, account_id as id, from_on as part, to_on as day, 1 as num
from customer_span
