/*
id: email_click_rate
label: { en: Click rate, es: Tasa de clics }
description:
  en: Persons who clicked over delivered e-mails, for e-mails sent in the period at least 72 hours ago.
  es: Personas que hicieron clic entre correos entregados, para envíos del periodo con al menos 72 horas.
domain: marketing   unit: ratio   better: higher   kind: cohort
matures: 72h
dimensions: [campaign, owner, team]
*/
select source_id, 'email_stat' as object, id, sent_at as at,
       clickers_unique as num, delivered as den
from email_stat
