import { RunError } from '../model/errors.ts';
import type { DurationClock } from '../model/goal.ts';
import type { Schedules } from './business-hours.ts';
import type { Desk } from './desk.ts';
import type { PassContext } from './pass.ts';
import { loadPauses } from './pauses.ts';

/** What a clock needs: working hours, and on the agent's the times that do not count. */
export async function clockOf(
  desk: Desk,
  clock: DurationClock,
): Promise<Pick<PassContext, 'schedules' | 'pauses'>> {
  if (clock === 'calendar') return { schedules: null, pauses: null };
  if (clock === 'business') return { schedules: requireSchedules(desk), pauses: null };
  return {
    schedules: desk.schedules,
    pauses: await loadPauses(desk.store, desk.settings.pausedStatuses ?? []),
  };
}

/** The settings are checked for them: whoever builds settings without a file is told here. */
function requireSchedules({ schedules }: Desk): Schedules {
  if (schedules) return schedules;
  throw new RunError('config', {
    where: 'goals',
    message: 'A goal measures by business hours, and no working hours are known.',
    fix: 'Set businessHours, or use clock: calendar.',
  });
}
