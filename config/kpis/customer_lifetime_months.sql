/*
id: customer_lifetime_months
label: { en: Customer life cycle, es: Ciclo de vida del cliente }
description:
  en: Median time for which those remain customers who became so in the five years before the end of the period. Present customers are kept as still running.
  es: Tiempo mediano que siguen siendo clientes quienes lo fueron a partir de los cinco años anteriores al final del periodo. Los clientes actuales cuentan como todavía en curso.
domain: customers   unit: months   better: higher   kind: cohort
needs: [deal]
per: account
dimensions: [category]
*/
select s.source_id, 'account' as object, s.account_id as id, s.from_on as part, p.period, s.from_on as start_at,
       case when s.to_on < p.until_on then s.to_on end as end_at, p.today_on as observed_until
from customer_span s
join period p on s.from_on < p.until_on and s.from_at >= p.until_at - 157788000000
