/*
id: csat
label: { en: Customer satisfaction, es: Satisfacción del cliente }
description:
  en: Of the customers who answered in the period, the share that was satisfied (4 or 5 of 5). The last answer for each case counts.
  es: De los clientes que respondieron en el periodo, la parte satisfecha (4 o 5 de 5). Cuenta la última respuesta de cada caso.
domain: service   unit: ratio   better: higher   kind: flow
per: survey_answer
dimensions: [owner, team, category, channel, case_category]
*/
with answer as (
  select source_id, id, answered_at, score, scale_min, scale_max,
         row_number() over (partition by source_id, coalesce(ticket_id, id) order by answered_at desc, id desc) as age
  from survey_answer
  where answered_at < :as_of and audience is distinct from 'user' and coalesce(kind, 'csat') = 'csat'
)
select source_id, 'survey_answer' as object, id, answered_at as at,
       case when score is null or scale_min is null or scale_max is null then null
            when score - scale_min >= 0.75 * (scale_max - scale_min) then 1 else 0 end as num,
       1 as den
from answer
where age = 1
