import { describe, expect, it } from 'vitest';
import { openWorkspace, pick, type Workspace } from './workspace.ts';

const asOf = '2026-02-20T12:00:00Z';

function header(more: string): string {
  return `/*
id: own
label: { en: Own, es: Propio }
domain: other
${more}
*/
`;
}

async function evaluateOwn(workspace: Workspace, segments: string[] = []) {
  await workspace.evaluate(asOf, {
    kpis: ['own'],
    grains: ['day', 'week', 'month', 'quarter', 'year'],
    segments,
  });
  return workspace.results(asOf);
}

describe('one pass', () => {
  it('fills every grain at once', async () => {
    await using workspace = await openWorkspace();
    await workspace.save({
      ticket: [
        { id: 'a', created_at: '2026-01-29T23:30:00Z' },
        { id: 'b', created_at: '2026-01-31T12:00:00Z' },
        { id: 'c', created_at: '2026-02-01T12:00:00Z' },
      ],
    });
    await workspace.evaluate(asOf, {
      kpis: ['cases_created'],
      grains: ['day', 'week', 'month', 'quarter', 'year'],
    });
    const results = await workspace.results(asOf);
    const counted = ['2026-01-30', '2026-01-31', '2026-W05', '2026-01', '2026-02', '2026-Q1', '2026'].map(
      (period) => pick(results, 'cases_created', { period }).value,
    );
    expect(counted).toEqual([1, 1, 3, 2, 1, 3, 3]);
  });

  it('gives days and weeks for 13 weeks, months for the history', async () => {
    await using workspace = await openWorkspace();
    await workspace.save({ ticket: [{ id: 'a', created_at: '2026-01-29T23:30:00Z' }] });
    await workspace.evaluate(asOf, {
      kpis: ['cases_created'],
      grains: ['day', 'week', 'month'],
      segments: ['company'],
    });
    const results = await workspace.results(asOf);
    const count = (grain: string) => results.filter((result) => result.grain === grain).length;
    expect([count('day'), count('week'), count('month')]).toEqual([92, 14, 13]);
  });

  it('counts records of several objects in one KPI, each with its own dimensions', async () => {
    await using workspace = await openWorkspace();
    workspace.addKpi(`${header('unit: count   better: higher   kind: flow\ndimensions: [owner, pipeline]')}
      select source_id, 'deal' as object, id, cast(null as bigint) as at, closed_on as day, 1 as num from deal
      union all
      select source_id, 'ticket' as object, id, created_at as at, null as day, 1 as num from ticket`);
    await workspace.save({
      deal: [{ id: 'x', closed_on: '2026-01-05', owner_id: 'u1', pipeline: 'p' }],
      ticket: [{ id: 'x', created_at: '2026-01-06T00:00:00Z', owner_id: 'u1', pipeline: 'q' }],
    });
    const results = await evaluateOwn(workspace, ['owner', 'pipeline']);
    expect(pick(results, 'own', { period: '2026-01', segment: 'owner:u1' }).value).toBe(2);
    expect(pick(results, 'own', { period: '2026-01', segment: 'pipeline:p' }).value).toBe(1);
    expect(pick(results, 'own', { period: '2026-01', segment: 'pipeline:q' }).value).toBe(1);
  });

  it('finds out the object where the file does not say it in so many words', async () => {
    await using workspace = await openWorkspace();
    workspace.addKpi(`${header('unit: count   better: higher   kind: flow\ndimensions: [type]')}
      select source_id, case when 1 = 1 then 'deal' else 'x' end as object, id, closed_on as day, 1 as num from deal`);
    await workspace.save({ deal: [{ id: 'x', closed_on: '2026-01-05', type: 'new' }] });
    const results = await evaluateOwn(workspace, ['type']);
    expect(pick(results, 'own', { period: '2026-01', segment: 'type:new' }).value).toBe(1);
  });

  it("takes a dimension from the file's own column instead of the record", async () => {
    await using workspace = await openWorkspace();
    workspace.addKpi(`${header('unit: count   better: higher   kind: flow\ndimensions: [owner, priority]')}
      select source_id, 'deal' as object, id, closed_on as day, created_by_id as owner_id, name as priority, 1 as num from deal`);
    await workspace.save({
      deal: [{ id: 'x', closed_on: '2026-01-05', owner_id: 'u1', created_by_id: 'u2', name: 'high' }],
    });
    const results = await evaluateOwn(workspace, ['owner', 'priority']);
    expect(pick(results, 'own', { period: '2026-01', segment: 'owner:u2' }).value).toBe(1);
    expect(pick(results, 'own', { period: '2026-01', segment: 'priority:high' }).value).toBe(1);
  });

  it('counts several facts of one record', async () => {
    await using workspace = await openWorkspace();
    workspace.addKpi(`${header('unit: count   better: higher   kind: flow')}
      select source_id, 'deal' as object, id, 'created' as part, created_on as day, 1 as num from deal
      union all
      select source_id, 'deal' as object, id, 'closed' as part, closed_on as day, 1 as num from deal`);
    await workspace.save({ deal: [{ id: 'x', created_on: '2026-01-05', closed_on: '2026-01-05' }] });
    expect(pick(await evaluateOwn(workspace), 'own', { period: '2026-01-05' }).value).toBe(2);
  });

  it('leaves a fact whose anchor is no date out', async () => {
    await using workspace = await openWorkspace();
    workspace.addKpi(`${header('unit: count   better: higher   kind: flow')}
      select source_id, 'deal' as object, id, next_step as day, 1 as num from deal`);
    await workspace.save({
      deal: [
        { id: 'x', next_step: 'soon' },
        { id: 'y', next_step: '2026-01-05' },
      ],
    });
    expect(pick(await evaluateOwn(workspace), 'own', { period: '2026-01' }).value).toBe(1);
  });
});

