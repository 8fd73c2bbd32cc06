import { parsePeriodLabel } from '../evaluate/periods.ts';
import { RunError } from '../model/errors.ts';
import type { Period } from '../model/period.ts';
import type { Workspace } from './wire.ts';

/** `--period`: a label as results bear it. */
export function parsePeriod({ settings, zone }: Pick<Workspace, 'settings' | 'zone'>, label: string): Period {
  const period = parsePeriodLabel(settings.calendar, zone, label);
  if (period) return period;
  throw new RunError('usage', {
    where: '--period',
    message: `${label} is no period.`,
    fix: 'Give it as 2026-01, 2026-Q1, 2026, 2026-W05 or 2026-01-31.',
  });
}
