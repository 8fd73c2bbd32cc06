import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeWorkspace } from './cli.ts';

const settings = `timeZone: Europe/Madrid
currency: EUR
connections:
  files: { connector: csv, path: ./deals.csv, object: deal }
goals:
  - { kpi: win_rate, every: month, atLeast: 0.2 }
`;
const asOf = ['--as-of', '2026-02-20T12:00:00Z'] as const;

/** In each of eight months 100 deals closed, 10 of them won in the oldest, then 2 more every month. */
const deals = Array.from({ length: 8 }, (_, month) =>
  Array.from({ length: 100 }, (_, i) => {
    const day = new Date(Date.UTC(2025, 5 + month, 10)).toISOString().slice(0, 10);
    return `${month}-${i},${i < 10 + 2 * month ? 'won' : 'lost'},${day},2025-01-01T00:00:00Z`;
  }),
).flat();

describe('where we stand', { timeout: 60_000 }, () => {
  it('is told from the store as it is, and goals are proposed from it that the settings take', async () => {
    await using workspace = await makeWorkspace(settings);
    await writeFile(
      join(workspace.folder, 'deals.csv'),
      ['id,outcome,closed_on,created_at', ...deals].join('\n'),
    );
    await workspace.json('sync');
    type Stock = { kpi: string; years: unknown[]; months: unknown[] };
    const [stock] = await workspace.json<Stock[]>('baseline', 'win_rate', '--years', '2', ...asOf);
    expect(stock).toMatchObject({
      kpi: 'win_rate',
      years: [{ num: 136, den: 800, value: 0.17 }, { den: 0 }],
    });
    expect(stock?.months).toHaveLength(12);

    const { stdout } = await workspace.run('goals', 'propose', 'win_rate', ...asOf);
    expect(stdout).toContain('atLeast: 0.205');
    await writeFile(join(workspace.folder, 'crm-kpi.yaml'), settings.replace(/goals:[\s\S]*/, '') + stdout);
    await workspace.json('evaluate', ...asOf);
    const results = await workspace.json<{ goal: string | null; target: number; baseline: number }[]>(
      'results',
      '--kpi',
      'win_rate',
      '--period',
      '2026-01',
      '--segment',
      'company',
      ...asOf,
    );
    expect(results).toMatchObject([{ goal: 'win_rate.month', target: 0.205, baseline: 0.17 }]);
    const scores = await workspace.json<{ period: string; score: number }[]>(
      'results',
      '--period',
      '2026-01',
      '--score',
      ...asOf,
    );
    expect(scores).toMatchObject([{ period: '2026-01', score: 100 }]);
  });

  it('refuses what it does not know', async () => {
    await using workspace = await makeWorkspace(settings);
    await writeFile(join(workspace.folder, 'deals.csv'), 'id,outcome\n');
    for (const args of [
      ['baseline', 'winrate'],
      ['baseline', '--years', '0'],
      ['goals', 'guess'],
    ]) {
      expect((await workspace.run(...args)).code, args.join(' ')).toBe(2);
    }
  });
});
