import type { CommandContext, ExitCode } from '../context.ts';
import { runJob } from '../job.ts';
import { syncPhase } from '../phases.ts';
import { predictSync } from '../predict-sync.ts';

export function run(
  context: CommandContext,
  names: readonly string[],
  options: Readonly<Record<string, unknown>>,
): Promise<ExitCode> {
  if (options.dryRun === true) return predictSync(context, names);
  const since = typeof options.since === 'string' ? options.since : null;
  return runJob(context, 'sync', {
    phases: [syncPhase(names, { full: options.full === true, since })],
    deadline: options.deadline,
  });
}
