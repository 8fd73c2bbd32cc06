import { describe, expect, it } from 'vitest';
import type { Goal } from '../../src/model/goal.ts';
import type { CalendarRules } from '../../src/model/period.ts';
import type { StoredResult } from '../../src/model/result-store.ts';
import { calendars, changeGoal, drawGoal, drawQuotas } from './goals-oracle-draw.ts';
import { before, spanOf } from './goals-oracle-periods.ts';
import { createNights, type Judged, type Nights } from './goals-oracle-runs.ts';
import type { Quota } from './goals-oracle-targets.ts';
import {
  baseRows,
  createHand,
  drawOffice,
  type Hand,
  memberships,
  recordRows,
} from './goals-oracle-world.ts';
import { dayMs, localDay } from './oracle-clock.ts';
import { openWorkspace } from './workspace.ts';

/** What is said of goals, worked out a second time from the text, over made-up offices, goals and nights. */

const seeds = [3, 4, 7, 8, 11, 14];
const holidays = [
  '2025-12-25',
  '2026-01-01',
  '2026-01-06',
  '2025-08-15',
  '2025-10-13',
  '2026-04-03',
  '2026-05-01',
];
const office = {
  weekdays: [1, 2, 3, 4, 5],
  fromMinute: 540,
  toMinute: 1080,
  timeZone: 'Europe/Madrid',
  holidays,
  teams: null,
  validFrom: null,
  validTo: null,
};

function drawNights(hand: Hand): number[] {
  const first = Date.parse('2025-09-01T00:00:00Z') + hand.whole(0, 60) * dayMs;
  const second = first + hand.whole(3, 45) * dayMs;
  const third = second + hand.whole(3, 90) * dayMs;
  return [first, second, third].map((at) => at + hand.whole(0, 24 * 60) * 60_000);
}

const entryOf = ({ owner, team, fromOn, toOn, amount }: Quota, place: number) => ({
  ...{ id: `q${place}`, kind: 'quota', actor_id: owner, team_id: team },
  ...{ from_on: fromOn, to_on: toOn, amount_minor: amount, currency: 'EUR' },
});

const fields = [
  'value',
  'target',
  'version',
  'baseline',
  'status',
  'evidence',
  'attainment',
  'gapClosed',
  'forecast',
  'previous',
  'movement',
  'unallocated',
  'targetFrom',
] as const satisfies readonly (keyof Judged)[];

const said = (result: StoredResult): Judged => ({
  ...result,
  version: result.goalVersion ?? 0,
  status: String(result.status),
  evidence: String(result.evidence),
  movement: String(result.movement),
  unallocated: result.details?.unallocated ?? {},
  targetFrom: result.details?.targetFrom ?? null,
});

function same(a: unknown, b: unknown): boolean {
  if (typeof a === 'number' && typeof b === 'number')
    return Math.abs(a - b) <= 1e-9 * Math.max(1, Math.abs(a));
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return a === b;
  const [left, right] = [Object.entries(a), Object.entries(b)];
  const other = Object.fromEntries(right);
  return left.length === right.length && left.every(([name, value]) => same(value, other[name]));
}

function differencesOf(nights: Nights, result: StoredResult): readonly string[] {
  const { goal: goalId, grain, periodStart: startOn, periodEnd: endOn, segment } = result;
  if (goalId === null) return [];
  const judged = nights.judge({ goalId, segment, span: { grain, startOn, endOn } });
  const place = `${goalId} ${result.kpi} ${result.periodLabel} ${segment.kind}:${segment.id ?? ''} (${result.stage}${result.complete ? '' : ', open'})`;
  if (judged === null) return [`no goal: ${place} has a target ${JSON.stringify(result.target)}`];
  const found = said(result);
  return fields
    .filter((name) => !same(judged[name], found[name]))
    .map((name) => `${name}: ${place} ${JSON.stringify(found[name])}, not ${JSON.stringify(judged[name])}`);
}

/** Goals of the company that promise something in the running period or the one before, and have no result. */
function lackingOf(nights: Nights, results: readonly StoredResult[], { goals, rules, asOf }: Night) {
  const there = new Set(results.filter(({ segment }) => segment.kind === 'company').map(nameOf));
  return goals.flatMap(({ id, every }) => {
    const running = spanOf(rules, every, localDay(asOf - 1));
    return [running, before(rules, running)].flatMap((span) => {
      const name = nameOf({ goal: id, periodStart: span.startOn });
      const judged = nights.judge({ goalId: id, segment: { kind: 'company', id: null }, span });
      return judged === null || there.has(name) ? [] : [`lacking: ${name}`];
    });
  });
}

interface Night {
  readonly goals: readonly Goal[];
  readonly rules: CalendarRules;
  readonly asOf: number;
}

const nameOf = ({ goal, periodStart }: Pick<StoredResult, 'goal' | 'periodStart'>) =>
  `${goal} ${periodStart}`;

function sample(differences: readonly string[]): readonly string[] {
  const byField = Object.groupBy(differences, (text) => text.split(':')[0] ?? '');
  return Object.values(byField).flatMap((texts = []) => [`${texts.length} times`, ...texts.slice(0, 6)]);
}

describe.each(seeds)('of a made-up office (seed %i)', { timeout: 120_000 }, (seed) => {
  it('every goal is judged as the text says, night after night', async () => {
    const hand = createHand(seed * 7919);
    const rules = calendars[seed % calendars.length] ?? calendars[0];
    if (!rules) return;
    const size = hand.pick([200, 600, 1500]);
    const whole = drawOffice(seed, size);
    let goals: readonly Goal[] = Array.from({ length: 12 }, (_, i) =>
      drawGoal(hand, `g${i}`, { size, rules }),
    );
    const quotas = drawQuotas(hand, rules);
    const nights = createNights({ office: whole, rules, holidays: new Set(holidays), quotas });
    const differences: string[] = [];
    let judged = 0;
    await using workspace = await openWorkspace();
    await workspace.save({ ...baseRows, entry: quotas.map(entryOf) }, { memberships });
    for (const asOf of drawNights(hand)) {
      await workspace.save(recordRows(whole, asOf));
      const at = new Date(asOf).toISOString();
      const settings = { calendar: rules, kpis: [...new Set(goals.map(({ kpi }) => kpi))], goals };
      await workspace.evaluate(at, { ...settings, history: 30, businessHours: [office] });
      nights.run(asOf, goals);
      const results = (await workspace.results(at)).filter(({ goal }) => goal !== null);
      judged += results.length;
      differences.push(...results.flatMap((result) => differencesOf(nights, result)));
      differences.push(...lackingOf(nights, results, { goals, rules, asOf }));
      goals = goals.map((goal) => (hand.chance(0.4) ? changeGoal(hand, goal) : goal));
    }
    expect(sample(differences)).toEqual([]);
    expect(judged).toBeGreaterThan(300);
  });
});
