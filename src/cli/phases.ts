import { evaluate } from '../evaluate/evaluate.ts';
import { toMajorUnits } from '../model/money.ts';
import {
  type ConnectionPublish,
  type PublishOptions,
  type PublishReport,
  publish,
} from '../publish/publish.ts';
import { type StreamReport, sync } from '../sync/sync.ts';
import { readActionTasks, writeActionTasks } from './action-tasks.ts';
import type { CommandContext } from './context.ts';
import { detectInWorkspace } from './detect.ts';
import { holdYoungHeap } from './hold-heap.ts';
import { parseSince } from './instant.ts';
import type { JobContext, PhaseEnd } from './job.ts';
import { measureActions } from './phases-improve.ts';
import { createProgress } from './progress.ts';
import { keepRule } from './retention.ts';
import { chooseConnections, shortHash, type Workspace } from './wire.ts';

/** Pulls the named connections (none named: all) into the store. */
export function syncPhase(
  names: readonly string[],
  { full, since }: { full: boolean; since: string | null },
): (job: JobContext) => Promise<PhaseEnd> {
  return async (job) => {
    const { workspace, clock, signal, runId } = job;
    const chosen = chooseConnections(workspace, names);
    const progress = createProgress(job);
    holdYoungHeap();
    const { streams, errors } = await sync({
      store: workspace.store,
      connections: chosen.map(({ settings, connector, wanted, open }) => ({
        name: settings.name,
        connector: connector.id,
        wanted,
        open,
      })),
      runId,
      clock,
      log: workspace.log,
      signal,
      full,
      changedSince: since === null ? null : parseSince(since, workspace.zone),
      keepFrom: keepRule(workspace, clock.now()),
      onProgress: ({ connection, stream, rows }) =>
        progress.show(`sync ${connection} ${stream}: ${rows} rows`),
    }).finally(() => progress.clear());
    const rows = streams.reduce((sum, stream) => sum + stream.rows, 0);
    const written = streams.reduce((sum, stream) => sum + stream.written, 0);
    const deleted = streams.reduce((sum, stream) => sum + stream.deleted, 0);
    const summary = `sync: ${rows} rows read from ${streams.length} objects, ${written} new or changed, ${deleted} deleted.`;
    const tasks = await readActionTasks(job, names);
    return { phase: 'sync', report: streams.map(streamJson), summary, errors: [...errors, ...tasks.errors] };
  };
}

/** What a stream brought, as scripts read it: the proof's sums of amounts in major units. */
function streamJson(stream: StreamReport) {
  const { complete } = stream;
  if (!complete?.amounts) return stream;
  const amounts = complete.amounts.map(({ currency, ours, theirs }) => ({
    currency,
    ours: toMajorUnits(ours, currency),
    theirs: toMajorUnits(theirs, currency),
  }));
  return { ...stream, complete: { ...complete, amounts } };
}

export async function evaluatePhase(job: JobContext): Promise<PhaseEnd> {
  const { workspace, clock, signal } = job;
  await workspace.refresh();
  // A sync that was killed, or a changed time zone, may have left these behind.
  await workspace.store.localize();
  await workspace.store.keepEntriesCurrent(clock.now());
  await workspace.store.derive(signal);
  const report = await evaluate({
    store: workspace.store,
    settings: workspace.settings,
    catalog: workspace.catalog,
    asOf: workspace.asOf,
    clock,
    log: workspace.log,
    signal,
  });
  const detection = await detectInWorkspace(workspace, signal);
  await workspace.store.saveFindings(workspace.asOf, detection);
  const sum = (field: 'results' | 'appended') =>
    report.kpis.reduce((total, tally) => total + tally[field], 0);
  const summary = `evaluate: ${sum('results')} results of ${report.kpis.length} KPIs, ${sum('appended')} of them new or changed.`;
  await measureActions(workspace);
  const purged = await workspace.store.purgeOld(signal);
  if (purged > 0) workspace.log.info({ rows: purged }, 'records.purged');
  const asOf = new Date(report.asOf).toISOString();
  return { phase: 'evaluate', report: { ...report, asOf }, summary, errors: [] };
}

