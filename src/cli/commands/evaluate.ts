import type { CommandContext, ExitCode } from '../context.ts';
import { runJob } from '../job.ts';
import { evaluatePhase } from '../phases.ts';

export function run(
  context: CommandContext,
  _: readonly string[],
  { deadline }: Readonly<Record<string, unknown>>,
): Promise<ExitCode> {
  return runJob(context, 'evaluate', { phases: [evaluatePhase], deadline });
}
