/*
id: email_open_rate_adj
label: { en: Adjusted open rate, es: Apertura ajustada }
description:
  en: Opens by people over delivered e-mails, both without those opened by privacy pre-fetch, for e-mails sent in the period at least 72 hours ago. Only where the source tells such opens apart.
  es: Aperturas de personas entre correos entregados, ambos sin las aperturas automáticas por privacidad, para envíos del periodo con al menos 72 horas. Solo donde la fuente las distingue.
domain: marketing   unit: ratio   better: higher   kind: cohort
matures: 72h
dimensions: [campaign]
*/
select source_id, 'email_stat' as object, id, sent_at as at,
       opens_unique - opens_unreliable as num, delivered - opens_unreliable as den
from email_stat
