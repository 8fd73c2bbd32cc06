/*
id: win_rate_cohort
label: { en: Cohort conversion, es: Conversión por cohorte }
description:
  en: Of the deals created in the period at least 90 days ago, the share won within 90 days. Unlike sales conversion it does not fall when lost deals are cleaned up.
  es: De las oportunidades creadas en el periodo hace al menos 90 días, la parte ganada en 90 días. A diferencia de la conversión de ventas, no baja al limpiar las perdidas.
domain: sales   unit: ratio   better: higher   kind: cohort
within: 90d   matures: 90d
dimensions: [owner, team, pipeline, category, campaign, source, type]
*/
select source_id, 'deal' as object, id, created_at as at, created_at as start_at,
       case when outcome = 'won' and closed_on < created_on then created_on
            when outcome = 'won' then closed_on end as end_at
from deal
