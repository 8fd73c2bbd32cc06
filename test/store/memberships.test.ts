import { expect, it } from 'vitest';
import { openTempStore, type TempStore } from './temp-store.ts';

const team = (teamId: string, primary = true) => ({ teamId, primary });

async function see(
  temp: TempStore,
  teams: readonly { teamId: string; primary: boolean }[],
  { claimed, now }: { claimed: number; now: number },
): Promise<void> {
  await temp.save('actor', { memberships: [{ actorId: 'u', at: claimed, teams }], syncedAt: now });
}

async function succeed(temp: TempStore, now: number): Promise<void> {
  const key = { connection: 'crm', stream: 'actor' };
  await temp.store.finishStream(key, { at: now, error: null, fix: null, theirs: null });
}

const spans = async ({ store }: TempStore) =>
  (await store.memberships()).map(({ teamId, primary, from, to }) => [teamId, primary, from, to]);

it('the first membership seen holds since ever', async () => {
  await using temp = await openTempStore();
  await see(temp, [team('sales')], { claimed: 500, now: 1000 });
  expect(await spans(temp)).toEqual([['sales', true, null, null]]);
});

it('a change closes the old membership and opens the new one', async () => {
  await using temp = await openTempStore();
  await see(temp, [team('sales')], { claimed: 500, now: 1000 });
  await succeed(temp, 1000);
  await see(temp, [team('service')], { claimed: 1500, now: 2000 });
  expect(await spans(temp)).toEqual([
    ['sales', true, null, 1500],
    ['service', true, 1500, null],
  ]);
});

it('the same input twice changes nothing', async () => {
  await using temp = await openTempStore();
  await see(temp, [team('sales'), team('extra', false)], { claimed: 500, now: 1000 });
  await succeed(temp, 1000);
  const before = await spans(temp);
  await see(temp, [team('extra', false), team('sales')], { claimed: 1500, now: 2000 });
  expect(await spans(temp)).toEqual(before);
});

it('a modification older than the last pass that saw the old membership counts from now', async () => {
  await using temp = await openTempStore();
  await see(temp, [team('sales')], { claimed: 500, now: 1000 });
  await succeed(temp, 1000);
  await see(temp, [team('service')], { claimed: 900, now: 2000 });
  expect(await spans(temp)).toEqual([
    ['sales', true, null, 2000],
    ['service', true, 2000, null],
  ]);
});

it('a modification in the future counts from now', async () => {
  await using temp = await openTempStore();
  await see(temp, [team('sales')], { claimed: 500, now: 1000 });
  await see(temp, [team('service')], { claimed: 9000, now: 2000 });
  expect((await spans(temp)).at(-1)).toEqual(['service', true, 2000, null]);
});

it('modifications that come out of order never give a span that ends before it begins', async () => {
  await using temp = await openTempStore();
  await see(temp, [team('a')], { claimed: 100, now: 1000 });
  await see(temp, [team('b')], { claimed: 800, now: 1000 });
  await see(temp, [team('c')], { claimed: 300, now: 1000 });
  expect(await spans(temp)).toEqual([
    ['a', true, null, 800],
    ['c', true, 800, null],
  ]);
});

it('a team that becomes the primary one is a change of that team only', async () => {
  await using temp = await openTempStore();
  await see(temp, [team('a'), team('b', false), team('c', false)], { claimed: 100, now: 1000 });
  await succeed(temp, 1000);
  await see(temp, [team('a', false), team('b'), team('c', false)], { claimed: 1500, now: 2000 });
  expect(await spans(temp)).toEqual([
    ['a', true, null, 1500],
    ['b', false, null, 1500],
    ['c', false, null, null],
    ['a', false, 1500, null],
    ['b', true, 1500, null],
  ]);
});

it('leaving every team and coming back leaves a gap', async () => {
  await using temp = await openTempStore();
  await see(temp, [team('a')], { claimed: 100, now: 1000 });
  await see(temp, [], { claimed: 1200, now: 1300 });
  await see(temp, [team('a')], { claimed: 1500, now: 1600 });
  expect(await spans(temp)).toEqual([
    ['a', true, null, 1200],
    ['a', true, 1500, null],
  ]);
});
