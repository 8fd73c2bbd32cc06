import { createInterface } from 'node:readline/promises';
import type { InstallStep } from '../../model/connector.ts';
import { RunError } from '../../model/errors.ts';
import { resultSchema } from '../../publish/fields.ts';
import type { CommandContext, ExitCode } from '../context.ts';
import { chooseConnections, openWorkspace } from '../wire.ts';

export async function run(
  context: CommandContext,
  names: readonly string[],
  options: Readonly<Record<string, unknown>>,
): Promise<ExitCode> {
  await using workspace = await openWorkspace(context);
  const [chosen] = chooseConnections(workspace, names);
  if (!chosen) return 2;
  await using connection = await chosen.open();
  if (!connection.install) {
    throw new RunError('usage', {
      where: chosen.settings.name,
      message: `${chosen.connector.title} connections are read-only: there is nothing to install.`,
      fix: 'Name a connection that results are written back to.',
    });
  }
  const plan = await connection.install(resultSchema(workspace.settings.language));
  const wanted = plan.steps.filter(({ change }) => change !== 'none');
  const dryRun = options.dryRun === true;
  if (!context.flags.json) for (const step of plan.steps) context.out(formatStep(step));
  if (wanted.length === 0 || dryRun) {
    if (context.flags.json) context.out(JSON.stringify({ steps: plan.steps, applied: [] }));
    else
      context.note(
        wanted.length === 0
          ? 'Nothing to do.'
          : `${wanted.length} steps to take; nothing was changed (--dry-run).`,
      );
    return 0;
  }
  await requireConsent(context, options.yes === true);
  const applied: InstallStep[] = [];
  for await (const step of plan.apply()) {
    applied.push(step);
    if (!context.flags.json) context.note(`done: ${step.what}`);
  }
  if (context.flags.json) context.out(JSON.stringify({ steps: plan.steps, applied }));
  else context.note(`Installed in ${chosen.settings.name}. The next run writes results there.`);
  return 0;
}

function formatStep({ change, what, note }: InstallStep): string {
  const verb = { create: 'create', update: 'update', delete: 'delete', none: 'keep  ' }[change];
  return `${verb}  ${what}${note ? ` (${note})` : ''}`;
}

async function requireConsent(context: CommandContext, yes: boolean): Promise<void> {
  if (yes) return;
  if (!context.terminal.input || context.flags.json) {
    throw new RunError('usage', {
      where: 'install',
      message: 'The plan was shown and not applied: there is no terminal to ask.',
      fix: 'Run it again with --yes to apply the plan.',
    });
  }
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await terminal
    .question('Apply this plan? [y/N] ', { signal: context.signal })
    .finally(() => terminal.close());
  if (/^(y|yes|s|si|sí)$/i.test(answer.trim())) return;
  throw new RunError('usage', {
    where: 'install',
    message: 'Nothing was changed.',
    fix: 'Run it again and answer y to apply the plan.',
  });
}
