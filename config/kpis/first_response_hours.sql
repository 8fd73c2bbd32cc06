/*
id: first_response_hours
label: { en: Response time, es: Tiempo de respuesta }
description:
  en: Median time from the creation of a case to the first public reply by a person. Cases without a reply are kept as still waiting, until they are closed. Where replies are not read, there is no value.
  es: Tiempo mediano desde la creación de un caso hasta la primera respuesta pública de una persona. Los casos sin respuesta cuentan como todavía en espera, hasta su cierre. Donde no se leen las respuestas, no hay valor.
domain: service   unit: hours   better: lower   kind: cohort
needs: [ticket]
per: ticket
dimensions: [owner, team, category, priority, channel, case_category]
*/
select t.source_id, 'ticket' as object, t.id, t.created_at as at,
       case when r.source_id is not null then t.created_at end as start_at,
       t.first_reply_at as end_at, t.last_closed_at as observed_until
from ticket t
left join told_field r on r.source_id = t.source_id and r.object = 'ticket' and r.field = 'first_reply_at'
