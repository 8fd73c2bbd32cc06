import type { CommandContext, ExitCode } from '../context.ts';
import { runJob } from '../job.ts';
import { evaluatePhase } from '../phases.ts';

export function run(context: CommandContext): Promise<ExitCode> {
  return runJob(context, 'evaluate', [evaluatePhase]);
}
