/*
id: email_cto_rate
label: { en: Click-to-open, es: Clics por apertura }
description:
  en: Persons who clicked over unique opens, for e-mails sent in the period at least 72 hours ago.
  es: Personas que hicieron clic entre aperturas únicas, para envíos del periodo con al menos 72 horas.
domain: marketing   unit: ratio   better: higher   kind: cohort
matures: 72h
dimensions: [campaign]
*/
select source_id, 'email_stat' as object, id, sent_at as at,
       clickers_unique as num, opens_unique as den
from email_stat
