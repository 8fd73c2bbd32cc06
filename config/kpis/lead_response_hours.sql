/*
id: lead_response_hours
label: { en: Lead response time, es: Tiempo de respuesta al lead }
description:
  en: Median time from the creation of a lead to the first call, meeting or outgoing e-mail by a person. Leads without an answer are kept as still waiting; automatic mail does not count. The channel is the means of that first answer, none where it is still awaited.
  es: Tiempo mediano desde la creación de un lead hasta la primera llamada, reunión o correo saliente de una persona. Los leads sin respuesta cuentan como todavía en espera; no cuenta el correo automático. El canal es el medio de esa primera respuesta, ninguno mientras se espera.
domain: sales   unit: hours   better: lower   kind: cohort
needs: [lead, activity]
per: lead
dimensions: [owner, team, source, channel]
*/
with person as (
  select source_id, id as lead_id, id as person_id from lead
  union
  select source_id, id as lead_id, contact_id as person_id from lead where contact_id is not null
),
approach as (
  select source_id, person_id, kind, done_at
  from activity
  -- All people are asked for: to read the records as they lie takes half as long as to look them up by person.
  where coalesce(person_id, '') <> '' and status = 'done' and coalesce(automated, 0) = 0 and kind in ('call', 'email', 'meeting')
    and direction is distinct from 'inbound' and done_at < :as_of
  group by source_id, person_id, kind, done_at
),
answer as (
  select l.source_id, l.id, min(a.done_at) as answered_at,
         min(case when a.kind = 'call' then a.done_at end) as called_at,
         min(case when a.kind = 'email' then a.done_at end) as written_at
  from approach a
  join person p on p.source_id = a.source_id and p.person_id = a.person_id
  join lead l on l.source_id = p.source_id and l.id = p.lead_id and a.done_at >= l.created_at
  group by l.source_id, l.id
)
select l.source_id, 'lead' as object, l.id, l.created_at as at, l.created_at as start_at,
       a.answered_at as end_at, l.closed_at as observed_until,
       case when a.answered_at = a.called_at then 'call' when a.answered_at = a.written_at then 'email'
            when a.answered_at is not null then 'meeting' end as channel
from lead l
left join answer a on a.source_id = l.source_id and a.id = l.id
