/*
id: cases_closed
label: { en: Cases closed, es: Casos cerrados }
description:
  en: Cases that are closed, by the time of their last closure.
  es: Casos cerrados, por el momento de su último cierre.
domain: service   unit: count   better: higher   kind: flow
dimensions: [owner, team, category, priority, channel, case_category]
*/
select source_id, 'ticket' as object, id, last_closed_at as at, 1 as num
from ticket
where is_closed = 1
