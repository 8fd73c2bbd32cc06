/*
id: new_customers
label: { en: New customers, es: Clientes nuevos }
description:
  en: Accounts that bought for the first time ever in the period. Accounts merged into one count once; customers won back do not count.
  es: Cuentas que compraron por primera vez en el periodo. Las cuentas fusionadas cuentan una vez; los clientes recuperados no cuentan.
domain: customers   unit: count   better: higher   kind: flow
needs: [deal]
inputs: [deal.account_id, contract.account_id]
per: account
dimensions: [team, category, campaign, source]
*/
select s.source_id, 'account' as object, s.account_id as id, s.from_on as day,
       d.campaign_id, d.source, 1 as num
from customer_span s
left join deal d on d.source_id = s.source_id and d.id = s.first_deal_id
where s.number = 1
