import { RunError } from '../../model/errors.ts';
import type { PublishStore } from '../../model/result-store.ts';
import type { ResultTaskStore } from '../../model/result-task.ts';
import { acquireRunLock } from '../../store/lock.ts';
import type { CommandContext, ExitCode } from '../context.ts';
import { carryOutPlan } from '../plan-dialog.ts';
import { chooseConnections, openWorkspace } from '../wire.ts';

/** Removes from a CRM what crm-kpi wrote and installed there. */
export async function run(
  context: CommandContext,
  names: readonly string[],
  options: Readonly<Record<string, unknown>>,
): Promise<ExitCode> {
  await using workspace = await openWorkspace(context);
  const [chosen] = chooseConnections(workspace, names);
  if (!chosen) return 2;
  const { name, publish } = chosen.settings;
  await using connection = await chosen.open();
  if (!connection.uninstall) {
    throw new RunError('usage', {
      where: name,
      message: `${chosen.connector.title} connections are read-only: there is nothing to remove.`,
      fix: 'Name a connection that results are written back to.',
    });
  }
  // A job that publishes at the same time would put back what is being removed.
  const holder = { job: 'unpublish', at: context.clock.now(), pid: process.pid };
  const lock = options.dryRun === true ? null : acquireRunLock(workspace.settings.store, holder);
  try {
    await carryOutPlan(context, {
      command: 'unpublish',
      plan: await connection.uninstall(),
      yes: options.yes === true,
      dryRun: options.dryRun === true,
      prepare: () => forgetPublished(workspace.store, name),
      done: publish
        ? `Removed from ${name}. Set \`publish: false\` for it, or the next run asks you to install again.`
        : `Removed from ${name}.`,
    });
  } finally {
    lock?.release();
  }
  return 0;
}

/** Before the first record goes: whatever an interruption leaves there, a later publish then writes it anew. */
async function forgetPublished(store: PublishStore & ResultTaskStore, connection: string): Promise<void> {
  await store.removeResultTasks(connection, [...(await store.resultTasks(connection)).keys()]);
  await store.removePublished(connection, [...(await store.published(connection)).keys()]);
  const refused = (await store.refused()).filter((one) => one.connection === connection);
  await store.forgetRefused(
    connection,
    refused.map(({ key }) => key),
  );
}
