import { describe, expect, it } from 'vitest';
import { openWorkspace, pick } from './workspace.ts';

const settings = { kpis: ['revenue_won', 'win_rate'], segments: ['company', 'owner'] };
const won = (id: string, amount: number, more: object = {}) => ({
  id,
  outcome: 'won',
  closed_on: '2026-01-15',
  created_at: '2025-12-01T00:00:00Z',
  amount_minor: amount,
  currency: 'EUR',
  owner_id: 'U1',
  ...more,
});
const lost = (id: string) => won(id, 100, { outcome: 'lost' });
const [official, march, april] = ['2026-02-15T12:00:00Z', '2026-03-15T12:00:00Z', '2026-04-15T12:00:00Z'];

describe('a restated figure tells what moved it', () => {
  it('late records, edits and deletions apart, by owner as for the company', async () => {
    await using workspace = await openWorkspace();
    await workspace.save({ deal: [won('a', 1000), won('b', 2000), lost('c'), lost('d')] });
    await workspace.evaluate(official, settings);
    await workspace.save({ deal: [won('late', 500), won('a', 1300)] });
    await workspace.remove('deal', ['c', 'b']);
    await workspace.evaluate(march, settings);
    const results = await workspace.results(march);
    for (const segment of ['company', 'owner:U1'])
      expect(pick(results, 'revenue_won', { period: '2026-01', segment }), segment).toMatchObject({
        num: 1800,
        stage: 'restated',
        restatement: {
          official: { num: 3000, value: 3000 },
          causes: [
            { cause: 'deletions', num: -2000, den: 0 },
            { cause: 'edits', num: 300, den: 0 },
            { cause: 'late', num: 500, den: 0 },
          ],
        },
      });
  });

  it('a deal that was open and is won with a stale close date is an edit', async () => {
    await using workspace = await openWorkspace();
    await workspace.save({
      deal: [won('a', 1), lost('b'), won('c', 1, { outcome: 'open', closed_on: null })],
    });
    await workspace.evaluate(official, settings);
    await workspace.save({ deal: [won('c', 1)] });
    await workspace.evaluate(march, settings);
    expect(pick(await workspace.results(march), 'win_rate', { period: '2026-01' })).toMatchObject({
      num: 2,
      den: 3,
      restatement: { causes: [{ cause: 'edits', num: 1, den: 1 }] },
    });
  });

  it('over several nights adds up to the way from the official figure', async () => {
    await using workspace = await openWorkspace();
    await workspace.save({ deal: [won('a', 1000)] });
    await workspace.evaluate(official, settings);
    await workspace.save({ deal: [won('late', 500)] });
    await workspace.evaluate(march, settings);
    await workspace.save({ deal: [won('late', 800), won('later', 1)] });
    await workspace.evaluate(april, settings);
    expect(pick(await workspace.results(april), 'revenue_won', { period: '2026-01' })).toMatchObject({
      num: 1801,
      restatement: {
        official: { num: 1000 },
        causes: [
          { cause: 'edits', num: 300, den: 0 },
          { cause: 'late', num: 501, den: 0 },
        ],
      },
    });
  });

  it('a record that is deleted and comes back has moved nothing in the end', async () => {
    await using workspace = await openWorkspace();
    await workspace.save({ deal: [won('a', 1000), won('b', 2000)] });
    await workspace.evaluate(official, settings);
    await workspace.remove('deal', ['b']);
    await workspace.evaluate(march, settings);
    await workspace.save({ deal: [won('b', 2000)] });
    await workspace.evaluate(april, settings);
    expect(pick(await workspace.results(april), 'revenue_won', { period: '2026-01' })).toMatchObject({
      num: 3000,
      stage: 'restated',
      restatement: { official: { num: 3000 }, causes: [] },
    });
  });

  it('another reporting currency is a matter of exchange rates', async () => {
    await using workspace = await openWorkspace();
    const rates = [{ id: 'usd', currency: 'USD', day: '2020-01-01', rate_to_base: 0.5 }];
    await workspace.save({ fx_rate: rates, deal: [won('a', 1000)] });
    await workspace.evaluate(official, settings);
    await workspace.evaluate(march, { ...settings, currency: 'USD' });
    expect(pick(await workspace.results(march), 'revenue_won', { period: '2026-01' })).toMatchObject({
      num: 2000,
      currency: 'USD',
      stage: 'restated',
      restatement: { official: { num: 1000, currency: 'EUR' }, causes: [{ cause: 'fx', num: 1000, den: 0 }] },
    });
  });

  it('an owner whose records are all gone is left with 0 beside what was official, night after night', async () => {
    await using workspace = await openWorkspace();
    await workspace.save({ deal: [won('a', 1000), won('b', 2000, { owner_id: 'U2' })] });
    await workspace.evaluate(official, settings);
    await workspace.save({ deal: [won('b', 2000)] });
    await workspace.evaluate(march, settings);
    for (const night of [march, april]) {
      await workspace.evaluate(night, settings);
      expect(
        pick(await workspace.results(night), 'revenue_won', { period: '2026-01', segment: 'owner:U2' }),
      ).toMatchObject({
        num: 0,
        n: 0,
        stage: 'restated',
        restatement: { official: { num: 2000 }, causes: [{ cause: 'edits', num: -2000, den: 0 }] },
      });
    }
    const again = await workspace.evaluate(april, settings, { afresh: true });
    expect(again.kpis.every(({ appended, withdrawn }) => appended + withdrawn === 0)).toBe(true);
  });

  it('what stood under the name of another fiscal year is told under the new one, its figures as published', async () => {
    await using workspace = await openWorkspace();
    await workspace.save({ deal: [won('a', 1000)] });
    const quarters = { ...settings, grains: ['quarter'] as const };
    await workspace.evaluate(april, quarters);
    const calendar = {
      timeZone: 'Europe/Madrid',
      weekStart: 'monday',
      fiscalYearStart: 4,
      fiscalYearName: 'end',
    } as const;
    const may = '2026-05-15T12:00:00Z';
    await workspace.evaluate(may, { ...quarters, calendar });
    const results = await workspace.results(may);
    expect(pick(results, 'revenue_won', { period: '2026-Q1' }).periodStart).toBe('2025-04-01');
    expect(pick(results, 'revenue_won', { period: '2026-Q4' })).toMatchObject({
      periodStart: '2026-01-01',
      num: 1000,
      stage: 'official',
    });
  });

  it('exchange rates, and what came late at the same time', async () => {
    await using workspace = await openWorkspace();
    const rate = (rate_to_base: number) => [{ id: 'usd', currency: 'USD', day: '2020-01-01', rate_to_base }];
    await workspace.save({ fx_rate: rate(0.5), deal: [won('a', 1000, { currency: 'USD' })] });
    await workspace.evaluate(official, settings);
    await workspace.save({ fx_rate: rate(0.6), deal: [won('late', 50)] });
    await workspace.evaluate(march, settings);
    expect(pick(await workspace.results(march), 'revenue_won', { period: '2026-01' })).toMatchObject({
      num: 650,
      restatement: {
        causes: [
          { cause: 'fx', num: 100, den: 0 },
          { cause: 'late', num: 50, den: 0 },
        ],
      },
    });
  });

  it('another definition', async () => {
    await using workspace = await openWorkspace();
    const own = (condition: string) => `/*
id: own
label: { en: Own, es: Propio }
unit: count   better: higher   kind: flow
*/
select source_id, 'deal' as object, id, closed_on as day, 1 as num from deal where ${condition}`;
    workspace.addKpi(own("outcome = 'won'"));
    await workspace.save({ deal: [won('a', 1), lost('b')] });
    await workspace.evaluate(official, { kpis: ['own'] });
    workspace.addKpi(own("outcome in ('won', 'lost')"));
    await workspace.evaluate(march, { kpis: ['own'] });
    expect(pick(await workspace.results(march), 'own', { period: '2026-01' })).toMatchObject({
      num: 2,
      flags: ['definition_changed'],
      restatement: { causes: [{ cause: 'definition', num: 1, den: 0 }] },
    });
  });
});
