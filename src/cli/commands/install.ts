import type { Connection, InstallOptions } from '../../model/connector.ts';
import { RunError } from '../../model/errors.ts';
import { resultSchema } from '../../publish/fields.ts';
import type { CommandContext, ExitCode } from '../context.ts';
import { carryOutPlan } from '../plan-dialog.ts';
import { chooseConnections, openWorkspace, type Workspace, type WorkspaceConnection } from '../wire.ts';

export async function run(
  context: CommandContext,
  names: readonly string[],
  options: Readonly<Record<string, unknown>>,
): Promise<ExitCode> {
  await using workspace = await openWorkspace(context);
  const [chosen] = chooseConnections(workspace, names);
  if (!chosen) return 2;
  const installer = chooseInstaller(workspace, chosen, options.as);
  const assignee = installer === chosen ? {} : await readAssignee(chosen);
  await using connection = await installer.open();
  if (!connection.install) throw readOnly(installer);
  if (assignee.accountId !== undefined)
    await requireSameAccount(connection, { chosen, installer, ...assignee });
  const target = resultSchema(workspace.settings.language);
  const plan = await connection.install(target, assignee.options);
  const { name } = chosen.settings;
  await carryOutPlan(context, {
    command: 'install',
    plan,
    yes: options.yes === true,
    dryRun: options.dryRun === true,
    done:
      installer === chosen
        ? `Installed in ${name}. The next run writes results there.`
        : `Installed for ${name}. Run \`crm-kpi check ${name}\`, then the next run writes results there.`,
  });
  return 0;
}

/** An admin's connection may install for one that has fewer rights. */
function chooseInstaller(
  workspace: Workspace,
  chosen: WorkspaceConnection,
  as: unknown,
): WorkspaceConnection {
  if (typeof as !== 'string') return chosen;
  const [installer] = chooseConnections(workspace, [as]);
  if (installer?.connector.id === chosen.connector.id) return installer;
  throw new RunError('usage', {
    where: `--as ${as}`,
    message: `${as} is no ${chosen.connector.title} connection.`,
    fix: `Name a connection of an admin to the same account as ${chosen.settings.name}.`,
  });
}

interface Assignee {
  readonly accountId?: string;
  readonly options?: InstallOptions;
}

async function readAssignee(chosen: WorkspaceConnection): Promise<Assignee> {
  await using connection = await chosen.open();
  const { id, userId } = await connection.account();
  return { accountId: id, ...(userId === undefined ? {} : { options: { assignTo: userId } }) };
}

async function requireSameAccount(
  connection: Connection,
  {
    chosen,
    installer,
    accountId,
  }: Assignee & { readonly chosen: WorkspaceConnection; readonly installer: WorkspaceConnection },
): Promise<void> {
  if ((await connection.account()).id === accountId) return;
  throw new RunError('usage', {
    where: `--as ${installer.settings.name}`,
    message: `${installer.settings.name} and ${chosen.settings.name} are connections to different accounts.`,
    fix: `Name a connection of an admin to the same account as ${chosen.settings.name}.`,
  });
}

function readOnly(chosen: WorkspaceConnection): RunError {
  return new RunError('usage', {
    where: chosen.settings.name,
    message: `${chosen.connector.title} connections are read-only: there is nothing to install.`,
    fix: 'Name a connection that results are written back to.',
  });
}
