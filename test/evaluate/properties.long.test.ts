import { describe, expect, it } from 'vitest';
import type { StoredResult } from '../../src/model/result-store.ts';
import { createDraw, drawCompany, type RandomCompany, shuffle } from './random-company.ts';
import { type LooseRow, openWorkspace, type Workspace } from './workspace.ts';

const seeds = [1, 2, 3];
const asOf = '2026-02-20T12:00:00Z';
const kpis = [
  'revenue_won',
  'deals_won',
  'win_rate',
  'win_rate_value',
  'sales_cycle_hours',
  'open_deals',
  'open_pipeline',
  'cases_created',
  'cases_closed',
  'case_resolution_hours',
  'open_cases',
];
const kinds = [
  'owner',
  'team',
  'category',
  'pipeline',
  'source',
  'type',
  'priority',
  'channel',
  'case_category',
];
const memberships = [
  { actorId: 'U1', teams: [{ teamId: 'T1', primary: true }] },
  { actorId: 'U2', teams: [{ teamId: 'T2', primary: true }] },
];

const dayMs = 86_400_000;

/** Of the 28 days before the end of each period. */
const recentCases = `/*
id: recent_cases
label: { en: Recent cases, es: Casos recientes }
domain: service   unit: count   better: lower   kind: flow
window: 28d
dimensions: [owner]
*/
select source_id, 'ticket' as object, id, created_at as at, 1 as num from ticket
`;

async function fill(workspace: Workspace, { people, records }: RandomCompany): Promise<void> {
  await workspace.save(people, { memberships });
  await workspace.save(records);
}

async function compute(workspace: Workspace, at = asOf): Promise<readonly StoredResult[]> {
  await workspace.evaluate(at, {
    kpis,
    grains: ['month', 'quarter'],
    segments: ['company', ...kinds],
    history: 9,
  });
  return workspace.results(at);
}

const place = ({ kpi, grain, periodLabel, segment }: StoredResult) =>
  [kpi, grain, periodLabel, segment.kind, segment.id ?? ''].join(' ');

/** What a result says, without the traces of how it was written. */
function figuresOf(results: readonly StoredResult[], label = place): ReadonlyMap<string, unknown> {
  const figures = results.map((result) => {
    const { num, den, value, n, nMissing, statistics, flags, stage } = result;
    return [label(result), { num, den, value, n, nMissing, statistics, flags, stage }] as const;
  });
  return new Map(figures.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

describe.each(seeds)('for random data (seed %i)', { timeout: 60_000 }, (seed) => {
  const company = drawCompany(seed);

  it('segments sum to the company', async () => {
    await using workspace = await openWorkspace('UTC');
    await fill(workspace, company);
    const results = await compute(workspace);
    const totals = results.filter(({ segment }) => segment.kind === 'company');
    for (const total of totals) {
      const parts = results.filter(
        ({ kpi, grain, periodLabel }) =>
          kpi === total.kpi && grain === total.grain && periodLabel === total.periodLabel,
      );
      for (const kind of kinds) {
        const ofKind = parts.filter(({ segment }) => segment.kind === kind);
        if (ofKind.length === 0) continue;
        const sum = (field: 'num' | 'den' | 'n' | 'nMissing') =>
          ofKind.reduce((found, part) => found + (part[field] ?? 0), 0);
        const found = { num: sum('num'), den: sum('den'), n: sum('n'), nMissing: sum('nMissing') };
        const { num, den, n, nMissing } = total;
        const whole = { num: expect.closeTo(num ?? 0, 6), den: den ?? 0, n, nMissing };
        expect(found, `${place(total)} by ${kind}`).toEqual(whole);
      }
    }
    expect(totals.length).toBeGreaterThan(100);
  });

  it('the order of arrival does not matter, nor arriving twice', async () => {
    await using once = await openWorkspace('UTC');
    await fill(once, company);
    await using mixed = await openWorkspace('UTC');
    const draw = createDraw(seed + 100);
    const { deal = [], ticket = [] } = company.records;
    await mixed.save({ ticket: shuffle(ticket, draw) });
    await mixed.save({ deal: shuffle(deal, draw).slice(0, 70) });
    await mixed.save(company.people, { memberships });
    await mixed.save({ deal: shuffle(deal, draw) });
    expect(figuresOf(await compute(mixed))).toEqual(figuresOf(await compute(once)));
  });

  it('a deleted record never counts', async () => {
    const draw = createDraw(seed + 200);
    const { deal = [], ticket = [] } = company.records;
    const gone = new Set([...deal, ...ticket].filter(() => draw() < 0.3).map(({ id }) => String(id)));
    const living = (rows: readonly LooseRow[]) => rows.filter(({ id }) => !gone.has(String(id)));
    await using deleted = await openWorkspace('UTC');
    await fill(deleted, company);
    await deleted.remove(
      'deal',
      deal.map(({ id }) => String(id)).filter((id) => gone.has(id)),
    );
    await deleted.remove(
      'ticket',
      ticket.map(({ id }) => String(id)).filter((id) => gone.has(id)),
    );
    await using never = await openWorkspace('UTC');
    await fill(never, { ...company, records: { deal: living(deal), ticket: living(ticket) } });
    expect(figuresOf(await compute(deleted))).toEqual(figuresOf(await compute(never)));
  });

  it('an evaluation on top of earlier ones gives what a first one gives', async () => {
    await using nightly = await openWorkspace('UTC');
    const { deal = [], ticket = [] } = company.records;
    await nightly.save(company.people, { memberships });
    await nightly.save({ deal: deal.slice(0, 60), ticket: ticket.slice(0, 40) });
    await compute(nightly, '2026-01-20T12:00:00Z');
    await nightly.save({ deal: deal.slice(60), ticket: ticket.slice(40) });
    await using fresh = await openWorkspace('UTC');
    await fill(fresh, company);
    // Stages and what became of earlier figures differ; so does how far back the first evaluation reached.
    const figures = (results: readonly StoredResult[]) => {
      const recent = results.filter(({ periodStart }) => periodStart >= '2025-06-01');
      return new Map(
        [...figuresOf(recent)].map(([key, value]) => [
          key,
          { ...(value as object), stage: null, flags: null },
        ]),
      );
    };
    expect(figures(await compute(nightly))).toEqual(figures(await compute(fresh)));
  });

  it.each([
    ['day', 1],
    ['day', 17],
    ['day', 100],
    ['week', 7],
    ['week', 91],
    ['week', 364],
  ] as const)('by %s, shifting all by %i days shifts every result, rolling ones too', async (grain, days) => {
    const settings = {
      kpis: [...kpis, 'recent_cases'],
      grains: [grain],
      segments: ['company', 'owner'],
      history: 9,
    };
    const figures = async (shift: number) => {
      await using workspace = await openWorkspace('UTC');
      workspace.addKpi(recentCases);
      await fill(workspace, drawCompany(seed, shift));
      const at = new Date(Date.parse(asOf) + shift * dayMs).toISOString();
      await workspace.evaluate(at, settings);
      return figuresOf(await workspace.results(at), (result) => {
        const start = Date.parse(result.periodStart) - shift * dayMs;
        const { kind, id } = result.segment;
        return [result.kpi, new Date(start).toISOString().slice(0, 10), kind, id ?? ''].join(' ');
      });
    };
    const moved = await figures(-days);
    expect(moved).toEqual(await figures(0));
    expect(moved.size).toBeGreaterThan(300);
  });
});
