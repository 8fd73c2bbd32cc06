/*
id: slipped_deal_rate
label: { en: Slipped deals, es: Oportunidades aplazadas }
description:
  en: Of the open deals that were due in the period at its start, the share moved out of it or still open at its end. While the period runs, only those moved out. Deals without a history count as missing.
  es: De las oportunidades abiertas que al inicio del periodo vencían en él, la parte aplazada a otro periodo o aún abierta al final. Mientras dura el periodo, solo las aplazadas. Las que no tienen historial constan como faltantes.
domain: sales   unit: ratio   better: lower   kind: flow
needs: [deal]
per: deal
dimensions: [owner, team, pipeline]
*/
select s.source_id, 'deal' as object, s.id, p.period, p.start_at - 1 as at, s.owner_id, s.pipeline,
       case when s.inferred = 1 then null
            when e.outcome = 'open' and (p.until_at >= p.end_at or e.expected_close_on >= p.end_on) then 1
            else 0 end as num,
       1 as den
from deal_state s
join period p on s.from_at < p.start_at and (s.to_at is null or s.to_at >= p.start_at)
  and s.expected_close_on >= p.start_on and s.expected_close_on < p.end_on
join deal_state e on e.source_id = s.source_id and e.id = s.id
  and e.from_at < p.until_at and (e.to_at is null or e.to_at >= p.until_at)
where s.outcome = 'open'
