/*
id: uncategorised_case_rate
label: { en: Cases without category, es: Casos sin categoría }
description:
  en: Of the cases closed in the period, the share without a category, or with one that says nothing (other, none).
  es: De los casos cerrados en el periodo, la parte sin categoría o con una que no dice nada (otros, ninguno).
domain: adoption   unit: ratio   better: lower   kind: flow
dimensions: [owner, team, channel]
*/
select source_id, 'ticket' as object, id, last_closed_at as at,
       case when category is null
              or lower(trim(category)) in ('', '-', '.', 'other', 'others', 'none', 'n/a', 'na', 'unknown', 'undefined', 'general',
                                           'otro', 'otra', 'otros', 'otras', 'ninguno', 'ninguna', 'sin categoría', 'sin categorÍa', 'sin categoria')
            then 1 else 0 end as num,
       1 as den
from ticket
where is_closed = 1
