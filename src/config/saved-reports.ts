import type { Language } from '../model/kpi.ts';
import type { ScheduledJob } from '../model/operations.ts';
import type { ReportSending, SavedReport } from '../model/report.ts';
import { channelsOf } from './operations.ts';
import type { ReportInput } from './report-schema.ts';

export function buildReports(saved: readonly ReportInput[], language: Language): readonly SavedReport[] {
  return saved.map((report) => ({
    ...report,
    title: report.title ?? null,
    grain: report.grain ?? null,
    period: report.period ?? null,
    language: report.language ?? language,
    send: buildSending(report),
  }));
}

/** One target for each place; what waits for it in the store is kept under its name. */
function buildSending({ name, send }: ReportInput): ReportSending | null {
  if (send === undefined) return null;
  const targets = channelsOf(send).map((channel) => ({ name: `report ${name} by ${channel.kind}`, channel }));
  return { formats: send.formats, targets };
}

/** Sending is a job like any other; it waits for one that runs, whose figures it should have. */
export function scheduleReports(saved: readonly ReportInput[], timeZone: string): readonly ScheduledJob[] {
  return saved.flatMap(({ name, send }) => {
    if (send?.cron === undefined) return [];
    const zone = send.timeZone ?? timeZone;
    return [
      {
        id: `report ${name} ${send.cron.trim().replace(/\s+/g, ' ')} ${zone}`,
        run: 'report',
        report: name,
        connections: [],
        cron: send.cron,
        timeZone: zone,
        jitterMs: 0,
        catchUpMs: null,
        overlap: 'queue',
        deadlineMs: null,
      },
    ];
  });
}
