import { parsePeriodLabel } from '../evaluate/periods.ts';
import { RunError } from '../model/errors.ts';
import type { Period } from '../model/period.ts';
import type { Result } from '../model/result.ts';
import type { Zone } from '../model/zone.ts';
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

/** The days that a result speaks of: another calendar may have given their name to others since. */
export function periodOf(
  {
    grain,
    periodLabel,
    periodStart,
    periodEnd,
  }: Pick<Result, 'grain' | 'periodLabel' | 'periodStart' | 'periodEnd'>,
  zone: Zone,
): Period {
  return {
    grain,
    label: periodLabel,
    startOn: periodStart,
    endOn: periodEnd,
    startAt: zone.startOf(periodStart),
    endAt: zone.startOf(periodEnd),
  };
}
