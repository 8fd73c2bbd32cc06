import { hourMs, localDay, plusDays, wallHour } from './oracle-clock.ts';
import { heldAt, type Item, type Oracle, teamsOf } from './oracle-count.ts';
import { closedIn } from './oracle-service.ts';
import { memberships, type Ticket, type World } from './oracle-world.ts';

/** Working hours of everyone, which changed in October, and of team T2. Whole hours after five. */
interface Hours {
  readonly team: string | null;
  readonly weekdays: readonly number[];
  readonly from: number;
  readonly to: number;
  readonly since: string | null;
  readonly until: string | null;
  readonly holidays: readonly string[];
}

const workdays = [1, 2, 3, 4, 5];
const feasts = ['2025-12-25', '2026-01-06'];
const hours: readonly Hours[] = [
  { team: null, weekdays: workdays, from: 8, to: 15, since: null, until: '2025-10-01', holidays: feasts },
  { team: null, weekdays: workdays, from: 9, to: 18, since: '2025-10-01', until: null, holidays: feasts },
  { team: 'T2', weekdays: [...workdays, 6], from: 10, to: 14, since: null, until: null, holidays: [] },
];

/** The same as settings. */
export const workingHours = hours.map(({ team, weekdays, from, to, since, until, holidays }) => ({
  weekdays,
  fromMinute: from * 60,
  toMinute: to * 60,
  timeZone: 'Europe/Madrid',
  holidays,
  teams: team === null ? null : [team],
  validFrom: since,
  validTo: until,
}));

/** Working time of one team between two instants, day by day. */
function workedMs(team: string | null, from: number, until: number): number {
  let sum = 0;
  for (let day = localDay(from); day <= localDay(until); day = plusDays(day, 1)) {
    const weekday = new Date(`${day}T12:00:00Z`).getUTCDay();
    for (const set of hours) {
      const holds = (set.since ?? '') <= day && day < (set.until ?? '9999');
      if (set.team !== team || !holds || !set.weekdays.includes(weekday) || set.holidays.includes(day))
        continue;
      const [begin, end] = [Math.max(wallHour(day, set.from), from), Math.min(wallHour(day, set.to), until)];
      sum += Math.max(0, end - begin);
    }
  }
  return sum;
}

/** Each stretch by the hours of the team that had the case then; without what it waited, on the agent's clock. */
function handledMs(ticket: Ticket, until: number, clock: 'business' | 'agent'): number {
  const { createdAt, owners, statuses } = ticket;
  const moves = Object.values(memberships).flatMap((steps) => steps.map(({ at }) => at));
  const turns = [...owners, ...statuses].map(({ at }) => at);
  const cuts = [...new Set([createdAt, ...turns, ...moves, until])]
    .filter((at) => at >= createdAt && at <= until)
    .sort((a, b) => a - b);
  let sum = 0;
  for (const [place, from] of cuts.slice(0, -1).entries()) {
    if (clock === 'agent' && heldAt(statuses, from) === 'waiting') continue;
    const teams = teamsOf(heldAt(owners, from), from);
    sum += workedMs(teams.includes('T2') ? 'T2' : null, from, cuts[place + 1] ?? from);
  }
  return sum;
}

export const resolutionBy = (world: World, clock: 'business' | 'agent'): Oracle => ({
  form: 'duration',
  itemsIn: (span) =>
    closedIn(world, span).map(
      ({ ticket, at, own }): Item => ({ ...own, hours: handledMs(ticket, at, clock) / hourMs }),
    ),
});
