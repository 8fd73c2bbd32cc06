/*
id: kb_link_rate
label: { en: Knowledge use, es: Uso de la base de conocimiento }
description:
  en: Of the cases closed in the period, the share with a linked knowledge article. Where the links are not read, there is no value.
  es: De los casos cerrados en el periodo, la parte con un artículo de conocimiento enlazado. Donde no se leen los enlaces, no hay valor.
domain: service   unit: ratio   better: higher   kind: flow
dimensions: [owner, team, case_category]
*/
select source_id, 'ticket' as object, id, last_closed_at as at,
       case when article_count is null then null when article_count > 0 then 1 else 0 end as num, 1 as den
from ticket
where is_closed = 1
