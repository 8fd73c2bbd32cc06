/*
id: next_step_rate
label: { en: Deals with next step, es: Oportunidades con próximo paso }
description:
  en: Of the deals open at the end of the period, the share with an activity planned from then on, or with a next step written in the 30 days before. Older text counts as empty.
  es: De las oportunidades abiertas al final del periodo, la parte con una actividad planificada desde entonces o con un próximo paso escrito en los 30 días anteriores. El texto más antiguo cuenta como vacío.
domain: adoption   unit: ratio   better: higher   kind: snapshot
needs: [deal, activity]
per: deal
dimensions: [owner, team, pipeline]
*/
with planned as (
  select distinct p.period, a.source_id, a.deal_id
  from activity a
  join period p on a.created_at < p.until_at and (a.done_at is null or a.done_at >= p.until_at)
    and (a.starts_at >= p.until_at or a.due_on >= p.today_on)
  where a.deal_id is not null and a.status is distinct from 'cancelled'
    and (a.status is distinct from 'done' or a.done_at is not null)
    and (a.starts_at > a.created_at or a.due_on is not null)
)
select s.source_id, 'deal' as object, s.id, p.period, s.owner_id, s.pipeline,
       case when n.deal_id is not null then 1
            when trim(s.next_step) in ('', '-', '.', '?', 'tbd', 'TBD', 'n/a', 'N/A') then 0
            when s.next_step is not null and p.until_at - coalesce(s.next_step_at, d.updated_at, s.from_at) <= 2592000000 then 1
            else 0 end as num,
       1 as den
from deal_state s
join period p on s.from_at < p.until_at and (s.to_at is null or s.to_at >= p.until_at)
join deal d on d.source_id = s.source_id and d.id = s.id
left join planned n on n.period = p.period and n.source_id = s.source_id and n.deal_id = s.id
where s.outcome = 'open'
