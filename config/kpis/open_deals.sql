/*
id: open_deals
label: { en: Open opportunities, es: Oportunidades abiertas }
description:
  en: Deals that are open at the end of the period.
  es: Oportunidades abiertas al final del periodo.
domain: sales   unit: count   better: range   kind: snapshot
needs: [deal]
per: deal
dimensions: [owner, team, pipeline, category, type]
*/
select s.source_id, 'deal' as object, s.id, s.from_at as since, s.to_at as until,
       s.owner_id, s.pipeline, s.inferred, 1 as num
from deal_state s
join deal d on d.source_id = s.source_id and d.id = s.id
where s.outcome = 'open'
