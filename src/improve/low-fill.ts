import type { Labels } from '../model/kpi.ts';
import { type Bench, dayMs } from './bench.ts';
import { type Detector, type Draft, type Found, tooFew, wholeCompany } from './detector.ts';
import { emptyTexts, type FillField, fillFields } from './fill-fields.ts';
import { readable } from './readable.ts';
import { caseOf, createTally, numberOf, type Tally, textOf } from './tally.ts';

const leastShare = 0.7;
const ripeDays = 7;
const fewest = 20;

const ripe = (row: string) =>
  `${row}.created_at >= :from and ${row}.created_at < :as_of - ${ripeDays * dayMs}`;

/** Counts by owner, so that a million records come as a few hundred rows. */
function countSql({ table, column, where = '1 = 1' }: FillField): string {
  return `select source_id, owner_id, count(*), sum(case when ${isEmpty(column)} then 1 else 0 end)
    from ${table} r where ${ripe('r')} and ${where} group by source_id, owner_id`;
}

function recordSql({ table, column, where = '1 = 1' }: FillField): string {
  const weight = table === 'deal' ? 'amount_minor' : 'null';
  return `select source_id, id, owner_id, ${weight}, created_at from ${table} r
    where ${ripe('r')} and ${where} and ${isEmpty(column)}
    order by ${weight} desc nulls last, created_at desc, source_id, id limit 20`;
}

function isEmpty(column: string): string {
  if (column.endsWith('_minor')) return `${column} is null`;
  const words = emptyTexts.map((text) => `'${text}'`).join(', ');
  return `(${column} is null or lower(trim(${column})) in (${words}))`;
}

export const lowFill: Detector = {
  id: 'low_fill',
  kind: 'underuse',
  effort: 'S',
  kpis: ['field_fill_rate'],
  rule: {
    en: 'A field is filled on less than 70 % of the records that are 7 to 180 days old; “-”, “n/a” and the like count as empty (20 records at least).',
    es: 'Un campo está relleno en menos del 70 % de los registros de 7 a 180 días de antigüedad; «-», «n/a» y similares cuentan como vacíos (al menos 20 registros).',
  },
  async find(bench): Promise<Found> {
    const drafts: Draft[] = [];
    const silences: Labels[] = [];
    const unread: Labels[] = [];
    for (const field of fillFields) {
      const seen = readable(bench, { of: field.table, columns: columnsOf(field) });
      if (seen.silences.length > 0) unread.push(field.label);
      if (seen.blind) continue;
      const judged = await judgeField(seen.bench, field);
      if (judged && 'segment' in judged) drafts.push(judged);
      else if (judged) silences.push(judged);
    }
    if (unread.length > 0) silences.push(notRead(unread));
    for (const draft of await findMapped(bench)) drafts.push(draft);
    return { drafts, silences };
  },
};

function columnsOf({ table, column, where }: FillField): readonly string[] {
  return [`${table}.${column}`, ...(where?.includes('outcome') ? [`${table}.outcome`] : [])];
}

/** All at once: with a short list of KPIs these are most fields. */
function notRead(labels: readonly Labels[]): Labels {
  return {
    en: `Not read from every connection, because no KPI under \`kpis\` needs them: ${labels.map(({ en }) => en).join(', ')}.`,
    es: `No se leen de todas las conexiones, porque ningún KPI de \`kpis\` los necesita: ${labels.map(({ es }) => es).join(', ')}.`,
  };
}

/** A draft, a silence, or null where the field is filled well enough or its table is not read. */
async function judgeField(bench: Bench, field: FillField): Promise<Draft | Labels | null> {
  const tally = createTally(bench, field.table);
  await bench.each(countSql(field), ([source, owner, all, empty]) =>
    tally.addCounts(String(source), textOf(owner), { num: Number(empty), den: Number(all) }),
  );
  if (tally.den === 0) return null;
  const what = { en: `records for the ${field.label.en}`, es: `registros para ${field.label.es}` };
  if (tally.den < fewest) return tooFew(what, tally.den, fewest);
  if (tally.num === tally.den) return neverFilled(field.label);
  if (1 - tally.share >= leastShare) return null;
  const worst = createTally(bench, field.table);
  await bench.each(recordSql(field), (row) =>
    worst.add(caseOf(row, true, numberOf(row[3]) ?? numberOf(row[4]))),
  );
  return draftOf(bench, {
    subject: `${field.table}.${field.column}`,
    label: field.label,
    tally,
    records: worst.records(),
    measure: field.table === 'deal' ? 'minor_units' : 'created_at',
  });
}

/** Not read, not there, or not used: from outside these look the same. */
function neverFilled(label: Labels): Labels {
  return {
    en: `No record has the ${label.en}: the CRM has no such field, it is not read, or nobody fills it.`,
    es: `Ningún registro tiene ${label.es}: el CRM no tiene ese campo, no se lee o nadie lo rellena.`,
  };
}

interface Fill {
  readonly subject: string;
  readonly label: Labels;
  readonly tally: Tally;
  readonly records: Draft['records'];
  readonly measure: string;
}

function draftOf({ speak }: Bench, { subject, label, tally, records, measure }: Fill): Draft {
  return {
    segment: wholeCompany,
    subject,
    title: speak({
      en: (w) =>
        `Rarely filled: ${label.en}, on ${w.share(1 - tally.share)} of ${w.count(tally.den)} records.`,
      es: (w) =>
        `Poco rellenado: ${label.es}, en el ${w.share(1 - tally.share)} de ${w.count(tally.den)} registros.`,
    }),
    evidence: { empty: tally.num, records: tally.den, fill_rate: 1 - tally.share, measure },
    records,
    teams: tally.teams(),
    reach: tally.share,
  };
}

const mappedTables = ['deal', 'ticket', 'account', 'lead'] as const;

/** Fields that the settings map: they are there to be filled. */
async function findMapped(bench: Bench): Promise<readonly Draft[]> {
  const drafts: Draft[] = [];
  for (const table of mappedTables) {
    const names = new Set<string>();
    await bench.each(`select distinct name from dimension where object = '${table}'`, ([name]) =>
      names.add(String(name)),
    );
    for (const name of [...names].sort()) {
      const tally = createTally(bench, table);
      await bench.each(mappedSql(table, name), (row) => {
        const empty = textOf(row[4]) === null || emptyTexts.includes(String(row[4]).trim().toLowerCase());
        tally.add(caseOf(row, empty, numberOf(row[3])));
      });
      if (tally.den < fewest || 1 - tally.share >= leastShare) continue;
      const label = { en: `${name} (${table})`, es: `${name} (${table})` };
      const fill = {
        subject: `${table}.${name}`,
        label,
        tally,
        records: tally.records(),
        measure: 'created_at',
      };
      drafts.push(draftOf(bench, fill));
    }
  }
  return drafts;
}

function mappedSql(table: string, name: string): string {
  return `select r.source_id, r.id, r.owner_id, r.created_at, m.value from ${table} r
    join (select distinct source_id from dimension where object = '${table}' and name = '${name.replaceAll("'", "''")}') k
      on k.source_id = r.source_id
    left join dimension m on m.source_id = r.source_id and m.object = '${table}' and m.record_id = r.id
      and m.name = '${name.replaceAll("'", "''")}'
    where ${ripe('r')}`;
}
