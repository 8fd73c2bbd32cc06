import type { CommandContext, ExitCode } from '../context.ts';
import { runJob } from '../job.ts';
import { publishPhase, publishResults, summarizePublish } from '../phases.ts';
import { formatTable } from '../table.ts';
import { openWorkspace } from '../wire.ts';

export function run(
  context: CommandContext,
  names: readonly string[],
  options: Readonly<Record<string, unknown>>,
): Promise<ExitCode> {
  return options.dryRun === true
    ? showPlan(context, names)
    : runJob(context, 'publish', { phases: [publishPhase(names)], deadline: options.deadline });
}

/** Reads only, so it neither takes the lock nor enters the run log. */
async function showPlan(context: CommandContext, names: readonly string[]): Promise<ExitCode> {
  await using workspace = await openWorkspace(context);
  const { connections, errors } = await publishResults(context, workspace, {
    dryRun: true,
    names,
    onProgress: () => {},
  });
  const plan = summarizePublish(connections);
  // A CRM that cannot be asked what it has a place for still gets a plan: that of all there is.
  for (const { where, message } of errors) context.note(`${where}: ${message} Its plan shows every result.`);
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
  for (const { connection, change, subject } of plan.tasks.planned)
    rows.push([connection, `${change} task`, subject, '']);
  if (rows.length > 0) context.out(formatTable(['Connection', 'Change', 'Record', '>Value'], rows));
  context.out(
    `${plan.creates} to create, ${plan.updates} to update, ${plan.retires} to retire, ${plan.deletes} to remove, ${plan.unchanged} unchanged; ` +
      `${plan.storage.records} records in all, about ${Math.ceil(plan.storage.bytes / 1024)} KB of storage.`,
  );
  return 0;
}
