import type { CalendarRules } from '../../src/model/period.ts';
import type { Span } from './goals-oracle-periods.ts';
import { daysFrom, plusDays } from './oracle-clock.ts';

/** The name of a period: 2026-01, 2026-Q1, 2026, 2026-W05, 2026-01-31. */
export function labelOf(rules: CalendarRules, { grain, startOn }: Span): string {
  const listed = rules.table?.find((period) => period.grain === grain && period.startOn === startOn);
  if (listed) return listed.label;
  if (grain === 'day') return startOn;
  if (grain === 'month') return startOn.slice(0, 7);
  if (grain === 'week') return weekOf(startOn);
  const [year = 0, month = 1] = startOn.split('-').map(Number);
  const first = rules.fiscalYearStart;
  const beginsIn = month < first ? year - 1 : year;
  const name = first > 1 && rules.fiscalYearName === 'end' ? beginsIn + 1 : beginsIn;
  return grain === 'year' ? String(name) : `${name}-Q${Math.floor(((month - first + 12) % 12) / 3) + 1}`;
}

/** By its fourth day: the Thursday of weeks that begin on Monday. */
function weekOf(startOn: string): string {
  const fourth = plusDays(startOn, 3);
  const year = fourth.slice(0, 4);
  const week = Math.floor(daysFrom(`${year}-01-01`, fourth) / 7) + 1;
  return `${year}-W${String(week).padStart(2, '0')}`;
}
