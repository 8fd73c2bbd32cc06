/*
id: open_pipeline
label: { en: Open pipeline, es: Embudo abierto }
description:
  en: Amount of the deals that are open at the end of the period.
  es: Importe de las oportunidades abiertas al final del periodo.
domain: sales   unit: money   better: higher   kind: snapshot
needs: [deal]
per: deal
dimensions: [owner, team, pipeline, category, type]
*/
select s.source_id, 'deal' as object, s.id, s.from_at as since, s.to_at as until,
       s.owner_id, s.pipeline, s.inferred, s.amount_minor as num, coalesce(s.currency, d.currency) as currency
from deal_state s
join deal d on d.source_id = s.source_id and d.id = s.id
where s.outcome = 'open'
