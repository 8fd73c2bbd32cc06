/*
id: training_coverage
label: { en: Trained users, es: Usuarios formados }
description:
  en: Of the people who may sign in at the end of the period, the share trained in the 180 days before.
  es: De las personas que pueden acceder al final del periodo, la parte formada en los 180 días anteriores.
domain: adoption   unit: ratio   better: higher   kind: snapshot
needs: [actor, entry]
dimensions: [team]
*/
with person as materialized (
  select source_id, id, lower(email) as mail from actor where email is not null
),
trained as materialized (
  select a.source_id, a.id, e.day
  from entry e
  join actor a on a.id = e.actor_id
  where e.kind = 'training'
  union
  select a.source_id, a.id, e.day
  from entry e
  join person a on a.mail = lower(e.actor_id)
  where e.kind = 'training'
)
select s.source_id, 'actor' as object, s.id, p.period, s.id as owner_id,
       max(case when t.id is not null then 1 else 0 end) as num, 1 as den
from actor_state s
join actor a on a.source_id = s.source_id and a.id = s.id
join period p on s.from_at < p.until_at and (s.to_at is null or s.to_at >= p.until_at)
left join trained t on t.source_id = s.source_id and t.id = s.id and t.day >= p.half_year_ago_on and t.day < p.until_on
where s.active = 1 and s.licensed is distinct from 0 and coalesce(s.kind, 'user') = 'user'
  and coalesce(a.created_at, 0) < p.until_at
group by s.source_id, s.id, p.period
