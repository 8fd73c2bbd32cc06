import { describe, expect, it } from 'vitest';
import { openWorkspace, pick } from './workspace.ts';

/** A mailing in each month, 100 delivered: 20 opens until April 2026, 60 from May on. */
const sends = Array.from({ length: 16 }, (_, i) => {
  const month = `${2025 + Math.floor(i / 12)}-${String((i % 12) + 1).padStart(2, '0')}`;
  const opens = (month < '2026-05' ? 20 : 60) + (i % 3);
  return {
    id: month,
    sent_at: `${month}-20T10:00:00Z`,
    sent: 100,
    delivered: 100,
    opens_unique: opens,
    clickers_unique: 5,
    bounced: 2,
  };
});
const asOf = '2026-05-28T12:00:00Z';
const kpis = ['email_open_rate', 'email_bounce_rate'];
const sent = [
  ...sends,
  { id: '2026-05', sent_at: '2026-05-20T10:00:00Z', sent: 100, delivered: 100, opens_unique: 60, bounced: 2 },
];

describe('switching off the filter against software that opens mails', () => {
  const connections = [{ name: 'crm', emailBotFilter: [{ since: '2026-05-01', on: false }] }] as never;

  it('begins a new definition, said in the period in which it fell', async () => {
    await using workspace = await openWorkspace();
    await workspace.save({ email_stat: sent });
    await workspace.evaluate(asOf, { kpis, connections });
    const results = await workspace.results(asOf);
    const [april, may] = ['2026-04', '2026-05'].map((period) => pick(results, 'email_open_rate', { period }));
    expect(may?.definitionVersion).not.toBe(april?.definitionVersion);
    expect(april).toMatchObject({ flags: [] });
    expect(may).toMatchObject({ flags: ['definition_changed'] });
    const bounces = results.filter(({ kpi }) => kpi === 'email_bounce_rate');
    expect(new Set(bounces.map(({ definitionVersion }) => definitionVersion)).size).toBe(1);
    expect(bounces.flatMap(({ flags }) => flags)).toEqual([]);
  });

  it('is no improvement, and what was before it is neither trend nor baseline of what comes after', async () => {
    const later = '2026-07-20T12:00:00Z';
    const more = ['2026-06', '2026-07'].map((month) => ({
      ...{ id: month, sent_at: `${month}-05T10:00:00Z`, sent: 100, delivered: 100, opens_unique: 61 },
    }));
    const compute = async (settings: object) => {
      await using workspace = await openWorkspace();
      await workspace.save({ email_stat: [...sent, ...more] });
      await workspace.evaluate(later, { kpis, history: 24, ...settings });
      const results = await workspace.results(later);
      return ['2026-05', '2026-06'].map((period) => pick(results, 'email_open_rate', { period }));
    };
    const [mayUntold, juneUntold] = await compute({});
    expect(mayUntold).toMatchObject({ movement: 'improved' });
    expect(juneUntold?.trend?.n).toBeGreaterThan(12);
    const [may, june] = await compute({ connections });
    expect(may).toMatchObject({ movement: 'no_evidence' });
    expect(june).toMatchObject({ movement: 'no_evidence', trend: null });
  });

  it('and on again goes back to the first one', async () => {
    await using workspace = await openWorkspace();
    await workspace.save({ email_stat: sent });
    const turns = [
      { since: '2025-06-01', on: false },
      { since: '2025-09-01', on: true },
    ];
    await workspace.evaluate(asOf, { kpis, connections: [{ name: 'crm', emailBotFilter: turns }] as never });
    const results = await workspace.results(asOf);
    const version = (period: string) => pick(results, 'email_open_rate', { period }).definitionVersion;
    expect(version('2025-09')).toBe(version('2026-03'));
    expect(version('2025-07')).not.toBe(version('2026-03'));
  });
});
