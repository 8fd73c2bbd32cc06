import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EvaluateSettings } from '../../src/evaluate/desk.ts';
import { goalOf } from '../model/samples.ts';
import { createDraw } from './random-company.ts';
import { drawNights, live, type Night } from './random-nights.ts';
import { openWorkspace, type Workspace } from './workspace.ts';

const dayMs = 86_400_000;
const first = Date.parse('2025-12-29T02:30:00Z');
const kinds = [
  'owner',
  'team',
  'category',
  'pipeline',
  'source',
  'type',
  'priority',
  'channel',
  'campaign',
  'stage',
];
const goals = [
  goalOf({ kpi: 'win_rate', segments: ['company', 'owner'], baseline: { kind: 'auto', periods: 3 } }),
  goalOf({ kpi: 'revenue_won', targets: { kind: 'constant', value: 9000 }, pacing: 'seasonal' }),
];
const settings: Partial<EvaluateSettings> = {
  grains: ['month', 'quarter', 'year'],
  segments: ['company', ...kinds],
  history: 8,
  goals,
};

/** Every row ever written, without the traces of who wrote it when. */
async function rowsOf(workspace: Workspace): Promise<readonly string[]> {
  const rows = await workspace.resultRows();
  const ids = new Map(rows.map((row) => [row.id, nameOf(row)]));
  return rows
    .map(({ id: _, evaluation_id: __, supersedes, restatement: ___, ...row }) =>
      JSON.stringify({ ...row, supersedes: supersedes === null ? null : (ids.get(supersedes) ?? 'unknown') }),
    )
    .sort();
}

const nameOf = (row: Readonly<Record<string, unknown>>) =>
  [
    row.kpi,
    row.grain,
    row.period_start,
    row.segment_kind,
    row.segment_source,
    row.segment_id,
    row.goal,
    row.as_of,
  ].join(' ');

async function liveThrough(nights: readonly Night[], afresh: boolean) {
  const workspace = await openWorkspace('Europe/Madrid');
  const read: number[] = [];
  for (const night of nights) {
    await live(workspace, night);
    const report = await workspace.evaluate(new Date(night.at).toISOString(), settings, { afresh });
    read.push(report.kpis.reduce((sum, { results }) => sum + results, 0));
  }
  return { workspace, read };
}

describe('a night that reads only what changed', { timeout: 600_000 }, () => {
  it('writes the same rows as one that reads everything, night after night', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 1_000_000 }), async (seed) => {
        const nights = drawNights(createDraw(seed), { first, count: 5 });
        const changed = await liveThrough(nights, false);
        const whole = await liveThrough(nights, true);
        await using one = changed.workspace;
        await using two = whole.workspace;
        expect(await rowsOf(one)).toEqual(await rowsOf(two));
      }),
      { numRuns: 12, seed: 42, endOnFailure: true },
    );
  });

  it('looks at few results where little changed', async () => {
    const [start, ...others] = drawNights(createDraw(5), { first, count: 2 });
    const edit = others.map((night) => ({
      ...night,
      at: first,
      rows: { deal: (night.rows.deal ?? []).slice(0, 1) },
      gone: {},
      merged: [],
      memberships: [],
    }));
    const { workspace, read } = await liveThrough([...(start ? [start] : []), ...edit], false);
    await using _ = workspace;
    expect(read[1]).toBeLessThan((read[0] ?? 0) / 4);
  });

  it('looks at few results a day later, where nothing changed but the rates of the day', async () => {
    const [start] = drawNights(createDraw(7), { first: first - 10 * dayMs, count: 1 });
    if (!start) throw new Error('no night');
    const rows = Object.fromEntries(Object.keys(start.rows).map((table) => [table, []]));
    const rate = { id: 'new', currency: 'USD', day: '2025-12-20', rate_to_base: 0.95 };
    const later: Night = {
      at: start.at + dayMs,
      rows: { ...rows, fx_rate: [rate] },
      gone: {},
      merged: [],
      memberships: [],
    };
    const { workspace, read } = await liveThrough([start, later], false);
    await using one = workspace;
    await using two = (await liveThrough([start, later], true)).workspace;
    expect(await rowsOf(one)).toEqual(await rowsOf(two));
    expect(read[1]).toBeLessThan((read[0] ?? 0) / 2);
  });
});
