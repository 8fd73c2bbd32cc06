/*
id: email_bounce_rate
label: { en: Bounces, es: Rebotes }
description:
  en: Bounced over sent e-mails, for e-mails sent in the period at least 72 hours ago.
  es: Correos rebotados entre enviados, para envíos del periodo con al menos 72 horas.
domain: marketing   unit: ratio   better: lower   kind: cohort
matures: 72h
dimensions: [campaign]
*/
select source_id, 'email_stat' as object, id, sent_at as at,
       bounced as num, sent as den
from email_stat
