import { describe, expect, it } from 'vitest';
import type { DurationClock, Goal } from '../../src/model/goal.ts';
import type { StoredResult } from '../../src/model/result-store.ts';
import { localDay, spanOf } from './oracle-clock.ts';
import { belongs, type Count, count, type Item, type Oracle } from './oracle-count.ts';
import { customerOracles } from './oracle-customers.ts';
import { drawWorld } from './oracle-draw.ts';
import { fillWorkspace } from './oracle-fill.ts';
import { resolutionBy, workingHours } from './oracle-hours.ts';
import { leadOracles } from './oracle-leads.ts';
import { marketingOracles } from './oracle-marketing.ts';
import { worldAt } from './oracle-past.ts';
import { quotaOracles } from './oracle-quotas.ts';
import { salesOracles } from './oracle-sales.ts';
import { serviceOracles } from './oracle-service.ts';
import { lastInstant, type World } from './oracle-world.ts';
import { openWorkspace, type Workspace } from './workspace.ts';

/** Every figure of most KPIs, worked out a second time from plain lists, without queries, cells or derived tables. */

const seeds = [11, 12, 13];
const kinds = [
  'owner',
  'team',
  'pipeline',
  'category',
  'case_category',
  'campaign',
  'priority',
  'channel',
  'source',
  'type',
  'stage',
];

const oraclesOf = (world: World): Readonly<Record<string, Oracle>> => ({
  ...salesOracles(world),
  ...leadOracles(world),
  ...quotaOracles(world),
  ...serviceOracles(world),
  ...marketingOracles(world),
  ...customerOracles(world),
});

interface Moment {
  readonly asOf: number;
  /** When it is evaluated. */
  readonly now?: number;
}

async function compute(workspace: Workspace, kpis: readonly string[], { asOf, now = asOf }: Moment) {
  const at = new Date(asOf).toISOString();
  const grains = ['day', 'week', 'month', 'quarter'] as const;
  const settings = { kpis, grains, segments: ['company', ...kinds], history: 14 };
  await workspace.evaluate(at, settings, { now: new Date(now).toISOString() });
  return workspace.results(at);
}

const names = ['num', 'den', 'value', 'n', 'nMissing'] as const satisfies readonly (keyof Count)[];

/** What differs, and which segments have records and no result. */
function listDifferences(world: World, results: readonly StoredResult[]): readonly string[] {
  const oracles = oraclesOf(world);
  const there = new Set(results.map(placeOf));
  const kindsOf = Map.groupBy(results, ({ kpi }) => kpi);
  return results.flatMap((result) => {
    const oracle = oracles[result.kpi];
    if (!oracle) return [];
    const { periodLabel: label, periodStart: startOn, periodEnd: endOn } = result;
    const span = spanOf({ label, startOn, endOn }, world.asOf);
    const items = oracle.itemsIn(span);
    const told = compare(oracle, result, { items, withheld: oracle.withheld?.(span) ?? false });
    if (result.segment.kind !== 'company') return told;
    const split = new Set((kindsOf.get(result.kpi) ?? []).map(({ segment }) => segment.kind));
    const ids = items.flatMap((item) => [...split].flatMap((kind) => idOf(item, kind)));
    const lost = [...new Set(ids)]
      .map((id) => `${result.kpi} ${label} ${id}`)
      .filter((place) => !there.has(place));
    return [...told, ...lost.map((place) => `${place} has no result`)];
  });
}

const placeOf = ({ kpi, periodLabel, segment }: StoredResult) =>
  `${kpi} ${periodLabel} ${segment.kind}:${segment.id ?? ''}`;

function idOf(item: Item, kind: string): readonly string[] {
  if (kind === 'company' || kind === 'team') return [];
  const value = kind === 'owner' ? item.owner : item.in?.[kind];
  return [`${kind}:${value ?? '(none)'}`];
}

interface Known {
  readonly items: readonly Item[];
  readonly withheld: boolean;
}

