/*
id: field_fill_rate
label: { en: Field completeness, es: Completitud de campos }
description:
  en: Of the fields that every deal, case and lead should have, the share that is filled, over records that are open or at most 90 days old. Noted each day, since no history tells it; "-" and the like count as empty.
  es: De los campos que toda oportunidad, caso y lead debería tener, la parte que está rellena, en registros abiertos o de 90 días como máximo. Se anota cada día, porque ningún historial lo cuenta; "-" y similares cuentan como vacíos.
domain: adoption   unit: ratio   better: higher   kind: snapshot
captured: true
needs: [deal]
dimensions: [owner, team, pipeline]
*/
with noted as (
  select p.period, max(f.day) as day
  from field_fill f
  join period p on f.day >= p.start_on and f.day < p.until_on
  group by p.period
)
select f.source_id, f.object, f.day || ' ' || f.owner_id || ' ' || f.pipeline as id, n.period,
       case when f.owner_id <> '' then f.owner_id end as owner_id,
       case when f.pipeline <> '' then f.pipeline end as pipeline,
       f.filled as num, f.required as den
from field_fill f
join noted n on n.day = f.day
