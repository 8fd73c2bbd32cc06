import { RunError } from '../../model/errors.ts';
import type { CommandContext, ExitCode } from '../context.ts';
import { printSchedule } from '../schedule/print.ts';
import { staySchedule } from '../schedule/stay.ts';

export async function run(
  context: CommandContext,
  [action, kind]: readonly string[],
  options: Readonly<Record<string, unknown>>,
): Promise<ExitCode> {
  if (action === undefined) return staySchedule(context, options);
  if (action === 'print') return printSchedule(context, kind);
  throw new RunError('usage', {
    where: action,
    message: '`schedule` does nothing of that name.',
    fix: 'Run `crm-kpi schedule` to stay up, or `crm-kpi schedule print systemd|crontab|docker|kubernetes`.',
  });
}
