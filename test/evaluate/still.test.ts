import { expect, it } from 'vitest';
import type { EvaluateSettings } from '../../src/evaluate/desk.ts';
import type { EvaluateReport } from '../../src/evaluate/evaluate.ts';
import { openHandle } from '../../src/store/database.ts';
import { goalOf } from '../model/samples.ts';
import { closedCases, closedDeals } from './records.ts';
import { type LooseRow, openWorkspace, pick, type Workspace } from './workspace.ts';

const asOf = '2026-08-20T12:00:00Z';
const kpis = ['deals_won', 'cases_created', 'open_deals', 'field_fill_rate'];
const deals = ['2026-05-10', '2026-06-10', '2026-07-10', '2026-08-10'].flatMap((day) =>
  closedDeals(day, { won: 3, lost: 1, owner: 'u1' }).map((deal) => ({
    ...deal,
    id: String(deal.id),
    created_at: `${day}T00:00:00Z`,
  })),
);
const records = {
  deal: deals,
  ticket: closedCases('2026-07-02', 4, 3),
  actor: [{ id: 'u1', kind: 'user', active: 1 }],
};

interface Step {
  readonly change?: (workspace: Workspace) => Promise<void> | void;
  readonly settings?: Partial<EvaluateSettings>;
  readonly at?: string;
}

/** Lives through all steps, an evaluation after each. */
async function live(steps: readonly Step[], afresh: boolean) {
  await using workspace = await openWorkspace();
  await workspace.save(records);
  const reports: EvaluateReport[] = [];
  let last = asOf;
  for (const { change, settings = {}, at = asOf } of [{}, ...steps] as readonly Step[]) {
    await change?.(workspace);
    reports.push(await workspace.evaluate(at, { kpis, history: 6, ...settings }, { afresh }));
    last = at;
  }
  const results = (await workspace.results(last)).map(
    ({ id: _, supersedes: __, restatement: ___, ...result }) => result,
  );
  const computed = Object.fromEntries(
    (reports.at(-1)?.kpis ?? []).map((tally) => [tally.kpi, tally.results]),
  );
  return { results, computed };
}

/** The same as when everything is read. */
async function liveAlike(steps: readonly Step[]) {
  const [changed, whole] = [await live(steps, false), await live(steps, true)];
  expect(changed.results).toEqual(whole.results);
  return changed;
}

const edit = (row: LooseRow, table = 'deal') => ({
  change: (workspace: Workspace) => workspace.save({ [table]: [row] }),
});
const [firstDeal] = deals;
const [aCase] = records.ticket;

it('of a KPI nothing is computed, nor its cells unpacked, where nothing that it rests on moved', async () => {
  await using workspace = await openWorkspace();
  await workspace.save(records);
  await workspace.evaluate(asOf, { kpis });
  const handle = openHandle(workspace.file);
  // What follows the head of a state is cut off: whoever reads it fails.
  handle.exec(
    "UPDATE evaluation_state SET body = substr(body, 1, length(body) - 40) WHERE key = 'deals_won'",
  );
  handle.close();
  await workspace.save({ ticket: [{ ...aCase, created_at: '2026-06-02T08:00:00Z' }] });
  const { kpis: tallies } = await workspace.evaluate(asOf, { kpis });
  const computed = new Map(tallies.map((tally) => [tally.kpi, tally.results]));
  expect(computed.get('deals_won')).toBe(0);
  expect(computed.get('cases_created')).toBeGreaterThan(0);
});

it('an edited deal moves the KPIs of deals alone, and what is noted of its fields', async () => {
  const { computed, results } = await liveAlike([edit({ ...firstDeal, outcome: 'lost', source: 'web' })]);
  expect(computed.cases_created).toBe(0);
  expect(computed.deals_won).toBeGreaterThan(0);
  expect(pick(results as never, 'deals_won', { period: '2026-05' }).num).toBe(2);
});

it('a record read again without a change moves nothing', async () => {
  const { computed } = await liveAlike([edit({ ...firstDeal, outcome: 'won' }), edit({ ...firstDeal })]);
  expect(computed).toMatchObject({ deals_won: 0, cases_created: 0, open_deals: 0 });
});

