/*
id: lead_conversion_rate
label: { en: Lead conversion, es: Conversión de leads }
description:
  en: Of the leads created in the period at least 30 days ago, the share converted within 30 days.
  es: De los leads creados en el periodo hace al menos 30 días, la parte convertida en 30 días.
domain: sales   unit: ratio   better: higher   kind: cohort
within: 30d   matures: 30d
dimensions: [owner, team, campaign, source]
*/
select source_id, 'lead' as object, id, created_at as at,
       created_at as start_at, converted_on as end_at
from lead
