import type { TableName } from '../model/entities.ts';
import { dayMs } from './bench.ts';
import { type Detector, type Draft, type Found, silent } from './detector.ts';
import { numberOf } from './tally.ts';

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
    const drafts: Draft[] = [];
    let looked = 0;
    for (const table of livingTables) {
      const when =
        table === 'email_stat'
          ? 'coalesce(created_at, sent_at)'
          : table === 'survey_answer'
            ? 'coalesce(created_at, answered_at)'
            : 'created_at';
      const sql = `select source_id, stream, max(${when}), count(*) from ${table} where ${when} < :as_of group by source_id, stream`;
      await bench.each(sql, ([source, stream, newest, count]) => {
        looked++;
        const days = (bench.cutoff - (numberOf(newest) ?? bench.cutoff)) / dayMs;
        if (days <= quietDays) return;
        drafts.push({
          segment: { kind: 'connection', id: String(source), name: String(source), source: String(source) },
          subject: String(stream),
          title: bench.speak({
            en: (w) =>
              `Nobody adds ${stream} any more: ${w.count(Number(count))} records, the newest ${w.count(days)} days old.`,
            es: (w) =>
              `Ya nadie añade ${stream}: ${w.count(Number(count))} registros, el más reciente de hace ${w.count(days)} días.`,
          }),
          evidence: {
            object: String(stream),
            records: Number(count),
            newest_days: days,
            newest_at: Number(newest),
            measure: 'days',
          },
          records: [],
          teams: [],
          reach: 1,
        });
      });
    }
    if (looked === 0)
      return silent({
        en: 'There are no records with a creation time.',
        es: 'No hay registros con fecha de creación.',
      });
    return { drafts, silences: [] };
  },
};
