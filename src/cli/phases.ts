import { evaluate } from '../evaluate/evaluate.ts';
import {
  type ConnectionPublish,
  type PublishOptions,
  type PublishReport,
  publish,
} from '../publish/publish.ts';
import { sync } from '../sync/sync.ts';
import type { CommandContext } from './context.ts';
import { parseSince } from './instant.ts';
import type { JobContext, PhaseEnd } from './job.ts';
import { createProgress } from './progress.ts';
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
    const { streams, errors } = await sync({
      store: workspace.store,
      connections: chosen.map(({ settings, connector, open }) => ({
        name: settings.name,
        connector: connector.id,
        open,
      })),
      runId,
      clock,
      log: workspace.log,
      signal,
      full,
      changedSince: since === null ? null : parseSince(since, workspace.zone),
      onProgress: ({ connection, stream, rows }) =>
        progress.show(`sync ${connection} ${stream}: ${rows} rows`),
    }).finally(() => progress.clear());
    for (const { settings, usage } of chosen)
      await workspace.store.saveApiUsage(settings.name, usage(), clock.now());
    const rows = streams.reduce((sum, stream) => sum + stream.rows, 0);
    const written = streams.reduce((sum, stream) => sum + stream.written, 0);
    const deleted = streams.reduce((sum, stream) => sum + stream.deleted, 0);
    const summary = `sync: ${rows} rows read from ${streams.length} objects, ${written} new or changed, ${deleted} deleted.`;
    return { phase: 'sync', report: streams, summary, errors };
  };
}

export async function evaluatePhase(job: JobContext): Promise<PhaseEnd> {
  const { workspace, clock, signal } = job;
  // A sync that was killed, or a changed time zone, may have left these behind.
  await workspace.store.localize();
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
  const sum = (field: 'results' | 'appended') =>
    report.kpis.reduce((total, tally) => total + tally[field], 0);
  const summary = `evaluate: ${sum('results')} results of ${report.kpis.length} KPIs, ${sum('appended')} of them new or changed.`;
  return { phase: 'evaluate', report, summary, errors: [] };
}

export async function publishPhase(job: JobContext): Promise<PhaseEnd> {
  const progress = createProgress(job);
  const { connections, errors } = await publishResults(job, job.workspace, {
    dryRun: false,
    onProgress: ({ connection, done, total }) => progress.show(`publish ${connection}: ${done} of ${total}`),
  }).finally(() => progress.clear());
  // The records themselves stay out of the run log: the CRM shows them.
  const { records, ...report } = summarizePublish(connections);
  const kinds = `${report.creates} new, ${report.updates} changed, ${report.retires} retired, ${report.deletes} removed`;
  const summary = `publish: ${report.written} of ${records.length} changes written (${kinds}), ${report.unchanged} unchanged.`;
  return { phase: 'publish', report, summary, errors };
}

/** Plans, and unless it is a dry run writes, what every connection with `publish: true` is to show. */
export function publishResults(
  { clock, signal }: CommandContext,
  workspace: Workspace,
  how: Pick<PublishOptions, 'dryRun' | 'onProgress'>,
): Promise<PublishReport> {
  return publish({
    store: workspace.store,
    settings: workspace.settings,
    catalog: workspace.catalog,
    targets: workspace.connections
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
    storage: { records, bytes: records * recordBytes },
    records: changes.map(({ connection, key, change, fields }) => ({ connection, key, change, fields })),
  };
}
