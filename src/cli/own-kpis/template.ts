/** A KPI file to begin with: works as it is, and says at each place what may stand there. */
export function kpiTemplate(id: string, name: string): string {
  return `/*
id: ${id}
label: { en: "${name}", es: "${name}" }
description:
  en: Number of deals won in the period whose amount is known.
  es: Número de ventas ganadas en el periodo con importe conocido.
domain: own
unit: count          # ratio | money | hours | count | points | months
better: higher       # higher | lower | range
kind: flow           # flow (happened in the period) | snapshot (state at its end) | cohort (began in it)
dimensions: [owner, team, pipeline, category, type]
*/
-- One row for each record that counts, nothing added up: periods, segments, currency, medians and the list of records
-- behind each figure are made from these rows.
--   source_id, object, id    the record (object: the table's name)
--   at or day                when it counts: an instant, or a day; of a snapshot since and until
--   num [, den]              what it adds; a missing figure stays null and is counted as missing
--   start_at, end_at         instead of num, of a duration (unit: hours)
--   currency                 where num or den is money, in minor units
-- Deleted, merged and test records are left out for you. The tables and columns are in the reference.
select source_id, 'deal' as object, id, closed_on as day,
       case when amount_minor is not null then 1 end as num
from deal
where outcome = 'won'
`;
}

export function casesTemplate(id: string): string {
  return `# Cases of ${id}: what is in the CRM, and what must come out. Run them with: crm-kpi kpi test ${id}
# Each case: rows by table (only the columns that matter), period, segment (company, owner:u1 ...), expect.
# Others may be given: timeZone, currency, asOf, deleted: { deal: [a] }, merged: { deal: { a: b } }.
- it: counts deals won in the month
  period: 2026-01
  rows:
    deal:
      - { id: a, outcome: won, closed_on: 2026-01-05, amount_minor: 10000, currency: EUR }
      - { id: b, outcome: won, closed_on: 2026-01-31, amount_minor: 20000, currency: EUR }
  expect: { value: 2, n: 2 }
- it: leaves out what was won on the day after, or lost
  period: 2026-01
  rows:
    deal:
      - { id: a, outcome: won, closed_on: 2026-02-01, amount_minor: 10000, currency: EUR }
      - { id: b, outcome: lost, closed_on: 2026-01-31, amount_minor: 20000, currency: EUR }
  expect: { value: 0 }
- it: tells of deals without an amount
  period: 2026-01
  rows:
    deal:
      - { id: a, outcome: won, closed_on: 2026-01-05 }
      - { id: b, outcome: won, closed_on: 2026-01-06, amount_minor: 1, currency: EUR }
  expect: { value: 1, nMissing: 1 }
- it: is 0 in a month without deals
  period: 2026-01
  rows: { deal: [] }
  expect: { value: 0 }
- it: leaves out what was deleted
  period: 2026-01
  deleted: { deal: [b] }
  rows:
    deal:
      - { id: a, outcome: won, closed_on: 2026-01-05, amount_minor: 1, currency: EUR }
      - { id: b, outcome: won, closed_on: 2026-01-06, amount_minor: 1, currency: EUR }
  expect: { value: 1 }
`;
}
