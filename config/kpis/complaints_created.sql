/*
id: complaints_created
label: { en: Complaints, es: Quejas registradas }
description:
  en: Cases created in the period whose category is a complaint, or that the mapped field `complaint` marks as one.
  es: Casos creados en el periodo cuya categoría es una queja, o que el campo asignado `complaint` marca como tal.
domain: service   unit: count   better: lower   kind: flow
needs: [ticket]
inputs: [ticket.category, dimension.value]
per: ticket
dimensions: [team, category, channel, case_category]
*/
-- Of letters with accents lower() changes none in SQLite.
with marked as (
  select distinct source_id, record_id
  from dimension
  where object = 'ticket' and name = 'complaint'
    and lower(trim(value)) in ('1', 'true', 'yes', 'y', 'x', 'si', 'sí', 'sÍ', 'complaint', 'queja', 'reclamación', 'reclamaciÓn', 'reclamacion')
)
select t.source_id, 'ticket' as object, t.id, t.created_at as at, 1 as num
from ticket t
left join marked m on m.source_id = t.source_id and m.record_id = t.id
where m.record_id is not null
   or lower(trim(t.category)) in ('complaint', 'complaints', 'customer complaint', 'queja', 'quejas',
                                  'reclamación', 'reclamaciÓn', 'reclamaciones', 'reclamacion', 'reclamo', 'reclamos')
