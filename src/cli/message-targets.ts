import type { Composed } from '../alert/compose.ts';
import type { MessageTarget } from '../model/operations.ts';
import type { ReportSending, SavedReport } from '../model/report.ts';
import type { Settings } from '../model/settings.ts';

/** A saved report that goes to somebody. */
export type SentReport = SavedReport & { readonly send: ReportSending };

/** Everybody who may be waiting for a message: those of alerts and those of reports. */
export function messageTargets({ alerts, reports = [] }: Settings): readonly MessageTarget[] {
  return [...alerts, ...reports.flatMap(({ send }) => send?.targets ?? [])];
}

export type MakeReport = (saved: SentReport) => Promise<Composed>;

/** By the name of the target: makes what it gets. */
export function reportsByTarget(
  { reports = [] }: Settings,
  make: MakeReport,
): ReadonlyMap<string, () => Promise<Composed>> {
  return new Map(
    reports.flatMap((saved) => {
      const { send } = saved;
      if (send === null) return [];
      return send.targets.map(({ name }) => [name, () => make({ ...saved, send })] as const);
    }),
  );
}
