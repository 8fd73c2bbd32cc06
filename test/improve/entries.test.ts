import { expect, it } from 'vitest';
import { type EntryTexts, entryTexts, readEntry } from '../../src/improve/entries.ts';
import { entrySource } from '../../src/model/entry.ts';
import { openWorkspace, pick } from '../evaluate/workspace.ts';

const rules = { currency: 'EUR', kpiIds: ['win_rate'], where: 'entry add' };
const cost: EntryTexts = {
  kind: 'cost',
  day: '2026-09-01',
  to: '2026-09-30',
  amount: '3000',
  purpose: 'Sales',
};

it('reads a cost in minor units of its currency', () => {
  expect(readEntry(cost, rules)).toMatchObject({
    kind: 'cost',
    from_on: '2026-09-01',
    to_on: '2026-09-30',
    amount_minor: 300_000,
    currency: 'EUR',
    purpose: 'sales',
  });
  expect(readEntry({ ...cost, amount: '3000', currency: 'jpy' }, rules).amount_minor).toBe(3000);
});

it.each([
  [{ kind: 'lunch' }, 'The kind is lunch.'],
  [{ ...cost, amount: undefined }, 'A cost needs amount.'],
  [{ ...cost, amount: '12,5' }, 'amount is 12,5, which is no number.'],
  [{ ...cost, day: '2026-02-30' }, 'day is 2026-02-30, which is no date.'],
  [{ ...cost, to: '2026-08-01' }, 'It ends on 2026-08-01, before 2026-09-01.'],
  [{ kind: 'training', day: '2026-09-01' }, 'A training needs person.'],
  [{ kind: 'quota', day: '2026-09-01', amount: '5' }, 'A quota needs person or team.'],
  [{ kind: 'benchmark', kpi: 'win', value: '1', origin: 'x' }, 'There is no KPI called win.'],
  [{ kind: 'benchmark', kpi: 'win_rate', value: '1' }, 'A benchmark needs origin.'],
])('refuses %j', (texts, message) => {
  expect(() => readEntry(texts, rules)).toThrow(message);
});

it('gives back what was entered, to be edited', () => {
  expect(readEntry({ ...entryTexts(readEntry(cost, rules), 3000), amount: '10' }, rules)).toEqual(
    readEntry({ ...cost, amount: '10' }, rules),
  );
});

it('counts an entry by its newest version, keeps the others, and takes one back', async () => {
  await using workspace = await openWorkspace();
  const { store } = workspace;
  const signal = new AbortController().signal;
  const at = (day: string) => Date.parse(`${day}T10:00:00Z`);
  const save = (amount: string, on: string, removed = false) =>
    store.saveEntries([
      { id: 'cost-1', at: at(on), author: 'Ana', removed, fields: readEntry({ ...cost, amount }, rules) },
    ]);
  const accounts = [{ id: 'A', name: 'A' }];
  const deal = [
    { id: 'D', outcome: 'won', account_id: 'A', closed_on: '2026-09-10', created_at: '2026-01-01T00:00:00Z' },
  ];
  await workspace.save({ account: accounts, deal });
  const cac = async () => {
    await store.keepEntriesCurrent(at('2026-11-20'));
    await store.derive(signal);
    await workspace.evaluate('2026-10-01T00:00:00+02:00');
    return pick(await workspace.results('2026-10-01T00:00:00+02:00'), 'cac', { period: '2026-09' }).value;
  };
  expect(await save('3000', '2026-10-02')).toBe(1);
  expect(await cac()).toBe(300_000);
  expect(await save('4500', '2026-10-03')).toBe(1);
  expect(await save('4500', '2026-10-04')).toBe(0);
  expect(await cac()).toBe(450_000);
  const versions = await store.entryVersions();
  expect(versions.map(({ version, fields }) => [version, fields.amount_minor])).toEqual([
    [1, 300_000],
    [2, 450_000],
  ]);
  await save('4500', '2026-10-05', true);
  expect(await cac()).toBeNull();
  expect((await store.entryVersions()).at(-1)).toMatchObject({ version: 3, removed: true });
});

it('is no connection of its own', async () => {
  await using workspace = await openWorkspace();
  await workspace.save({
    actor: [{ id: 'U', name: 'U', kind: 'user', active: 1, created_at: '2025-01-01T00:00:00Z' }],
  });
  const training = readEntry({ kind: 'training', day: '2026-09-03', person: 'U' }, rules);
  await workspace.store.saveEntries([
    { id: 'training-1', at: 1, author: 'Ana', removed: false, fields: training },
  ]);
  await workspace.store.keepEntriesCurrent(Date.parse('2026-11-20T10:00:00Z'));
  await workspace.store.derive(new AbortController().signal);
  await workspace.evaluate('2026-10-01T00:00:00+02:00');
  const results = await workspace.results('2026-10-01T00:00:00+02:00');
  expect(pick(results, 'training_coverage', { period: '2026-09' }).value).toBe(1);
  expect(results.filter(({ segment }) => segment.id === entrySource)).toEqual([]);
});