function compare(oracle: Oracle, result: StoredResult, { items, withheld }: Known): readonly string[] {
  const { kind, id } = result.segment;
  const figures = count(
    oracle,
    items.filter((item) => belongs(item, kind, id)),
  );
  const wanted = withheld ? { ...figures, value: null } : figures;
  const told = names.filter((name) => !same(wanted[name], result[name]));
  for (const name of ['p90', 'mean'] as const)
    if (wanted[name] !== undefined && !same(wanted[name], result.statistics?.[name] ?? null))
      return [`${placeOf(result)} ${name} ${result.statistics?.[name]}, not ${wanted[name]}`];
  if (told.length === 0) return [];
  return [
    `${placeOf(result)} ${told.map((name) => `${name} ${result[name]}, not ${wanted[name]}`).join('; ')}`,
  ];
}

function same(a: number | null, b: number | null): boolean {
  if (a === null || b === null) return a === b;
  return Math.abs(a - b) <= 1e-9 * Math.max(1, Math.abs(a));
}

const resolutionGoal = (clock: DurationClock): Goal => ({
  id: clock,
  kpi: 'case_resolution_hours',
  every: 'month',
  shape: 'at_most',
  targets: { kind: 'constant', value: 24 },
  weight: 1,
  segments: ['company', 'owner', 'team'],
  baseline: { kind: 'auto', periods: 12 },
  warnTolerance: 0.1,
  exceedTolerance: 0.1,
  minN: 5,
  statistic: 'p50',
  clock,
  pacing: 'linear',
  accountable: null,
  reason: null,
});

/** A few for each KPI. */
function sample(differences: readonly string[]): readonly string[] {
  const byKpi = Object.groupBy(differences, (text) => text.split(' ')[0] ?? '');
  return Object.values(byKpi).flatMap((texts = []) => texts.slice(0, 4));
}

describe.each(seeds)('of a made-up company (seed %i)', { timeout: 120_000 }, (seed) => {
  const world = drawWorld(seed, localDay);
  const kpis = Object.keys(oraclesOf(world));

  it('every figure is what plain arithmetic over its records gives', async () => {
    await using workspace = await openWorkspace();
    await fillWorkspace(workspace, world);
    const results = await compute(workspace, kpis, { asOf: lastInstant });
    expect(sample(listDifferences(world, results))).toEqual([]);
    expect(new Set(results.map(({ kpi }) => kpi)).size).toBeGreaterThan(52);
    expect(results.length).toBeGreaterThan(20_000);
  });

  it('as of an earlier day what came later has not happened', async () => {
    const asOf = Date.parse('2025-11-30T23:00:00Z');
    await using workspace = await openWorkspace();
    await fillWorkspace(workspace, world);
    const results = await compute(workspace, kpis, { asOf, now: lastInstant });
    expect(sample(listDifferences(worldAt(world, asOf), results))).toEqual([]);
    expect(new Set(results.map(({ kpi }) => kpi)).size).toBeGreaterThan(52);
  });

  it.each(['business', 'agent'] as const)(
    'resolution by the %s clock follows each team and its hours',
    async (clock) => {
      await using workspace = await openWorkspace();
      await fillWorkspace(workspace, world);
      const at = new Date(lastInstant).toISOString();
      const settings = {
        kpis: ['case_resolution_hours'],
        grains: ['month'],
        segments: ['company', 'owner'],
      } as const;
      const goals = [resolutionGoal(clock)];
      await workspace.evaluate(at, { ...settings, history: 14, goals, businessHours: workingHours });
      const judged = (await workspace.results(at)).filter(({ goal }) => goal !== null);
      const oracle = resolutionBy(world, clock);
      const wrong = judged.flatMap((result) => {
        const { periodLabel: label, periodStart: startOn, periodEnd: endOn } = result;
        const items = oracle.itemsIn(spanOf({ label, startOn, endOn }, lastInstant));
        return compare(oracle, result, { items, withheld: false });
      });
      expect(wrong).toEqual([]);
      expect(judged.length).toBeGreaterThan(40);
    },
  );
});