/** Writes to the named connections (none named: all) that show results. */
export function publishPhase(names: readonly string[]): (job: JobContext) => Promise<PhaseEnd> {
  return (job) => writeResults(job, names);
}

async function writeResults(job: JobContext, names: readonly string[]): Promise<PhaseEnd> {
  const progress = createProgress(job);
  const { connections, errors } = await publishResults(job, job.workspace, {
    dryRun: false,
    names,
    onProgress: ({ connection, done, total }) => progress.show(`publish ${connection}: ${done} of ${total}`),
  }).finally(() => progress.clear());
  // The records and tasks themselves stay out of the run log: the CRM shows them.
  const { records, tasks, ...tally } = summarizePublish(connections);
  const report = { ...tally, tasks: { ...tasks, planned: tasks.planned.length } };
  const kinds = `${report.creates} new, ${report.updates} changed, ${report.retires} retired, ${report.deletes} removed`;
  const added = tasks.planned.length > 0 ? `; ${tasks.written} of ${tasks.planned.length} tasks written` : '';
  const summary = `publish: ${report.written} of ${records.length} changes written (${kinds}), ${report.unchanged} unchanged${added}.`;
  const ofActions = await writeActionTasks(job);
  return {
    phase: 'publish',
    report: { ...report, actionTasks: ofActions.count },
    summary:
      ofActions.count > 0 ? `${summary.slice(0, -1)}; ${ofActions.count} tasks of actions written.` : summary,
    errors: [...errors, ...ofActions.errors],
  };
}

/** Plans, and unless it is a dry run writes, what every connection with `publish: true` is to show. */
export function publishResults(
  { clock, signal }: CommandContext,
  workspace: Workspace,
  { names, ...how }: Pick<PublishOptions, 'dryRun' | 'onProgress'> & { readonly names: readonly string[] },
): Promise<PublishReport> {
  return publish({
    store: workspace.store,
    settings: workspace.settings,
    catalog: workspace.catalog,
    targets: chooseConnections(workspace, names)
      .filter(({ settings }) => settings.publish)
      .map(({ settings, open }) => ({ name: settings.name, open })),
    asOf: workspace.asOf,
    clock,
    log: workspace.log,
    signal,
    hash: shortHash,
    ...how,
  });
}

/** Salesforce counts 2 KB for a record of a custom object, whatever it holds (Help: record size overview). */
const recordBytes = 2048;

export function summarizePublish(connections: readonly ConnectionPublish[]) {
  const changes = connections.flatMap(({ connection, plan }) =>
    plan.changes.map((change) => ({ connection, ...change })),
  );
  const tally = (kind: string) => changes.filter(({ change }) => change === kind).length;
  const unchanged = connections.reduce((sum, { plan }) => sum + plan.unchanged, 0);
  const records = unchanged + tally('create') + tally('update') + tally('retire');
  return {
    creates: tally('create'),
    updates: tally('update'),
    retires: tally('retire'),
    deletes: tally('delete'),
    unchanged,
    written: connections.reduce((sum, { written }) => sum + written, 0),
    refused: connections.reduce((sum, { refused }) => sum + refused, 0),
    tasks: summarizeTasks(connections),
    storage: { records, bytes: records * recordBytes },
    records: changes.map(({ connection, key, change, fields }) => ({ connection, key, change, fields })),
  };
}

function summarizeTasks(connections: readonly ConnectionPublish[]) {
  const planned = connections.flatMap(({ connection, tasks }) =>
    tasks.planned.map(({ change, task }) => ({ connection, change, key: task.key, subject: task.subject })),
  );
  const count = (name: 'written' | 'refused') => connections.reduce((sum, { tasks }) => sum + tasks[name], 0);
  return { planned, written: count('written'), refused: count('refused') };
}
