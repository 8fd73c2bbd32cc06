import { expect, it } from 'vitest';
import { change, deal, derive, january, stage, stages, states } from './deal-history.ts';
import { openTempStore, signal } from './temp-store.ts';

it('a deletion removes the states, a restored deal has them again', async () => {
  await using temp = await derive(deal());
  await temp.save('deal', { deleted: [{ id: 'd', at: january(30) }] });
  expect(await temp.store.derive(signal)).toBe(1);
  expect(states(temp)).toEqual([]);
  await temp.fill({ deal: [deal()] });
  expect(states(temp)).toHaveLength(1);
});

it.each([
  ['merged', { merged: [{ id: 'd', into: 'e' }] }],
  ['missing from the whole set', { complete: [] }],
  ['marked as a test', { rows: [deal({ is_test: 1 })] }],
])('a deal that is %s has no states', async (_, batch) => {
  await using temp = await derive(deal());
  await temp.save('deal', batch);
  await temp.store.derive(signal);
  expect(states(temp)).toEqual([]);
});

it('a change that is taken back counts no more', async () => {
  const moved = change(10, 'stage', 'offer', 'new');
  await using temp = await derive(deal({ updated_at: january(4) }), [change(5, 'stage', 'new'), moved]);
  await temp.save('change', { deleted: [{ id: String(moved.id), at: january(11) }] });
  await temp.store.derive(signal);
  expect(states(temp)).toEqual([['01-05', null, 'open', 'new', 0]]);
});

it('a stage that begins to mean something else derives its deals anew, a new label does not', async () => {
  await using temp = await derive(deal({ stage: 'won', outcome: 'won', closed_at: january(20) }), [
    change(5, 'stage', 'new'),
    change(10, 'stage', 'offer', 'new'),
    change(20, 'stage', 'won', 'offer'),
  ]);
  await temp.save('stage', { rows: [{ ...stage('offer', 0, 0), label: 'Proposal' }] });
  expect(await temp.store.derive(signal)).toBe(0);
  await temp.save('stage', { rows: [stage('offer', 1, 0)] });
  expect(await temp.store.derive(signal)).toBe(1);
  expect(states(temp).map(([from, , outcome]) => [from, outcome])).toEqual([
    ['01-05', 'open'],
    ['01-10', 'lost'],
    ['01-20', 'won'],
  ]);
});

it('the same stage key means in each connection what that one says', async () => {
  await using temp = await openTempStore();
  const history = [change(5, 'stage', 'won')];
  await temp.fill({ stage: stages, deal: [deal({ stage: 'won' })], change: history });
  await temp.save('stage', { rows: [stage('won', 0, 0)], source: 'other' });
  await temp.save('deal', { rows: [deal({ stage: 'won' })], source: 'other' });
  await temp.save('change', { rows: history, source: 'other' });
  await temp.store.derive(signal);
  const outcomes = temp.sql("SELECT outcome, inferred FROM deal_state WHERE source_id = 'other'");
  expect(outcomes).toEqual([{ outcome: 'open', inferred: 0 }]);
});

it('deriving again finds nothing to do', async () => {
  await using temp = await derive(deal(), [change(5, 'stage', 'new')]);
  expect(await temp.store.derive(signal)).toBe(0);
  await temp.save('deal', { rows: [deal()] });
  expect(await temp.store.derive(signal)).toBe(0);
});

it('stopped half way and finished later equals undisturbed', async () => {
  const many = Array.from({ length: 1203 }, (_, index) => deal({ id: `d${index}` }));
  await using undisturbed = await openTempStore();
  await undisturbed.fill({ stage: stages, deal: many });
  await using temp = await openTempStore();
  await temp.save('stage', { rows: stages });
  await temp.save('deal', { rows: many });
  const stop = new AbortController();
  const stopped = temp.store.derive(stop.signal);
  stop.abort(new Error('stop'));
  await expect(stopped).rejects.toThrow('stop');
  const half = states(temp).length;
  expect(half).toBeGreaterThan(0);
  expect(half).toBeLessThan(many.length);
  expect(await temp.store.derive(signal)).toBe(many.length - half);
  const all = 'SELECT * FROM deal_state ORDER BY id, from_at';
  expect(temp.sql(all)).toEqual(undisturbed.sql(all));
});
