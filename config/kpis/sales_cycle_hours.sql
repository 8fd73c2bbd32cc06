/*
id: sales_cycle_hours
label: { en: Sales cycle, es: Ciclo de ventas }
description:
  en: Time from the day a deal was created to the day it was won, 24 hours for each calendar day.
  es: Tiempo desde el día en que se creó la oportunidad hasta el día en que se ganó, 24 horas por día natural.
domain: sales   unit: hours   better: lower   kind: flow
dimensions: [owner, team, pipeline, category, type]
*/
select source_id, 'deal' as object, id, closed_on as day,
       created_on as start_at, closed_on as end_at
from deal
where outcome = 'won'
