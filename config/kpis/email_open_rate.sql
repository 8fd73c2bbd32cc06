/*
id: email_open_rate
label: { en: Open rate, es: Tasa de apertura de emails }
description:
  en: Unique opens over delivered e-mails, for e-mails sent in the period at least 72 hours ago. Includes opens by privacy pre-fetch.
  es: Aperturas únicas entre correos entregados, para envíos del periodo con al menos 72 horas. Incluye aperturas automáticas por privacidad.
domain: marketing   unit: ratio   better: higher   kind: cohort
matures: 72h
dimensions: [campaign, owner, team]
*/
select source_id, 'email_stat' as object, id, sent_at as at,
       opens_unique as num, delivered as den
from email_stat
