/*
id: sla_met_rate
label: { en: SLA compliance, es: Cumplimiento de SLA }
description:
  en: Of the cases created in the period whose due time has passed, the share closed by it and not open again now. Young cases stay out even when they are closed; the due time is the one in force while the case was last open. Cases without a due time count as missing.
  es: De los casos creados en el periodo cuyo vencimiento ha pasado, la parte cerrada a tiempo y no reabierta. Los casos recientes no cuentan aunque estén cerrados; vale el vencimiento vigente mientras el caso estuvo abierto por última vez. Los casos sin vencimiento constan como faltantes.
domain: service   unit: ratio   better: higher   kind: cohort
needs: [ticket]
per: ticket
dimensions: [owner, team, category, priority, case_category]
*/
with opened as (
  select source_id, id, due_at, priority,
         row_number() over (partition by source_id, id order by from_at desc) as age
  from ticket_state
  where is_closed = 0 and from_at < :as_of
),
closed as (
  select source_id, id, from_at, is_closed,
         row_number() over (partition by source_id, id order by from_at desc) as age,
         lag(is_closed) over (partition by source_id, id order by from_at) as was_closed
  from ticket_state
  where from_at < :as_of
),
ending as (
  select source_id, id, min(case when age = 1 then is_closed end) as is_closed,
         max(case when is_closed = 1 and coalesce(was_closed, 0) = 0 then from_at end) as closed_at
  from closed
  group by source_id, id
)
select t.source_id, 'ticket' as object, t.id, t.created_at as at,
       coalesce(o.priority, t.priority) as priority,
       case when coalesce(o.due_at, t.due_at) is null then null
            when e.is_closed = 1 and e.closed_at <= coalesce(o.due_at, t.due_at) then 1 else 0 end as num,
       1 as den
from ticket t
left join opened o on o.source_id = t.source_id and o.id = t.id and o.age = 1
left join ending e on e.source_id = t.source_id and e.id = t.id
where coalesce(o.due_at, t.due_at, 0) < :as_of
