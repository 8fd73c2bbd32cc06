import type { Goal } from '../model/goal.ts';
import type { CalendarRules, Grain } from '../model/period.ts';
import { grains as allGrains } from '../model/period.ts';
import { addDays, type Zone } from '../model/zone.ts';
import { createPeriodIndex, type PeriodIndex } from './period-index.ts';
import { periodOf, periodsBetween } from './periods.ts';

/** Days and weeks without a goal are kept this short: nobody reads two years of them. */
const fineDays = 13 * 7;

/** The periods of one grain: those computed, and from which place on results are given. */
export interface Window {
  readonly grain: Grain;
  readonly index: PeriodIndex;
  readonly emitFrom: number;
}

export interface WindowInput {
  readonly rules: CalendarRules;
  readonly zone: Zone;
  readonly asOf: number;
  /** Months of results before the current one. */
  readonly history: number;
  readonly grains: readonly Grain[];
  /** The KPI's goals: their grains are computed too, and the periods that their baselines need. */
  readonly goals: readonly Goal[];
  /** Older records were let go: no period before it is computed. null or absent: all are there. */
  readonly wholeFrom?: number | null;
}

export function planWindows(input: WindowInput): readonly Window[] {
  const named = new Set(input.goals.map((goal) => goal.every));
  return allGrains
    .filter((grain) => input.grains.includes(grain) || named.has(grain))
    .map((grain) => planWindow(input, grain, named.has(grain)));
}

function planWindow(
  { rules, zone, asOf, history, goals, wholeFrom = null }: WindowInput,
  grain: Grain,
  named: boolean,
): Window {
  // The last day of which anything counts.
  const lastDay = zone.dateOf(asOf - 1);
  const fine = (grain === 'day' || grain === 'week') && !named;
  const asked = fine
    ? addDays(periodOf(rules, zone, grain, lastDay).startOn, -fineDays)
    : monthsBefore(lastDay, history);
  const tableOn = tableStart(rules, grain);
  const emitOn = latest(asked, tableOn);
  const spans = goals.flatMap(({ every, baseline }) =>
    every === grain && baseline.kind === 'auto' ? [baseline.periods] : [],
  );
  const baselineOn = periodsBefore(lastDay, grain, Math.max(0, ...spans));
  // The oldest result is compared too, with the period before it.
  const comparedOn = addDays(periodOf(rules, zone, grain, emitOn).startOn, -1);
  const [earliest = comparedOn] = [baselineOn, comparedOn].sort();
  const from = latest(earliest, tableOn);
  const all = periodsBetween(rules, zone, grain, from, lastDay);
  const whole = all.filter(({ startAt, endAt }) => startAt >= (wholeFrom ?? startAt) || endAt >= asOf);
  const periods = wholeFrom === null ? all : whole;
  return {
    grain,
    index: createPeriodIndex(periods),
    emitFrom: periods.findIndex((period) => period.endOn > emitOn),
  };
}

/** Periods of one's own table begin with its first one; null: without a table they go back as far as asked. */
function tableStart({ table = [] }: CalendarRules, grain: Grain): string | null {
  const starts = table.filter((period) => period.grain === grain).map(({ startOn }) => startOn);
  return starts.sort()[0] ?? null;
}

function latest(date: string, other: string | null): string {
  return other !== null && other > date ? other : date;
}

/** First day of the month that lies so many months before a date. */
function monthsBefore(date: string, months: number): string {
  const count = Number(date.slice(0, 4)) * 12 + Number(date.slice(5, 7)) - 1 - months;
  const year = String(Math.floor(count / 12)).padStart(4, '0');
  return `${year}-${String((count % 12) + 1).padStart(2, '0')}-01`;
}

/** One more than asked for: the newest complete ones may not be official yet. */
function periodsBefore(date: string, grain: Grain, count: number): string {
  if (count === 0) return date;
  if (grain === 'day') return addDays(date, -count - 14);
  if (grain === 'week') return addDays(date, -7 * (count + 3));
  const months = { month: 1, quarter: 3, year: 12 }[grain];
  return monthsBefore(date, months * (count + 2));
}