it('another goal is judged where no record moved', async () => {
  const goals = [goalOf({ kpi: 'deals_won', targets: { kind: 'constant', value: 3 } })];
  const { results } = await liveAlike([{ settings: { goals } }]);
  expect(pick(results as never, 'deals_won', { period: '2026-07' })).toMatchObject({
    num: 3,
    status: 'on_target',
  });
});

it('a goal that stays is judged again only where something moved', async () => {
  const goals = [goalOf({ kpi: 'deals_won', targets: { kind: 'constant', value: 3 } })];
  const { computed } = await liveAlike([{ settings: { goals } }, { settings: { goals } }]);
  expect(computed.deals_won).toBe(0);
});

it('a changed KPI file is computed anew', async () => {
  const file = (condition: string) => `/*
id: big_deals
label: { en: Big deals, es: Grandes }
description: { en: Deals., es: Oportunidades. }
domain: sales   unit: count   better: higher   kind: flow
dimensions: [owner]
*/
select source_id, 'deal' as object, id, closed_on as day, 1 as num from deal where ${condition}`;
  const write = (condition: string): Step => ({
    change: (workspace) => workspace.addKpi(file(condition)),
    settings: { kpis: ['big_deals'] },
  });
  const { results } = await liveAlike([write("outcome = 'won'"), write("outcome = 'lost'")]);
  expect(pick(results as never, 'big_deals', { period: '2026-07' }).num).toBe(1);
});

it('a period that turned is computed where no record moved', async () => {
  const { results } = await liveAlike([{ at: '2026-09-02T12:00:00Z' }]);
  expect(pick(results as never, 'deals_won', { period: '2026-08' })).toMatchObject({
    num: 3,
    complete: true,
  });
  expect(pick(results as never, 'deals_won', { period: '2026-09' }).num).toBe(0);
});

it('what lies before the first record follows it, earlier and later', async () => {
  // Figures of July may still change.
  const at = '2026-08-08T12:00:00Z';
  const late = deals.filter(({ created_at: createdAt }) => createdAt < '2026-08').map(({ id }) => id);
  const begin: Step = { at, change: (workspace) => workspace.remove('deal', late) };
  const early = { id: 'early', outcome: 'open', created_at: '2026-07-04T00:00:00Z' };
  const comes: Step = { at, ...edit(early) };
  const goes: Step = { at, change: (workspace) => workspace.remove('deal', ['early']) };
  const flagsAfter = async (steps: readonly Step[]) => {
    const { results } = await liveAlike([begin, ...steps]);
    return pick(results as never, 'deals_won', { period: '2026-07' }).flags;
  };
  expect(await flagsAfter([])).toEqual(['before_first_record']);
  expect(await flagsAfter([comes])).toEqual([]);
  expect(await flagsAfter([comes, goes])).toEqual(['before_first_record']);
});

it('what is noted of fields follows what was written, also after an evaluation that broke off', async () => {
  const notes = async (afresh: boolean) => {
    await using workspace = await openWorkspace();
    await workspace.save(records);
    await workspace.evaluate(asOf, { kpis }, { afresh });
    await workspace.save({
      deal: [
        { ...firstDeal, outcome: 'open', closed_on: null, source: 'web' },
        { id: 'new', outcome: 'open', created_at: '2026-08-01T00:00:00Z' },
      ],
    });
    await workspace.remove('ticket', [String(aCase?.id)]);
    // As far as one came that broke off.
    const day = '2026-08-20';
    if (!afresh) await workspace.store.captureFill({ day, asOf: Date.parse(asOf), again: true });
    await workspace.evaluate(asOf, { kpis }, { afresh });
    const handle = openHandle(workspace.file);
    const rows = handle.prepare('SELECT * FROM field_fill ORDER BY object, owner_id, pipeline').all();
    handle.close();
    return rows;
  };
  expect(await notes(false)).toEqual(await notes(true));
});
