/*
id: active_user_rate
label: { en: Active users, es: Usuarios activos }
description:
  en: Of the licensed people at the end of the period, the share who created or changed at least one record in it. Signing in alone is not use; integrations are left out.
  es: De las personas con licencia al final del periodo, la parte que creó o modificó al menos un registro en él. Solo iniciar sesión no es uso; no cuentan las integraciones.
domain: adoption   unit: ratio   better: higher   kind: flow
needs: [actor, deal]
dimensions: [team]
*/
with known as (
  select min(start_at) as since from period
),
written as (
  select source_id, actor_id, at from change where actor_id is not null and at < :as_of and at >= (select since from known)
  union all
  select source_id, created_by_id as actor_id, created_at as at from deal
  where created_by_id is not null and created_at < :as_of and created_at >= (select since from known)
  union all
  select source_id, created_by_id as actor_id, created_at as at from ticket
  where created_by_id is not null and created_at < :as_of and created_at >= (select since from known)
  union all
  select source_id, created_by_id as actor_id, created_at as at from activity
  where created_by_id is not null and created_at < :as_of and created_at >= (select since from known)
    and coalesce(automated, 0) = 0
),
-- Six hours are shorter than any period, so a span that straddles a bound has a write on both sides of it.
quarter_day as (
  select source_id, actor_id, min(at) as first_at, max(at) as last_at
  from written
  group by source_id, actor_id, at - at % 21600000
),
active as (
  select distinct w.source_id, w.actor_id, p.period
  from quarter_day w
  join period p on w.last_at >= p.start_at and w.first_at < p.until_at
),
telling as materialized (
  select o.source_id
  from (select distinct source_id from actor) o
  where exists (select 1 from change w where w.source_id = o.source_id and w.actor_id is not null and w.at < :as_of)
     or exists (select 1 from deal w where w.source_id = o.source_id and w.created_by_id is not null and w.created_at < :as_of)
     or exists (select 1 from ticket w where w.source_id = o.source_id and w.created_by_id is not null and w.created_at < :as_of)
     or exists (select 1 from activity w where w.source_id = o.source_id and w.created_by_id is not null
                  and w.created_at < :as_of and coalesce(w.automated, 0) = 0)
)
select s.source_id, 'actor' as object, s.id, p.period, s.id as owner_id,
       case when w.actor_id is not null then 1 when k.source_id is not null then 0 end as num, 1 as den
from actor_state s
join actor a on a.source_id = s.source_id and a.id = s.id
join period p on s.from_at < p.until_at and (s.to_at is null or s.to_at >= p.until_at)
left join active w on w.source_id = s.source_id and w.actor_id = s.id and w.period = p.period
left join telling k on k.source_id = s.source_id
where s.licensed = 1 and coalesce(s.kind, 'user') = 'user' and coalesce(a.created_at, 0) < p.until_at
