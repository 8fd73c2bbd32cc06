/*
id: pipeline_created
label: { en: Pipeline created, es: Embudo generado }
description:
  en: Amount, as of the end of the period, of the deals created in it. Where no history is read, their present amount. Months do not add up to the quarter.
  es: Importe, al final del periodo, de las oportunidades creadas en él. Donde no se lee historial, su importe actual. Los meses no suman el trimestre.
domain: sales   unit: money   better: higher   kind: flow
needs: [deal]
per: deal
dimensions: [owner, team, pipeline, campaign, source]
*/
select d.source_id, 'deal' as object, d.id, p.period, d.created_at as at, s.pipeline,
       s.amount_minor as num, coalesce(s.currency, d.currency) as currency
from deal d
join period p on d.created_at >= p.start_at and d.created_at < p.until_at
join deal_state s on s.source_id = d.source_id and s.id = d.id
  and s.from_at < p.until_at and (s.to_at is null or s.to_at >= p.until_at)
