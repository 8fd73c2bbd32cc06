/*
id: net_revenue_retention
label: { en: Net revenue retention, es: Retención neta de ingresos }
description:
  en: What the customers of the 12 months before last bought in the last 12 months, over what they had bought then, at the end of the period.
  es: Lo que compraron en los últimos 12 meses los clientes de los 12 meses anteriores, entre lo que compraron entonces, al final del periodo.
domain: customers   unit: ratio   better: higher   kind: cohort
money: [num, den]
needs: [deal]
per: account
dimensions: [team, category]
*/
with base as materialized (
  select distinct p.period, b.source_id, b.account_id
  from period p
  join purchase b on b.day >= p.two_years_ago_on and b.day < p.year_ago_on
),
bought as materialized (
  select b.period, b.source_id, b.account_id, u.id, u.day, p.year_ago_on
  from base b
  join period p on p.period = b.period
  join purchase u on u.source_id = b.source_id and u.account_id = b.account_id
    and u.day >= p.two_years_ago_on and u.day < p.until_on
)
select b.source_id, 'deal' as object, b.id, b.period, a.owner_id, a.category, d.currency, d.closed_on as rate_day,
       case when b.day >= b.year_ago_on then d.amount_minor else 0 * d.amount_minor end as num,
       case when b.day < b.year_ago_on then d.amount_minor else 0 * d.amount_minor end as den
from bought b
join deal d on d.source_id = b.source_id and d.id = b.id
left join account a on a.source_id = b.source_id and a.id = b.account_id
