/*
id: stage_conversion_rate
label: { en: Stage conversion, es: Conversión por etapa }
description:
  en: Of the deals that first entered a stage in the period at least 60 days ago, the share that later reached a higher stage of the pipeline or was won; skipping stages counts as passing.
  es: De las oportunidades que entraron por primera vez en una etapa en el periodo hace al menos 60 días, la parte que luego alcanzó una etapa superior o se ganó; saltar etapas cuenta como avanzar.
domain: sales   unit: ratio   better: higher   kind: cohort
matures: 60d
needs: [deal, stage]
per: deal
dimensions: [owner, team, pipeline, stage]
*/
with visit as (
  select v.source_id, v.id, v.entered_at, v.passed_at, v.pipeline, v.stage, v.position, v.owner_id, v.inferred,
         row_number() over (partition by v.source_id, v.id, v.pipeline, v.stage order by v.entered_at) as turn
  from stage_visit v
)
select v.source_id, 'deal' as object, v.id, coalesce(v.pipeline, '') || ':' || v.stage as part, v.entered_at as at,
       v.owner_id, v.pipeline, v.stage,
       case when v.passed_at < :as_of then 1 when v.position is null then null else 0 end as num, 1 as den
from visit v
join deal d on d.source_id = v.source_id and d.id = v.id
where v.turn = 1 and v.inferred = 0
