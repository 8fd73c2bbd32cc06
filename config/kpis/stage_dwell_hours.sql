/*
id: stage_dwell_hours
label: { en: Time in stage, es: Tiempo en etapa }
description:
  en: Median time that deals stayed in a stage which they first entered in the period, all visits of a deal together. Deals still there are kept as still running; deals without a history are left out.
  es: Tiempo mediano de las oportunidades en una etapa en la que entraron por primera vez en el periodo, sumando todas las visitas. Las que siguen allí cuentan como todavía en curso; las que no tienen historial no cuentan.
domain: sales   unit: hours   better: lower   kind: cohort
needs: [deal]
per: deal
dimensions: [owner, team, pipeline, stage]
*/
with stay as (
  select source_id, id, pipeline, stage, entered_at, inferred,
         case when left_at is null or left_at >= :as_of then 1 else 0 end as goes_on,
         case when left_at < :as_of then left_at - entered_at else 0 end as stayed
  from stage_visit
  where entered_at < :as_of
)
select source_id, 'deal' as object, id, coalesce(pipeline, '') || ':' || stage as part, min(entered_at) as at, pipeline, stage,
       sum(stayed) as value, max(goes_on) as censored,
       case when max(goes_on) = 1 then max(entered_at) - sum(stayed) end as start_at
from stay
group by source_id, id, pipeline, stage
having max(inferred) = 0
