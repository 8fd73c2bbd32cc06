/*
id: open_cases
label: { en: Unresolved cases, es: Tickets sin resolución }
description:
  en: Cases that are open at the end of the period.
  es: Casos abiertos al final del periodo.
domain: service   unit: count   better: lower   kind: snapshot
needs: [ticket]
per: ticket
dimensions: [owner, team, category, priority, channel, case_category]
*/
select s.source_id, 'ticket' as object, s.id, s.from_at as since, s.to_at as until,
       s.owner_id, s.priority, s.category as case_category, s.inferred, 1 as num
from ticket_state s
join ticket t on t.source_id = s.source_id and t.id = s.id
where s.is_closed = 0
