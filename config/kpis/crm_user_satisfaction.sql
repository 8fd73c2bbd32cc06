/*
id: crm_user_satisfaction
label: { en: CRM user satisfaction, es: Satisfacción de usuarios }
description:
  en: Of the CRM's own users who answered in the period, the share that was satisfied (4 or 5 of 5). Never mixed with customers.
  es: De los usuarios del CRM que respondieron en el periodo, la parte satisfecha (4 o 5 de 5). Nunca se mezcla con los clientes.
domain: adoption   unit: ratio   better: higher   kind: flow
dimensions: [team]
*/
select source_id, 'survey_answer' as object, id, answered_at as at,
       case when score is null or scale_min is null or scale_max is null then null
            when score - scale_min >= 0.75 * (scale_max - scale_min) then 1 else 0 end as num,
       1 as den
from survey_answer
where audience = 'user' and coalesce(kind, 'csat') = 'csat'
