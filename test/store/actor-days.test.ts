import { expect, it } from 'vitest';
import { at, openTempStore, signal, syncedAt, type TempStore } from './temp-store.ts';

const call = (id: string, created: string, more = {}) => ({
  id,
  kind: 'call',
  created_at: at(created),
  created_by_id: 'u',
  ...more,
});

const days = ({ sql }: TempStore) =>
  sql<{ actor_id: string; day: string; writes: number; first_at: number }>(
    'SELECT actor_id, day, writes, first_at FROM actor_day ORDER BY actor_id, day',
  ).map(({ actor_id, day, writes, first_at }) => [
    actor_id,
    day,
    writes,
    new Date(first_at).toISOString().slice(11, 16),
  ]);

async function derive(temp: TempStore): Promise<void> {
  await temp.store.derive(signal);
}

it('who created or changed what, by local day', async () => {
  await using temp = await openTempStore();
  await temp.fill({
    activity: [
      call('a', '2026-01-10T22:59:00Z'),
      call('b', '2026-01-10T23:00:00Z'),
      call('c', '2026-01-11T09:00:00Z'),
    ],
    deal: [{ id: 'd', outcome: 'open', created_at: at('2026-01-11T08:00:00Z'), created_by_id: 'v' }],
    change: [
      {
        id: 'h',
        object: 'deal',
        record_id: 'd',
        field: 'amount_minor',
        at: at('2026-01-11T10:00:00Z'),
        actor_id: 'v',
      },
    ],
  });
  expect(days(temp)).toEqual([
    ['u', '2026-01-10', 1, '22:59'],
    ['u', '2026-01-11', 2, '23:00'],
    ['v', '2026-01-11', 2, '08:00'],
  ]);
});

it('what a rule made, and what was deleted or is a test, is nobody’s work', async () => {
  await using temp = await openTempStore();
  await temp.fill({
    activity: [
      call('a', '2026-01-10T10:00:00Z', { automated: 1 }),
      call('b', '2026-01-10T10:00:00Z', { is_test: 1 }),
      call('c', '2026-01-10T10:00:00Z'),
    ],
  });
  await temp.save('activity', { deleted: [{ id: 'c', at: syncedAt }] });
  await derive(temp);
  expect(days(temp)).toEqual([]);
});

it('later nights add and take off', async () => {
  await using temp = await openTempStore();
  await temp.fill({ activity: [call('a', '2026-01-10T10:00:00Z'), call('b', '2026-01-10T12:00:00Z')] });
  await temp.save('activity', {
    rows: [call('c', '2026-01-10T08:00:00Z'), call('d', '2026-01-12T08:00:00Z')],
  });
  await derive(temp);
  expect(days(temp)).toEqual([
    ['u', '2026-01-10', 3, '08:00'],
    ['u', '2026-01-12', 1, '08:00'],
  ]);
  await temp.save('activity', { rows: [call('d', '2026-01-12T08:00:00Z', { created_by_id: 'v' })] });
  await derive(temp);
  expect(days(temp)).toEqual([
    ['u', '2026-01-10', 3, '08:00'],
    ['v', '2026-01-12', 1, '08:00'],
  ]);
});

it('where the first one of a day goes, the next is looked up', async () => {
  await using temp = await openTempStore();
  await temp.fill({
    activity: [
      call('a', '2026-01-10T10:00:00Z'),
      call('b', '2026-01-10T12:00:00Z'),
      call('o', '2026-01-09T07:00:00Z'),
    ],
    ticket: [{ id: 't', created_at: at('2026-01-10T11:00:00Z'), created_by_id: 'u' }],
  });
  await temp.save('activity', { deleted: [{ id: 'a', at: syncedAt }] });
  await derive(temp);
  expect(days(temp)).toEqual([
    ['u', '2026-01-09', 1, '07:00'],
    ['u', '2026-01-10', 2, '11:00'],
  ]);
});

it('an equal row, read again, counts once', async () => {
  await using temp = await openTempStore();
  await temp.fill({ activity: [call('a', '2026-01-10T10:00:00Z')] });
  await temp.save('activity', { rows: [call('a', '2026-01-10T10:00:00Z', { subject: 'moved' })] });
  await derive(temp);
  expect(days(temp)).toEqual([['u', '2026-01-10', 1, '10:00']]);
});

it('in another time zone the days are others', async () => {
  await using temp = await openTempStore();
  await temp.fill({ activity: [call('a', '2026-01-10T23:30:00Z')] });
  expect(days(temp)).toEqual([['u', '2026-01-11', 1, '23:30']]);
  await using again = await openTempStore({ timeZone: 'UTC', path: temp.path });
  await derive(again);
  expect(days(again)).toEqual([['u', '2026-01-10', 1, '23:30']]);
});

it('an agent is whoever ever had a ticket, until none is left', async () => {
  await using temp = await openTempStore();
  const agents = () => temp.sql('SELECT owner_id, tickets FROM ticket_agent ORDER BY owner_id');
  const ticket = (id: string, owner_id: string) => ({ id, owner_id, created_at: at('2026-01-10') });
  await temp.fill({ ticket: [ticket('s', 'u'), ticket('t', 'u'), ticket('w', 'v')] });
  expect(agents()).toEqual([
    { owner_id: 'u', tickets: 2 },
    { owner_id: 'v', tickets: 1 },
  ]);
  await temp.save('ticket', { rows: [ticket('t', 'x')], deleted: [{ id: 'w', at: syncedAt }] });
  await derive(temp);
  expect(agents()).toEqual([
    { owner_id: 'u', tickets: 1 },
    { owner_id: 'x', tickets: 1 },
  ]);
});

it('a connection tells replies while one of its living tickets has one', async () => {
  await using temp = await openTempStore();
  const told = () => temp.sql('SELECT source_id, object, field FROM told_field');
  const ticket = (id: string, replyAt: number | null) => ({
    id,
    created_at: at('2026-01-10'),
    first_reply_at: replyAt,
  });
  await temp.fill({ ticket: [ticket('s', null)] });
  expect(told()).toEqual([]);
  await temp.fill({ ticket: [ticket('t', at('2026-01-11'))] });
  expect(told()).toEqual([{ source_id: 'crm', object: 'ticket', field: 'first_reply_at' }]);
  await temp.save('ticket', { deleted: [{ id: 't', at: syncedAt }] });
  await derive(temp);
  expect(told()).toEqual([]);
});