describe('a company of two connections', () => {
  it('is complete only as far as both were read; each connection as far as itself', async () => {
    await using workspace = await openWorkspace();
    await workspace.save({ deal: [{ id: 'a', outcome: 'open' }] });
    await workspace.save(
      { deal: [{ id: 'a', outcome: 'open' }] },
      { source: 'second', syncedAt: '2026-01-20T00:00:00Z' },
    );
    await workspace.evaluate(asOf, { kpis: ['deals_won'] });
    const results = await workspace.results(asOf);
    expect(pick(results, 'deals_won', { period: '2026-01' })).toMatchObject({
      value: null,
      flags: ['incomplete'],
    });
    expect(pick(results, 'deals_won', { period: '2025-12' })).toMatchObject({ value: 0, flags: [] });
    expect(pick(results, 'deals_won', { period: '2026-01', segment: 'connection:crm' })).toMatchObject({
      value: 0,
    });
    expect(pick(results, 'deals_won', { period: '2026-01', segment: 'connection:second' })).toMatchObject({
      value: null,
    });
  });

  it('keeps people of the same id apart', async () => {
    await using workspace = await openWorkspace();
    const deal = { id: 'a', outcome: 'won', closed_on: '2026-01-05', owner_id: 'u1' };
    await workspace.save({ deal: [deal] });
    await workspace.save({ deal: [deal] }, { source: 'second' });
    await workspace.evaluate(asOf, { kpis: ['deals_won'] });
    const owners = (await workspace.results(asOf)).filter(
      ({ segment, periodLabel }) => segment.kind === 'owner' && periodLabel === '2026-01',
    );
    expect(owners.map(({ segment, value }) => [segment.id, segment.source, value])).toEqual([
      ['u1', 'crm', 1],
      ['u1', 'second', 1],
    ]);
  });
});

describe('as-of', () => {
  it('at the last millisecond of a day means all of it', async () => {
    await using workspace = await openWorkspace();
    await workspace.save({ ticket: [{ id: 'a', created_at: '2026-01-10T00:00:00Z' }] });
    for (const instant of ['2026-01-31T22:59:59.999Z', '2026-01-31T23:00:00Z']) {
      await workspace.evaluate(instant, { kpis: ['cases_created'], segments: ['company'] });
      const results = await workspace.results(instant);
      expect(pick(results, 'cases_created', { period: '2026-01' })).toMatchObject({
        complete: true,
        value: 1,
      });
      expect(results.some(({ periodLabel }) => periodLabel === '2026-02')).toBe(false);
    }
  });
});
