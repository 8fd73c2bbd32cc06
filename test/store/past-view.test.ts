import { expect, it } from 'vitest';
import type { SqlValue } from '../../src/model/entities.ts';
import { createZone } from '../../src/model/zone.ts';
import { type LooseRow, openWorkspace, type Workspace } from '../evaluate/workspace.ts';

const zone = createZone('Europe/Madrid');
/** The end of March. */
const asOf = Date.parse('2026-03-31T22:00:00Z');

async function readPast(workspace: Workspace, sql: string): Promise<readonly (readonly SqlValue[])[]> {
  using view = await workspace.store.pastView(asOf, zone);
  if (view === null) throw new Error('nothing is later');
  const rows: (readonly SqlValue[])[] = [];
  for await (const chunk of view.rows({ sql, params: {} })) rows.push(...chunk);
  return rows;
}

const stage = [
  { id: 's1', object: 'deal', pipeline: 'p', key: 'offer', position: 1, is_closed: 0 },
  { id: 's2', object: 'deal', pipeline: 'p', key: 'won', position: 2, is_closed: 1, is_won: 1 },
];

/** One change of a field of D1 after the other. */
const historyOf = (
  field: string,
  steps: readonly (readonly [at: string, value: string | number])[],
): LooseRow[] =>
  steps.map(([at, value], place) => ({
    id: `${field}${place}`,
    object: 'deal',
    record_id: 'D1',
    field,
    at: Date.parse(at),
    from_value: place === 0 ? null : String(steps[place - 1]?.[1]),
    to_value: String(value),
  }));

const reopened = {
  id: 'D1',
  account_id: 'A',
  created_at: '2026-01-10T09:00:00Z',
  updated_at: '2026-04-12T09:00:00Z',
  pipeline: 'p',
  stage: 'offer',
  outcome: 'open',
  amount_minor: 70_000,
  currency: 'EUR',
};
const stageSteps = historyOf('stage', [
  ['2026-01-10T09:00:00Z', 'offer'],
  ['2026-03-07T09:00:00Z', 'won'],
  ['2026-04-12T09:00:00Z', 'offer'],
]);
const closedRow = {
  id: 'D0',
  created_at: '2026-01-01T00:00:00Z',
  updated_at: '2026-02-02T09:00:00Z',
  pipeline: 'p',
  stage: 'won',
  outcome: 'won',
};
const dealSql = "select outcome, stage, amount_minor, closed_on from deal where id = 'D1'";

it('a deal that was opened again had the close date that its CRM keeps in one field', async () => {
  await using workspace = await openWorkspace();
  const dates = historyOf('expected_close_on', [
    ['2026-01-10T09:00:00Z', '2026-03-31'],
    ['2026-03-07T09:00:00Z', '2026-03-05'],
    ['2026-04-12T09:00:00Z', '2026-06-30'],
  ]);
  await workspace.save({
    stage,
    deal: [
      { ...reopened, expected_close_on: '2026-06-30' },
      { ...closedRow, closed_on: '2026-02-02', expected_close_on: '2026-02-02' },
    ],
    change: [...stageSteps, ...dates],
  });
  expect(await readPast(workspace, dealSql)).toEqual([['won', 'won', 70_000, '2026-03-05']]);
});

it('where the close date is a field of its own, the deal had been closed on the day of its last closing', async () => {
  await using workspace = await openWorkspace();
  await workspace.save({
    stage,
    deal: [
      { ...reopened, expected_close_on: '2026-06-30' },
      { ...closedRow, closed_on: '2026-02-02', expected_close_on: '2026-02-20' },
    ],
    change: [
      ...stageSteps,
      ...historyOf('amount_minor', [
        ['2026-01-10T09:00:00Z', 90_000],
        ['2026-04-12T09:00:00Z', 70_000],
      ]),
    ],
  });
  expect(await readPast(workspace, dealSql)).toEqual([['won', 'won', 90_000, '2026-03-07']]);
  expect(
    await readPast(
      workspace,
      "select to_at, outcome from deal_state where id = 'D1' and from_at > 1772000000000",
    ),
  ).toEqual([[null, 'won']]);
});

it('its account was a customer by it, and is none by a deal that was made later', async () => {
  await using workspace = await openWorkspace();
  const later = {
    ...closedRow,
    id: 'D2',
    created_at: '2026-04-02T09:00:00Z',
    updated_at: '2026-04-03T09:00:00Z',
  };
  await workspace.save({
    stage,
    account: [{ id: 'A' }, { id: 'B' }],
    deal: [reopened, { ...later, account_id: 'B', closed_on: '2026-03-30' }],
    change: stageSteps,
  });
  expect(await readPast(workspace, 'select account_id, id, day from purchase')).toEqual([
    ['A', 'D1', '2026-03-07'],
  ]);
  const spans = await readPast(workspace, 'select account_id, from_on, to_on, number from customer_span');
  expect(spans).toEqual([['A', '2026-03-07', '2027-03-07', 1]]);
  expect(await readPast(workspace, 'select id from deal')).toEqual([['D1']]);
});

it('what was done, answered, converted or replied to since had not been', async () => {
  await using workspace = await openWorkspace();
  const created = { created_at: '2026-03-01T09:00:00Z', updated_at: '2026-04-05T09:00:00Z' };
  await workspace.save({
    activity: [
      { id: 'a1', ...created, kind: 'task', status: 'done', done_at: '2026-04-05T09:00:00Z' },
      { id: 'a2', ...created, kind: 'task', status: 'done', done_at: '2026-03-05T09:00:00Z' },
    ],
    lead: [
      { id: 'l1', ...created, converted_on: '2026-04-01', deal_id: 'D1', closed_at: '2026-04-01T09:00:00Z' },
    ],
    survey_answer: [{ id: 'v1', ...created, answered_at: '2026-04-02T09:00:00Z', score: 5 }],
    ticket: [{ id: 't1', ...created, is_closed: 0, first_reply_at: '2026-04-01T09:00:00Z', reply_count: 2 }],
  });
  expect(await readPast(workspace, 'select id, status, done_at is null from activity order by id')).toEqual([
    ['a1', 'open', 1],
    ['a2', 'done', 0],
  ]);
  expect(await readPast(workspace, 'select converted_on, deal_id, closed_at from lead')).toEqual([
    [null, null, null],
  ]);
  expect(await readPast(workspace, 'select answered_at, score from survey_answer')).toEqual([[null, null]]);
  expect(await readPast(workspace, 'select first_reply_at, reply_count from ticket')).toEqual([[null, 0]]);
});

it('a record that was deleted since is not there, and where nothing came later there is no view', async () => {
  await using workspace = await openWorkspace();
  await workspace.save({
    stage,
    deal: [reopened, { ...closedRow, closed_on: '2026-02-02' }],
    change: stageSteps,
  });
  await workspace.remove('deal', ['D0']);
  expect(await readPast(workspace, 'select id from deal')).toEqual([['D1']]);
  await workspace.remove('deal', ['D1']);
  expect(await workspace.store.pastView(asOf, zone)).toBeNull();
});
