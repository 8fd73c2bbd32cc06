/*
id: retention_rate
label: { en: Retention, es: Tasa de retención }
description:
  en: Of those who were customers at the start of the period, the share who still are at its end. A customer has a contract in force or has bought within 12 months.
  es: De quienes eran clientes al inicio del periodo, la parte que lo sigue siendo al final. Cliente es quien tiene un contrato en vigor o ha comprado en los últimos 12 meses.
domain: customers   unit: ratio   better: higher   kind: cohort
needs: [deal]
inputs: [deal.account_id, contract.account_id]
per: account
dimensions: [team, category]
*/
select s.source_id, 'account' as object, s.account_id as id, p.period,
       max(case when e.account_id is not null then 1 else 0 end) as num, 1 as den
from customer_span s
join period p on s.from_on < p.start_on and s.to_on >= p.start_on
left join customer_span e on e.source_id = s.source_id and e.account_id = s.account_id
  and e.from_on < p.until_on and e.to_on >= p.until_on
group by s.source_id, s.account_id, p.period
