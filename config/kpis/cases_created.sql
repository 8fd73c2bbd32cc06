/*
id: cases_created
label: { en: Incidents logged, es: Incidencias registradas }
description:
  en: Cases created in the period. Right after a new CRM is adopted, more logging is not worse service.
  es: Casos creados en el periodo. Al adoptar un CRM, registrar más no es peor servicio.
domain: service   unit: count   better: lower   kind: flow
dimensions: [team, category, priority, channel, case_category]
*/
select source_id, 'ticket' as object, id, created_at as at, 1 as num
from ticket
