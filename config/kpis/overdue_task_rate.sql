/*
id: overdue_task_rate
label: { en: Overdue tasks, es: Tareas vencidas }
description:
  en: Of the open tasks with a due date, the share that was due before the last day of the period. What is due today is not overdue.
  es: De las tareas abiertas con fecha de vencimiento, la parte que vencía antes del último día del periodo. Lo que vence hoy no está vencido.
domain: adoption   unit: ratio   better: lower   kind: snapshot
needs: [activity]
per: activity
dimensions: [owner, team]
*/
select a.source_id, 'activity' as object, a.id, p.period,
       case when a.due_on < p.today_on then 1 else 0 end as num, 1 as den
from activity a
join period p on a.created_at < p.until_at and (a.done_at is null or a.done_at >= p.until_at)
where a.kind = 'task' and a.due_on is not null and a.status is distinct from 'cancelled'
  and (a.status is distinct from 'done' or a.done_at is not null)
