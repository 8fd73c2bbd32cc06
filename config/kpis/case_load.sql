/*
id: case_load
label: { en: Cases per agent, es: Carga de casos }
description:
  en: Open cases of active agents over the number of active agents, at the end of the period. An agent is a person who has ever had a case; a queue is none, and what lies in queues is left out.
  es: Casos abiertos de agentes activos entre el número de agentes activos, al final del periodo. Un agente es una persona que ha tenido algún caso; una cola no lo es, y lo que está en colas no cuenta.
domain: service   unit: count   better: range   kind: snapshot
needs: [ticket, actor]
per: ticket
dimensions: [team]
*/
with active as materialized (
  select a.source_id, a.id, a.from_at, a.to_at
  from actor_state a
  join ticket_agent g on g.source_id = a.source_id and g.owner_id = a.id
  where a.active = 1 and coalesce(a.kind, 'user') = 'user'
)
select source_id, 'actor' as object, id, cast(null as text) as part, from_at as since, to_at as until, id as owner_id, 0 as num, 1 as den
from active
union all
select s.source_id, 'ticket' as object, s.id, a.id as part,
       case when a.from_at > s.from_at then a.from_at else s.from_at end as since,
       case when a.to_at is null then s.to_at when s.to_at is null or a.to_at < s.to_at then a.to_at else s.to_at end as until,
       s.owner_id, 1 as num, 0 as den
from ticket_state s
join ticket t on t.source_id = s.source_id and t.id = s.id
left join active a on a.source_id = s.source_id and a.id = s.owner_id
where a.id is not null and s.is_closed = 0 and (s.to_at is null or a.from_at < s.to_at) and (a.to_at is null or s.from_at < a.to_at)
