/*
id: quota_attainment
label: { en: Quota attainment, es: Cumplimiento de cuota }
description:
  en: Amount won by those who have a quota, within the days that it covers, over the quota. Quotas that lie wholly in the period count; months and quarters are never mixed.
  es: Importe ganado por quienes tienen cuota, en los días que cubre, entre la cuota. Cuentan las cuotas que caen enteras en el periodo; nunca se mezclan meses y trimestres.
domain: sales   unit: ratio   better: higher   kind: flow
money: [num, den]
needs: [deal, entry]
per: deal
dimensions: [owner, team]
*/
with person as materialized (
  select source_id, id, lower(email) as mail from actor where email is not null
),
quota as materialized (
  select e.source_id as entry_source_id, e.id, a.source_id, a.id as actor_id, e.amount_minor, e.currency,
         coalesce(e.from_on, e.day) as from_on, coalesce(e.to_on, e.day) as to_on
  from entry e
  join actor a on a.id = e.actor_id
  where e.kind = 'quota'
  union
  select e.source_id as entry_source_id, e.id, a.source_id, a.id as actor_id, e.amount_minor, e.currency,
         coalesce(e.from_on, e.day) as from_on, coalesce(e.to_on, e.day) as to_on
  from entry e
  join person a on a.mail = lower(e.actor_id)
  where e.kind = 'quota'
),
-- Of a person's quotas that lie in the period, one that encloses others stands for them.
due as materialized (
  select q.entry_source_id, q.id, q.source_id, q.actor_id, q.amount_minor, q.currency, q.from_on, q.to_on,
         p.period, p.until_at, p.until_on,
         max(q.to_on) over (partition by p.period, q.source_id, q.actor_id order by q.from_on, q.to_on desc
                            groups between unbounded preceding and 1 preceding) as covered_to
  from quota q
  join period p on q.from_on >= p.start_on and q.to_on < p.end_on
),
counted as materialized (
  select entry_source_id, id, source_id, actor_id, amount_minor, currency, from_on, to_on, period, until_at, until_on
  from due
  where covered_to is null or covered_to < to_on
),
-- Whose each deal was at the end of the day on which it was closed, the first owner known where that lies before.
closer as materialized (
  select d.source_id, d.id, s.owner_id,
         row_number() over (partition by d.source_id, d.id
                            order by case when s.from_at < l.ends_at then 0 - s.from_at else s.from_at end) as turn
  from deal d
  join local_day l on l.on_day = d.closed_on
  join deal_state s on s.source_id = d.source_id and s.id = d.id
  where d.outcome = 'won'
),
won as materialized (
  select d.source_id, d.id, d.closed_on, d.amount_minor, d.currency, cast(c.owner_id as text) as owner_id
  from deal d
  join closer c on c.source_id = d.source_id and c.id = d.id and c.turn = 1
  where d.outcome = 'won'
)
select q.source_id, 'entry' as object, q.id, q.entry_source_id as part, q.period, q.actor_id as owner_id,
       q.currency, q.from_on as rate_day, 0 as num, q.amount_minor as den
from counted q
union all
select q.source_id, 'deal' as object, w.id, q.id as part, q.period, q.actor_id as owner_id,
       w.currency, w.closed_on as rate_day, w.amount_minor as num, 0 as den
from counted q
join won w on w.source_id = q.source_id and w.owner_id = q.actor_id
  and w.closed_on >= q.from_on and w.closed_on <= q.to_on and w.closed_on < q.until_on
where q.amount_minor is not null
