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
select source_id, 'deal' as object, id, coalesce(pipeline, '') || ':' || stage as part, min(entered_at) as at, pipeline, stage,
       sum(case when left_at is null or left_at >= :as_of then :as_of else left_at end - entered_at) as value,
       max(case when left_at is null or left_at >= :as_of then 1 else 0 end) as censored
from stage_visit
where entered_at < :as_of
group by source_id, id, pipeline, stage
having max(inferred) = 0
