import { expect, it } from 'vitest';
import { explainResult } from '../../src/evaluate/explain.ts';
import type { StoredResult } from '../../src/model/result-store.ts';
import { createZone } from '../../src/model/zone.ts';
import { quantile } from '../../src/statistics/intervals.ts';
import { localDay } from './oracle-clock.ts';
import { drawWorld } from './oracle-draw.ts';
import { fillWorkspace } from './oracle-fill.ts';
import { lastInstant } from './oracle-world.ts';
import { baseSettings, openWorkspace, type Workspace } from './workspace.ts';

const zone = createZone('Europe/Madrid');
const asOf = new Date(lastInstant).toISOString();
const kinds = [
  'company',
  'connection',
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

/** Of each KPI, grain and kind of segment: one of the oldest periods, one between, and the running one. */
function sampleOf(results: readonly StoredResult[]): readonly StoredResult[] {
  const told = results.filter(({ n, nMissing }) => n + nMissing > 0);
  const groups = Map.groupBy(told, ({ kpi, grain, segment }) => `${kpi} ${grain} ${segment.kind}`);
  return [...groups.values()].flatMap((rows) => {
    const sorted = rows.toSorted((a, b) => (a.periodStart < b.periodStart ? -1 : 1));
    const places = new Set([0, Math.floor(sorted.length / 2), sorted.length - 1]);
    return sorted.filter((_, place) => places.has(place));
  });
}

async function differenceOf(workspace: Workspace, result: StoredResult): Promise<readonly string[]> {
  const catalog = await workspace.catalog();
  const kpi = catalog.find(({ id }) => id === result.kpi) ?? expect.fail(result.kpi);
  const { grain, periodLabel, periodStart, periodEnd } = result;
  const found = await explainResult({
    store: workspace.store,
    settings: baseSettings,
    kpi,
    catalog,
    period: {
      grain,
      label: periodLabel,
      startOn: periodStart,
      endOn: periodEnd,
      startAt: zone.startOf(periodStart),
      endAt: zone.startOf(periodEnd),
    },
    segment: result.segment,
    asOf: lastInstant,
    limit: 100_000,
  });
  const sum = (name: 'num' | 'den') => found.facts.reduce((total, fact) => total + (fact[name] ?? 0), 0);
  const isTimed = kpi.unit === 'hours' || kpi.unit === 'months';
  // What goes on has no end to be a part of a median: it is told by Kaplan and Meier.
  const isMedian = isTimed && kpi.kind !== 'cohort' && !kpi.derive;
  const times = found.facts.map(({ num, den }) => num / (den ?? 1)).sort((a, b) => a - b);
  const told: readonly (readonly [string, number | null, number | null])[] = [
    ['num', result.num, found.num],
    ['den', result.den, found.den],
    ['n', result.n, found.n],
    ['left out', result.nMissing, found.nMissing],
    ...(kpi.derive
      ? []
      : ([
          ['sum of num', result.num, result.num === null ? null : sum('num')],
          ['sum of den', result.den, result.den === null ? null : sum('den')],
        ] as const)),
    ...(isMedian ? ([['median', result.statistics?.p50 ?? null, quantile(times, 0.5)]] as const) : []),
  ];
  const place = `${kpi.id} ${periodLabel} ${result.segment.kind}:${result.segment.id ?? ''}`;
  return told
    .filter(([, wanted, got]) => !isSame(wanted, got))
    .map(([name, wanted, got]) => `${place} ${name}: ${got}, not ${wanted}`);
}

function isSame(a: number | null, b: number | null): boolean {
  if (a === null || b === null) return a === b;
  return Math.abs(a - b) <= 1e-9 * Math.max(1, Math.abs(a));
}

it('the facts add up to the figure, of every KPI, grain and kind of segment', {
  timeout: 600_000,
}, async () => {
  await using workspace = await openWorkspace();
  await fillWorkspace(workspace, drawWorld(21, localDay));
  const grains = ['week', 'month', 'quarter'] as const;
  await workspace.evaluate(asOf, { grains, segments: kinds, history: 14 });
  const sample = sampleOf(await workspace.results(asOf));
  expect(new Set(sample.map(({ kpi }) => kpi)).size).toBeGreaterThan(52);
  const differences: string[] = [];
  for (const result of sample) differences.push(...(await differenceOf(workspace, result)));
  expect(differences).toEqual([]);
});
