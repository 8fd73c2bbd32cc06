/*
id: new_leads
label: { en: New leads, es: Nuevos leads }
description:
  en: Leads created in the period, without bulk imports.
  es: Leads creados en el periodo, sin importaciones masivas.
domain: sales   unit: count   better: higher   kind: flow
dimensions: [owner, team, campaign, source]
*/
select source_id, 'lead' as object, id, created_at as at, 1 as num
from lead
where coalesce(imported, 0) = 0
