import { expect, it } from 'vitest';
import { type LooseRow, openTempStore, type TempStore } from './temp-store.ts';

const march = (day: number): number => Date.UTC(2026, 2, day, 9);

const statuses: readonly LooseRow[] = [
  { id: 'n', object: 'ticket', pipeline: 'p', key: 'new', is_closed: 0 },
  { id: 'c', object: 'ticket', pipeline: 'p', key: 'closed', is_closed: 1 },
];

function ticket(row: LooseRow = {}): LooseRow {
  const open = { id: 't', pipeline: 'p', status: 'new', is_closed: 0, priority: 'high', owner_id: 'queue' };
  return { ...open, created_at: march(2), updated_at: march(2), last_closed_at: null, due_at: null, ...row };
}

function change(day: number, field: string, to: string, from: string | null = null): LooseRow {
  const id = `${day}:${field}`;
  return { id, object: 'ticket', record_id: 't', field, at: march(day), from_value: from, to_value: to };
}

const dayOf = (instant: unknown) => (instant === null ? null : new Date(Number(instant)).getUTCDate());

async function derive(record: LooseRow, changes: readonly LooseRow[] = []): Promise<TempStore> {
  const temp = await openTempStore();
  await temp.fill({ stage: statuses, ticket: [record], change: changes });
  return temp;
}

const states = ({ sql }: TempStore) =>
  sql('SELECT from_at, to_at, is_closed, status, owner_id, inferred FROM ticket_state ORDER BY from_at').map(
    (row) => [dayOf(row.from_at), dayOf(row.to_at), row.is_closed, row.status, row.owner_id, row.inferred],
  );

it('moves, hand-overs and reopenings are states', async () => {
  await using temp = await derive(
    ticket({
      status: 'closed',
      is_closed: 1,
      owner_id: 'ann',
      last_closed_at: march(9),
      updated_at: march(9),
    }),
    [
      change(2, 'status', 'new'),
      change(3, 'owner_id', 'ann', 'queue'),
      change(5, 'status', 'closed', 'new'),
      change(7, 'status', 'new', 'closed'),
      change(9, 'status', 'closed', 'new'),
    ],
  );
  expect(states(temp)).toEqual([
    [2, 3, 0, 'new', 'queue', 0],
    [3, 5, 0, 'new', 'ann', 0],
    [5, 7, 1, 'closed', 'ann', 0],
    [7, 9, 0, 'new', 'ann', 0],
    [9, null, 1, 'closed', 'ann', 0],
  ]);
});

it('without a history only open and closed are concluded', async () => {
  await using temp = await derive(ticket({ status: 'closed', is_closed: 1, last_closed_at: march(9) }));
  expect(states(temp)).toEqual([
    [2, 9, 0, null, 'queue', 1],
    [9, null, 1, 'closed', 'queue', 1],
  ]);
});

it('a ticket reopened without a trace is open', async () => {
  await using temp = await derive(ticket({ updated_at: march(8) }), [
    change(2, 'status', 'new'),
    change(5, 'status', 'closed', 'new'),
  ]);
  expect(states(temp).map(([from, , closed]) => [from, closed])).toEqual([
    [2, 0],
    [5, 1],
    [8, 0],
  ]);
});

it('a deadline that moved is the one of the time', async () => {
  await using temp = await derive(ticket({ due_at: march(20), updated_at: march(4) }), [
    change(2, 'status', 'new'),
    change(4, 'due_at', String(march(20)), String(march(10))),
  ]);
  expect(temp.sql('SELECT due_at FROM ticket_state ORDER BY from_at')).toEqual([
    { due_at: march(10) },
    { due_at: march(20) },
  ]);
});

it('a deal and a ticket of the same id do not mix', async () => {
  await using temp = await openTempStore();
  await temp.fill({
    stage: statuses,
    ticket: [ticket()],
    deal: [{ id: 't', outcome: 'open', created_at: march(1) }],
    change: [change(4, 'status', 'closed', 'new')],
  });
  expect(temp.sql('SELECT count(*) AS n FROM deal_state')).toEqual([{ n: 1 }]);
});
