/*
id: survey_response_rate
label: { en: Survey response, es: Respuesta a encuestas }
description:
  en: Of the surveys sent to customers in the period at least 14 days ago, the share that was answered. Stands beside customer satisfaction.
  es: De las encuestas enviadas a clientes en el periodo hace al menos 14 días, la parte respondida. Acompaña a la satisfacción del cliente.
domain: service   unit: ratio   better: higher   kind: cohort
matures: 14d
dimensions: [team, channel]
*/
select source_id, 'survey_answer' as object, id, sent_at as at,
       case when answered_at < :as_of then 1 else 0 end as num, 1 as den
from survey_answer
where sent_at is not null and audience is distinct from 'user'
