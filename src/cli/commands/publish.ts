import { publish } from '../../publish/publish.ts';
import type { CommandContext, ExitCode } from '../context.ts';
import { runJob } from '../job.ts';
import { publishPhase, summarizePublish } from '../phases.ts';
import { formatTable } from '../table.ts';
import { openWorkspace, shortHash } from '../wire.ts';

export function run(
  context: CommandContext,
  _: readonly string[],
  options: Readonly<Record<string, unknown>>,
): Promise<ExitCode> {
  return options.dryRun === true ? showPlan(context) : runJob(context, 'publish', [publishPhase(false)]);
}

/** Reads only, so it neither takes the lock nor enters the run log. */
async function showPlan(context: CommandContext): Promise<ExitCode> {
  await using workspace = await openWorkspace(context);
  const { connections } = await publish({
    store: workspace.store,
    settings: workspace.settings,
    catalog: workspace.catalog,
    targets: workspace.connections
      .filter(({ settings }) => settings.publish)
      .map(({ settings, open }) => ({ name: settings.name, open })),
    asOf: workspace.asOf,
    dryRun: true,
    clock: context.clock,
    log: workspace.log,
    signal: context.signal,
    hash: shortHash,
    onProgress: () => {},
  });
  const plan = summarizePublish(connections);
  if (context.flags.json) {
    context.out(JSON.stringify(plan));
    return 0;
  }
  const rows = plan.records.map(({ connection, key, change, fields }) => [
    connection,
    change,
    key,
    String(fields.value_text ?? ''),
  ]);
  if (rows.length > 0) context.out(formatTable(['Connection', 'Change', 'Record', '>Value'], rows));
  context.out(
    `${plan.creates} to create, ${plan.updates} to update, ${plan.retires} to retire, ${plan.deletes} to remove, ${plan.unchanged} unchanged; ` +
      `${plan.storage.records} records in all, about ${Math.ceil(plan.storage.bytes / 1024)} KB of storage.`,
  );
  return 0;
}
