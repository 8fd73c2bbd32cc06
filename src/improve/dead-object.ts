import type { TableName } from '../model/entities.ts';
import { type Bench, dayMs } from './bench.ts';
import { type Detector, type Draft, type Found, silent } from './detector.ts';

const quietDays = 90;

/** Objects that a working team adds to; lists that are set up once are not here. */
const livingTables = [
  'account',
  'lead',
  'deal',
  'activity',
  'ticket',
  'campaign',
  'email_stat',
  'survey_answer',
  'article',
] as const satisfies readonly TableName[];

/** Where the creation is not always told. */
const otherDates: Readonly<Partial<Record<TableName, readonly string[]>>> = {
  email_stat: ['sent_at'],
  survey_answer: ['answered_at'],
};

export const deadObject: Detector = {
  id: 'dead_object',
  kind: 'underuse',
  effort: 'L',
  kpis: ['active_user_rate'],
  rule: {
    en: 'An object of the CRM that is read here and has records got no new one in 90 days.',
    es: 'Un objeto del CRM que se lee aquí y tiene registros no ha recibido ninguno nuevo en 90 días.',
  },
  async find(bench): Promise<Found> {
    const objects = await readObjects(bench);
    if (objects.length === 0)
      return silent({
        en: 'There are no records with a creation time.',
        es: 'No hay registros con fecha de creación.',
      });
    const dead = objects.filter(({ days }) => days > quietDays);
    return { drafts: dead.map((one) => draftOf(bench, one, 1 / objects.length)), silences: [] };
  },
};

/** An object of one CRM; a table may hold several of them. */
interface CrmObject {
  readonly source: string;
  readonly stream: string;
  readonly records: number;
  readonly newestAt: number;
  readonly days: number;
}

async function readObjects(bench: Bench): Promise<readonly CrmObject[]> {
  const objects: CrmObject[] = [];
  for (const table of livingTables) {
    const when = `coalesce(${['created_at', ...(otherDates[table] ?? []), 'null'].join(', ')})`;
    const sql = `select source_id, stream, max(${when}), count(*) from ${table} where ${when} < :as_of group by source_id, stream`;
    await bench.each(sql, ([source, stream, newest, count]) => {
      const newestAt = Number(newest);
      const days = (bench.cutoff - newestAt) / dayMs;
      objects.push({
        source: String(source),
        stream: String(stream),
        records: Number(count),
        newestAt,
        days,
      });
    });
  }
  return objects;
}

function draftOf({ speak }: Bench, one: CrmObject, reach: number): Draft {
  const { source, stream, records, newestAt, days } = one;
  return {
    segment: { kind: 'connection', id: source, name: source, source },
    subject: stream,
    title: speak({
      en: (w) =>
        `Nobody adds ${stream} any more: ${w.count(records)} records, the newest ${w.count(days)} days old.`,
      es: (w) =>
        `Ya nadie añade ${stream}: ${w.count(records)} registros, el más reciente de hace ${w.count(days)} días.`,
    }),
    evidence: { object: stream, records, newest_days: days, newest_at: newestAt, measure: 'days' },
    records: [],
    teams: [],
    reach,
  };
}
