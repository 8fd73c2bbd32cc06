import { expect, it } from 'vitest';
import { at, openTempStore, signal, type TempStore } from './temp-store.ts';

const days = ({ sql }: TempStore) =>
  sql('SELECT id, created_on, closed_on, expected_close_on FROM deal ORDER BY id');

it('days follow from instants in the business zone, around both clock changes', async () => {
  await using temp = await openTempStore({ timeZone: 'Europe/Madrid' });
  // 29 March has 23 hours, 25 October has 25.
  const instants = [
    ['2026-03-28T22:59:59Z', '2026-03-28'],
    ['2026-03-28T23:00:00Z', '2026-03-29'],
    ['2026-03-29T21:59:59Z', '2026-03-29'],
    ['2026-03-29T22:00:00Z', '2026-03-30'],
    ['2026-10-24T21:59:59Z', '2026-10-24'],
    ['2026-10-24T22:00:00Z', '2026-10-25'],
    ['2026-10-25T22:59:59Z', '2026-10-25'],
    ['2026-10-25T23:00:00Z', '2026-10-26'],
  ] as const;
  const rows = instants.map(([instant], index) => ({ id: `d${index}`, created_at: at(instant) }));
  await temp.save('deal', { rows });
  expect(days(temp).map(({ created_on }) => created_on)).toEqual(instants.map(([, day]) => day));
});

it('a day without an instant stands as the CRM gave it', async () => {
  await using temp = await openTempStore();
  const rows = [{ id: 'd', closed_at: null, closed_on: '2026-03-01', expected_close_on: '2026-02-28' }];
  await temp.save('deal', { rows });
  expect(days(temp)).toEqual([
    { id: 'd', created_on: null, closed_on: '2026-03-01', expected_close_on: '2026-02-28' },
  ]);
});

it('an instant that is emptied empties its day', async () => {
  await using temp = await openTempStore();
  await temp.save('deal', { rows: [{ id: 'd', closed_at: at('2026-03-01T12:00:00Z') }] });
  await temp.save('deal', { rows: [{ id: 'd', closed_at: null }] });
  expect(days(temp)).toMatchObject([{ closed_on: null }]);
});

it('another business zone moves the days that follow from instants, and only those', async () => {
  await using temp = await openTempStore({ timeZone: 'Europe/Madrid' });
  await temp.store.localize();
  const instant = at('2026-03-28T23:30:00Z');
  const row = { id: 'd', created_at: instant, closed_at: instant, expected_close_on: '2026-03-29' };
  await temp.save('deal', { rows: [row] });
  await temp.store.derive(signal);
  expect(days(temp)).toMatchObject([{ created_on: '2026-03-29', closed_on: '2026-03-29' }]);

  await using moved = await openTempStore({ timeZone: 'America/New_York', path: temp.path });
  await moved.store.localize();
  expect(days(moved)).toEqual([
    { id: 'd', created_on: '2026-03-28', closed_on: '2026-03-28', expected_close_on: '2026-03-29' },
  ]);
  expect(await moved.store.derive(signal)).toBe(1);
});

it('the same zone again moves nothing', async () => {
  await using temp = await openTempStore();
  await temp.store.localize();
  await temp.fill({ deal: [{ id: 'd', created_at: at('2026-03-28') }] });
  await temp.store.localize();
  expect(await temp.store.derive(signal)).toBe(0);
});
