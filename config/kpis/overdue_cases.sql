/*
id: overdue_cases
label: { en: Overdue cases, es: Tickets vencidos }
description:
  en: Cases that are open past their due time at the end of the period. A case without a due time is never overdue.
  es: Casos abiertos y vencidos al final del periodo. Un caso sin vencimiento nunca está vencido.
domain: service   unit: count   better: lower   kind: snapshot
needs: [ticket]
inputs: [ticket.due_at]
per: ticket
dimensions: [owner, team, category, priority, channel, case_category]
*/
select s.source_id, 'ticket' as object, s.id,
       case when s.due_at > s.from_at then s.due_at else s.from_at end as since, s.to_at as until,
       s.owner_id, s.priority, s.category as case_category, s.inferred, 1 as num
from ticket_state s
join ticket t on t.source_id = s.source_id and t.id = s.id
where s.is_closed = 0 and s.due_at is not null and (s.to_at is null or s.due_at < s.to_at)
