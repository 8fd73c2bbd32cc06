import type { CommandContext, ExitCode } from '../context.ts';
import { runJob } from '../job.ts';
import { publishPhase, publishResults, summarizePublish } from '../phases.ts';
import { formatTable } from '../table.ts';
import { openWorkspace } from '../wire.ts';

export function run(
  context: CommandContext,
  _: readonly string[],
  options: Readonly<Record<string, unknown>>,
): Promise<ExitCode> {
  return options.dryRun === true ? showPlan(context) : runJob(context, 'publish', [publishPhase]);
}

/** Reads only, so it neither takes the lock nor enters the run log. */
async function showPlan(context: CommandContext): Promise<ExitCode> {
  await using workspace = await openWorkspace(context);
  const { connections } = await publishResults(context, workspace, { dryRun: true, onProgress: () => {} });
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
