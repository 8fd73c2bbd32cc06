import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readBenchmarks } from '../../src/improve/benchmark-file.ts';
import { type Benchmark, holdAgainst } from '../../src/improve/benchmarks.ts';
import { cardsFor, readCards } from '../../src/improve/cards.ts';
import { benchmarkInternally } from '../../src/improve/internal-benchmark.ts';
import { knownDetectors } from '../../src/improve/remedies.ts';
import { addDays } from '../../src/model/zone.ts';
import { openWorkspace } from '../evaluate/workspace.ts';
import { measureAt, plantRows, startOn, teamsOf, windowDays } from './planted.ts';

const config = join(import.meta.dirname, '../../config');

const one: Benchmark = {
  kpi: 'win_rate',
  low: 0.2,
  high: 0.2,
  statistic: null,
  segment: { en: '', es: '' },
  source: 'study',
  measuredOn: '2025-06-30',
  publishedOn: null,
  note: null,
  comparability: 'similar',
  from: 'shipped',
};

it.each([
  [0.22, 'near'],
  [0.18, 'near'],
  [0.221, 'above'],
  [0.179, 'below'],
  [null, null],
])('%s beside 20 %% is %s', (value, standing) => {
  expect(holdAgainst(one, value, '2026-11-22').standing).toBe(standing);
});

it('is near anywhere in a range, and outside of it not', () => {
  const range = { ...one, low: 0.55, high: 0.84 };
  expect([0.55, 0.84, 0.85, 0.54].map((value) => holdAgainst(range, value, '2026-11-22').standing)).toEqual([
    'near',
    'near',
    'above',
    'below',
  ]);
});

it('gives no verdict on what is different', () => {
  expect(holdAgainst({ ...one, comparability: 'different' }, 0.5, '2026-11-22').standing).toBeNull();
});

it('is dated after 24 months, or without a date', () => {
  expect(holdAgainst(one, 0.2, '2027-06-30').dated).toBe(false);
  expect(holdAgainst(one, 0.2, '2027-07-01').dated).toBe(true);
  expect(holdAgainst({ ...one, measuredOn: null }, 0.2, '2026-11-22').dated).toBe(true);
});

it('ships figures for KPIs that there are, each with its source', async () => {
  await using workspace = await openWorkspace();
  const kpiIds = (await workspace.catalog()).map(({ id }) => id);
  const shipped = await readBenchmarks(join(config, 'benchmarks.yaml'), { kpiIds, from: 'shipped' });
  expect(shipped.length).toBeGreaterThan(10);
  expect(
    shipped.every(({ source, segment }) => source !== '' && segment.en !== '' && segment.es !== ''),
  ).toBe(true);
  expect(shipped.some(({ kpi }) => kpi === 'case_resolution_hours')).toBe(false);
});

it('has a good practice for every detector', async () => {
  const cards = await readCards(join(config, 'practices'));
  for (const detector of knownDetectors())
    expect([detector, cardsFor(cards, detector).length > 0]).toEqual([detector, true]);
});

it('names a team only with evidence', async () => {
  await using workspace = await openWorkspace();
  const steady = { perWindow: 30, medianHours: () => 48 };
  const planted = [
    { team: 'good', ...steady, wonShare: () => 0.6 },
    { team: 'usual', ...steady, wonShare: () => 0.2 },
    { team: 'same', ...steady, wonShare: () => 0.2 },
    { team: 'small', ...steady, perWindow: 1, wonShare: () => 0 },
  ];
  const { team, actor, memberships } = teamsOf(planted);
  await workspace.save(
    { team, actor, ...plantRows(planted, { seed: 3, windows: 12, kpi: 'win_rate' }) },
    { memberships },
  );
  const kpi = (await workspace.catalog()).find(({ id }) => id === 'win_rate');
  if (!kpi) throw new Error('win_rate');
  const span = { from: addDays(startOn, -12 * windowDays), to: startOn };
  const standings = await benchmarkInternally({
    kpi,
    measure: await measureAt(workspace),
    span,
    kind: 'team',
  });
  const byName = new Map(standings.map(({ segment, standing }) => [segment.name, standing]));
  expect(byName.get('good')).toBe('better');
  expect(byName.get('small')).toBe('too_few');
});
