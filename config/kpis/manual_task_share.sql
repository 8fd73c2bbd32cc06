/*
id: manual_task_share
label: { en: Manual work, es: Trabajo manual }
description:
  en: Of the tasks created in the period, the share created by people. Where it is not known who or what created a task, it counts as missing.
  es: De las tareas creadas en el periodo, la parte creada por personas. Si no se sabe quién o qué creó una tarea, consta como faltante.
domain: adoption   unit: ratio   better: lower   kind: flow
needs: [activity]
per: activity
dimensions: [team]
*/
select a.source_id, 'activity' as object, a.id, a.created_at as at,
       case when a.automated = 1 or c.kind = 'integration' then 0
            when a.automated = 0 or c.kind = 'user' then 1 end as num,
       1 as den
from activity a
left join actor c on c.source_id = a.source_id and c.id = a.created_by_id
where a.kind = 'task'
