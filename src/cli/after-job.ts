import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { compose } from '../alert/compose.ts';
import { deliverMessages } from '../alert/deliver.ts';
import { describeFailures, findFailures } from '../alert/find-failures.ts';
import { findOffTarget } from '../alert/find-off-target.ts';
import { findStaleness } from '../alert/find-staleness.ts';
import { findUnavailable } from '../alert/find-unavailable.ts';
import { sendMessage } from '../alert/send.ts';
import { planTurn } from '../alert/turn.ts';
import type { Clock, Log } from '../model/connector.ts';
import { RunError } from '../model/errors.ts';
import type { Kpi } from '../model/kpi.ts';
import type { Result } from '../model/result.ts';
import type { Settings } from '../model/settings.ts';
import type { Store } from '../model/store.ts';
import type { CommandContext } from './context.ts';
import { createLog } from './log.ts';
import { type MakeReport, messageTargets, reportsByTarget } from './message-targets.ts';
import { readSettings } from './read-settings.ts';
import type { Workspace } from './wire.ts';

/** At the end of each job: measurements into the textfile, alerts to whom they concern. Never fails the job. */
export async function afterJob(context: CommandContext, workspace: Workspace): Promise<void> {
  const { settings, store, log, catalog } = workspace;
  const { clock, signal } = context;
  await attempt(
    () => writeTextfile(settings, store, clock),
    (message) => log.error({ message }, 'metrics.failed'),
  );
  // Told to stop there is no time to talk to anybody; the next run does.
  if (signal.aborted) return;
  const makeReport: MakeReport = async (saved) => {
    const { composeReport } = await import('./send-report.ts');
    return composeReport(context, workspace, saved);
  };
  const problem = await attempt(
    () => reviewAlerts({ settings, store, log, catalog, clock, insist: true, makeReport }),
    (message) => log.error({ message }, 'alerts.failed'),
  );
  // A store that is full or damaged cannot remember what was told: it is told at once, without it.
  await alertBrokenStore(context, problem);
}

/** Whatever goes wrong is logged and handed back; the job has ended already. */
async function attempt(work: () => Promise<void>, tell: (message: string) => void): Promise<unknown> {
  try {
    await work();
    return null;
  } catch (error) {
    tell(error instanceof Error ? error.message : String(error));
    return error;
  }
}

async function writeTextfile({ metrics }: Settings, store: Store, clock: Clock): Promise<void> {
  const path = metrics?.textfile;
  if (!path) return;
  const { renderMetrics } = await import('../metrics/metrics.ts');
  const text = await renderMetrics(store, clock.now());
  mkdirSync(dirname(path), { recursive: true });
  // A collector must never read half a file.
  writeFileSync(`${path}.tmp`, text, { mode: 0o644 });
  renameSync(`${path}.tmp`, path);
}

export interface AlertReview {
  readonly settings: Settings;
  readonly store: Store;
  readonly log: Log;
  /** null: KPIs are not looked at, since nothing was evaluated meanwhile. */
  readonly catalog: readonly Kpi[] | null;
  readonly clock: Clock;
  /** Try again now what could not be delivered. */
  readonly insist: boolean;
  /** For those that wait: a report could not be delivered when it was due. */
  readonly makeReport: MakeReport;
}

/** Compares what is wrong with what has been told, files the messages and sends those whose time has come. */
export async function reviewAlerts(review: AlertReview): Promise<void> {
  const { settings, store, log, clock } = review;
  await turnAlerts(review);
  await deliverMessages({
    ...{ store, clock, log, insist: review.insist },
    targets: messageTargets(settings),
    reports: reportsByTarget(settings, review.makeReport),
    language: settings.language,
    tools: { fetch },
  });
}

async function turnAlerts(review: AlertReview): Promise<void> {
  const { settings, store, log, clock } = review;
  const open = await store.openAlerts();
  if (settings.alerts.length === 0 && open.length === 0) return;
  const turn = planTurn({
    open,
    ...(await findTroubles(review)),
    targets: settings.alerts,
    now: clock.now(),
  });
  if (turn.opened.length + turn.closed.length > 0) {
    await store.turnAlerts(turn);
    log.info({ opened: turn.opened.length, closed: turn.closed.length }, 'alerts.turned');
  }
}

const runsRead = 50;
const defaultLimits = { storeMs: 26 * 3_600_000, crmMs: 50 * 3_600_000 };

async function findTroubles({ settings, store, catalog, clock }: AlertReview) {
  const { language, connections, goals, freshness = defaultLimits } = settings;
  const now = clock.now();
  const failures = findFailures(await store.runs(runsRead), language);
  const streams = await store.streamStates();
  const lost = findUnavailable(streams, { connections, language });
  const stale = findStaleness({
    streams,
    crm: await store.crmFreshness(),
    connections,
    limits: freshness,
    now,
    language,
  });
  const offTarget = catalog
    ? findOffTarget({ results: await readJudged(store, now), goals, catalog, language, now })
    : { found: [], undecided: new Set(goals.map(({ id }) => `off_target|${id}`)) };
  return { found: [...failures, ...lost, ...stale, ...offTarget.found], undecided: offTarget.undecided };
}

async function readJudged(store: Store, now: number): Promise<readonly Result[]> {
  const judged: Result[] = [];
  for await (const rows of store.latestResults(now, { segmentKind: 'company' }))
    judged.push(...rows.filter(({ goal, status }) => goal !== null && status !== null));
  return judged;
}

/** Where the store itself is what failed, nothing can be remembered: it is told each time. */
export async function alertBrokenStore(context: CommandContext, error: unknown): Promise<void> {
  if (!(error instanceof RunError) || error.kind !== 'store' || context.signal.aborted) return;
  const log = createLog(context);
  await attempt(
    async () => {
      const { settings } = await readSettings(context);
      const { language } = settings;
      const now = context.clock.now();
      const notice = describeFailures([error], { since: now, language });
      const message = compose([{ key: 'failure|store', notice }], { language, now });
      for (const { on, name, channel } of settings.alerts) {
        if (!on.some((event) => event === 'failure' || event === 'needs_person')) continue;
        await attempt(
          () => sendMessage(channel, message, { fetch }),
          (problem) => log.warn({ target: name, message: problem }, 'alert.not_delivered'),
        );
      }
    },
    (message) => log.error({ message }, 'alerts.failed'),
  );
}
