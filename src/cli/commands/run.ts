import type { CommandContext, ExitCode } from '../context.ts';
import { runJob } from '../job.ts';
import { evaluatePhase, publishPhase, syncPhase } from '../phases.ts';

export function run(
  context: CommandContext,
  names: readonly string[],
  options: Readonly<Record<string, unknown>>,
): Promise<ExitCode> {
  return runJob(context, 'run', {
    phases: [
      syncPhase(names, { full: options.full === true, since: null }),
      evaluatePhase,
      publishPhase(names),
    ],
    deadline: options.deadline,
  });
}
