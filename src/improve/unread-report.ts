import { dayMs } from './bench.ts';
import { type Detector, type Found, foundOne, nothing, silent, wholeCompany } from './detector.ts';
import { caseOf, createTally, numberOf } from './tally.ts';

const unreadDays = 180;

const sql = `
  select source_id, id, owner_id, coalesce(last_run_at, created_at) from report_use
  where coalesce(created_at, 0) < :as_of`;

export const unreadReport: Detector = {
  id: 'unread_report',
  kind: 'underuse',
  effort: 'S',
  kpis: ['active_user_rate'],
  reading: { of: 'report_use', columns: ['report_use.last_run_at'] },
  rule: {
    en: 'A report has not been run for 180 days (Salesforce: Report.LastRunDate).',
    es: 'Un informe no se ha ejecutado en 180 días (Salesforce: Report.LastRunDate).',
  },
  async find(bench): Promise<Found> {
    if (bench.delivering('report_use').length === 0)
      return silent({
        en: 'No connection tells when reports were last run; Salesforce does, HubSpot does not.',
        es: 'Ninguna conexión dice cuándo se ejecutaron los informes; Salesforce lo hace, HubSpot no.',
      });
    const tally = createTally(bench, 'report_use');
    await bench.each(sql, (row) => {
      const at = numberOf(row[3]);
      const days = at === null ? null : (bench.cutoff - at) / dayMs;
      tally.add(caseOf(row, days === null || days > unreadDays, days));
    });
    if (tally.num === 0) return nothing;
    return foundOne({
      segment: wholeCompany,
      subject: null,
      title: bench.speak({
        en: (w) =>
          `${tally.num} of ${tally.den} reports (${w.share(tally.share)}) have not been opened for half a year.`,
        es: (w) =>
          `${tally.num} de ${tally.den} informes (${w.share(tally.share)}) no se abren desde hace medio año.`,
      }),
      evidence: { unread: tally.num, reports: tally.den, share: tally.share, measure: 'days' },
      records: tally.records(),
      teams: tally.teams(),
      reach: tally.share,
    });
  },
};
