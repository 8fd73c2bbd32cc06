/*
id: case_resolution_hours
label: { en: Resolution time, es: Tiempo de resolución de casos }
description:
  en: Time from creation to the last closure, of the cases closed in the period. A reopened case counts again when it is closed.
  es: Tiempo desde la creación hasta el último cierre, de los casos cerrados en el periodo. Un caso reabierto vuelve a contar al cerrarse.
domain: service   unit: hours   better: lower   kind: flow
dimensions: [owner, team, category, priority, channel, case_category]
*/
select source_id, 'ticket' as object, id, last_closed_at as at,
       created_at as start_at, last_closed_at as end_at
from ticket
where is_closed = 1
