/*
id: fcr_rate
label: { en: First-contact resolution, es: Resolución en primer contacto }
description:
  en: Of the cases first closed in the period at least 7 days ago, the share closed with at most one public reply and not opened again within 7 days.
  es: De los casos cerrados por primera vez en el periodo hace al menos 7 días, la parte cerrada con una respuesta pública como máximo y no reabierta en 7 días.
domain: service   unit: ratio   better: higher   kind: cohort
matures: 7d
needs: [ticket]
per: ticket
dimensions: [owner, team, channel, case_category]
*/
with told as (
  select source_id, id, min(from_at) as closed_at
  from ticket_state
  where is_closed = 1 and inferred = 0
  group by source_id, id
),
again as (
  select s.source_id, s.id, min(s.from_at) as opened_at
  from ticket_state s
  join told f on f.source_id = s.source_id and f.id = s.id
  where s.is_closed = 0 and s.from_at > f.closed_at
  group by s.source_id, s.id
),
turn as (
  select t.source_id, t.id, t.reply_count, coalesce(f.closed_at, t.first_closed_at, t.last_closed_at) as closed_at,
         coalesce(a.opened_at, case when f.closed_at is null and t.reopened_at > t.first_closed_at then t.reopened_at end) as opened_at,
         case when f.closed_at is not null or t.first_closed_at is not null then 1 else 0 end as is_told
  from ticket t
  left join told f on f.source_id = t.source_id and f.id = t.id
  left join again a on a.source_id = t.source_id and a.id = t.id
)
select source_id, 'ticket' as object, id, closed_at as at,
       case when reply_count > 1 then 0
            when reply_count is null or is_told = 0 then null
            when opened_at < :as_of and opened_at - closed_at <= 604800000 then 0 else 1 end as num,
       1 as den
from turn
where closed_at is not null
