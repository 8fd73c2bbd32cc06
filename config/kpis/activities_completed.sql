/*
id: activities_completed
label: { en: Sales activity, es: Actividad comercial }
description:
  en: Tasks and calls done, meetings held and e-mails sent by people in the period. What is only due does not count.
  es: Tareas y llamadas hechas, reuniones celebradas y correos enviados por personas en el periodo. Lo que solo vence no cuenta.
domain: sales   unit: count   better: higher   kind: flow
dimensions: [owner, team, pipeline, category, channel]
*/
select source_id, 'activity' as object, id, done_at as at, 1 as num
from activity
where status = 'done' and coalesce(automated, 0) = 0
  and (kind is distinct from 'email' or direction is distinct from 'inbound')
