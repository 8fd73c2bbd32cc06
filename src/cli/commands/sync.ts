import type { CommandContext, ExitCode } from '../context.ts';
import { runJob } from '../job.ts';
import { syncPhase } from '../phases.ts';

export function run(
  context: CommandContext,
  names: readonly string[],
  options: Readonly<Record<string, unknown>>,
): Promise<ExitCode> {
  return runJob(context, 'sync', [
    syncPhase(names, {
      full: options.full === true,
      since: typeof options.since === 'string' ? options.since : null,
    }),
  ]);
}
