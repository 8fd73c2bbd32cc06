/*
id: email_unsub_rate
label: { en: Unsubscribes, es: Bajas }
description:
  en: Unsubscribed persons over delivered e-mails, for e-mails sent in the period at least 72 hours ago.
  es: Personas que se dieron de baja entre correos entregados, para envíos del periodo con al menos 72 horas.
domain: marketing   unit: ratio   better: lower   kind: cohort
matures: 72h
dimensions: [campaign]
*/
select source_id, 'email_stat' as object, id, sent_at as at,
       unsubscribed as num, delivered as den
from email_stat
