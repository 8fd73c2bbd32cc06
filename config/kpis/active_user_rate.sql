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
with telling as (
  select distinct source_id
  from actor_day
  where first_at < :as_of
)
select s.source_id, 'actor' as object, s.id, p.period, s.id as owner_id,
       case when exists (select 1 from actor_day w where w.source_id = s.source_id and w.actor_id = s.id
                           and w.day >= p.start_on and w.day < p.until_on and w.first_at < p.until_at) then 1
            when k.source_id is not null then 0 end as num,
       1 as den
from actor_state s
join actor a on a.source_id = s.source_id and a.id = s.id
join period p on s.from_at < p.until_at and (s.to_at is null or s.to_at >= p.until_at)
left join telling k on k.source_id = s.source_id
where s.licensed = 1 and coalesce(s.kind, 'user') = 'user' and coalesce(a.created_at, 0) < p.until_at
