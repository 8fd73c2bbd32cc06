/*
id: nps
label: { en: NPS, es: NPS }
description:
  en: Share of the customers who answered 9 or 10 in the period less the share who answered 0 to 6, times 100. Only answers on a scale of 0 to 10.
  es: Parte de los clientes que respondieron 9 o 10 en el periodo menos la parte que respondió de 0 a 6, por 100. Solo respuestas en escala de 0 a 10.
domain: service   unit: points   better: higher   kind: flow
dimensions: [team, category]
*/
select source_id, 'survey_answer' as object, id, answered_at as at,
       case when score is null then null
            when score >= 9 then 100 when score <= 6 then -100 else 0 end as num,
       1 as den
from survey_answer
where kind = 'nps' and audience is distinct from 'user'
  and coalesce(scale_min, 0) = 0 and coalesce(scale_max, 10) = 10
