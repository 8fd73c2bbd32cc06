import { afterEach, describe, expect, it } from 'vitest';
import { type HubSpotSandbox, startSandbox } from '../../connectors/hubspot/sandbox/index.ts';
import type { Connection, Outcome, TaskChange } from '../../src/model/connector.ts';
import { hold, openAt, readInto, rowsOf } from './hubspot-open.ts';
import { change, schema } from './hubspot-result-schema.ts';

const started: HubSpotSandbox[] = [];

afterEach(async () => {
  for (const sandbox of started.splice(0)) await sandbox[Symbol.asyncDispose]();
});

async function start(tier = 'enterprise'): Promise<HubSpotSandbox> {
  const sandbox = await startSandbox({
    ...{ port: 0, data: null, seed: 7, size: 40, now: Date.parse('2026-03-10T12:00:00Z') },
    ...{ currency: 'EUR', timeZone: 'Europe/Madrid', tier, without: [] },
  });
  started.push(sandbox);
  return sandbox;
}

const task = (key: string, changed: Partial<TaskChange> = {}): TaskChange => ({
  key,
  subject: `Win rate is off target`,
  body: 'It is 12 %, below 20 %.\nLook at <the> deals.',
  ownerId: null,
  dueOn: '2026-03-13',
  remoteId: null,
  ...changed,
});

async function save(connection: Connection, ...tasks: readonly TaskChange[]): Promise<readonly Outcome[]> {
  const outcomes: Outcome[] = [];
  for await (const outcome of connection.saveTasks?.(tasks) ?? []) outcomes.push(outcome);
  expect(outcomes.map(({ key }) => key)).toEqual(tasks.map(({ key }) => key));
  return outcomes;
}

type Shown = { readonly properties: Readonly<Record<string, string | null>> };
const shown = (sandbox: HubSpotSandbox, id: string | undefined) =>
  (sandbox.get('tasks', id ?? '') as unknown as Shown).properties;

describe('tasks', () => {
  it('one is made for its owner, with its day and its text', async () => {
    const sandbox = await start();
    await using connection = await openAt(sandbox);
    const ownerId = sandbox.ids('owners')[0] ?? '';
    const [outcome] = await save(connection, task('a', { ownerId }));
    const properties = shown(sandbox, outcome?.remoteId);
    expect(properties).toMatchObject({
      hs_task_subject: 'Win rate is off target (crm-kpi)',
      hs_task_status: 'NOT_STARTED',
      hubspot_owner_id: ownerId,
      hs_timestamp: '2026-03-13T11:00:00.000Z',
    });
    expect(properties.hs_task_body).toContain('<p>Look at &lt;the&gt; deals.</p>');
  });

  it('is changed rather than repeated, also where the id of the first was never learnt', async () => {
    const sandbox = await start();
    await using connection = await openAt(sandbox);
    const before = sandbox.ids('tasks').length;
    const [first] = await save(connection, task('a'));
    const [again] = await save(connection, task('a', { body: 'It is 11 %.' }));
    const [known] = await save(
      connection,
      task('a', { subject: 'Still off', remoteId: first?.remoteId ?? '' }),
    );
    expect([again?.remoteId, known?.remoteId]).toEqual([first?.remoteId, first?.remoteId]);
    expect(sandbox.ids('tasks')).toHaveLength(before + 1);
    expect(shown(sandbox, first?.remoteId).hs_task_subject).toBe('Still off (crm-kpi)');
  });

  it('equal, it is not written again', async () => {
    const sandbox = await start();
    await using connection = await openAt(sandbox);
    const [first] = await save(connection, task('a'));
    await save(connection, task('a', { remoteId: first?.remoteId ?? '' }));
    expect(sandbox.requests.filter(({ method }) => method === 'PATCH')).toEqual([]);
  });

  it('a lost answer leaves one task', async () => {
    const sandbox = await start();
    await using connection = await openAt(sandbox);
    const before = sandbox.ids('tasks').length;
    const isCreate = ({ method, path }: { method: string; path: string }) =>
      method === 'POST' && path.endsWith('/objects/tasks');
    sandbox.faults.push({ matches: isCreate, times: 1, act: 'after' });
    await expect(save(connection, task('a'))).rejects.toMatchObject({ kind: 'remote' });
    await save(connection, task('a'));
    expect(sandbox.ids('tasks')).toHaveLength(before + 1);
  });

  it('done or deleted by somebody, it stays so, and that is told', async () => {
    const sandbox = await start();
    await using connection = await openAt(sandbox);
    const [one, two, three] = await save(connection, task('a'), task('b'), task('c'));
    const [done = '', gone = '', open = ''] = [one, two, three].map((outcome) => outcome?.remoteId ?? '');
    sandbox.put(
      'tasks',
      { hs_task_status: 'COMPLETED', hs_task_completion_date: '2026-03-11T08:00:00Z' },
      done,
    );
    sandbox.remove('tasks', gone);
    expect(await connection.taskStates?.([done, gone, open])).toEqual([
      { remoteId: done, state: 'done', doneAt: Date.parse('2026-03-11T08:00:00Z') },
      { remoteId: gone, state: 'gone', doneAt: null },
      { remoteId: open, state: 'open', doneAt: null },
    ]);
    const again = [task('a', { remoteId: done, body: 'New' }), task('b', { remoteId: gone, body: 'New' })];
    expect((await save(connection, ...again)).every(({ ok }) => ok)).toBe(true);
    expect(shown(sandbox, done).hs_task_body).not.toContain('New');
    expect(sandbox.ids('tasks')).not.toContain(gone);
  });

  it('for somebody who has left it stays without an owner', async () => {
    const sandbox = await start();
    await using connection = await openAt(sandbox);
    const ownerId = sandbox.ids('owners')[0] ?? '';
    sandbox.remove('owners', ownerId);
    const [outcome] = await save(connection, task('a', { ownerId }));
    expect(shown(sandbox, outcome?.remoteId).hubspot_owner_id ?? null).toBeNull();
  });

  it('a refused one does not stop the others', async () => {
    const sandbox = await start();
    await using connection = await openAt(sandbox);
    const body = { status: 'error', category: 'VALIDATION_ERROR', errors: [{ code: 'INVALID_OPTION' }] };
    const isCreate = ({ method, path }: { method: string; path: string }) =>
      method === 'POST' && path.endsWith('/objects/tasks');
    sandbox.faults.push({ matches: isCreate, times: 1, act: { status: 400, body } });
    const outcomes = await save(connection, task('a'), task('b'));
    expect(outcomes.map(({ ok }) => ok)).toEqual([false, true]);
    expect(outcomes[0]?.reason).toContain('INVALID_OPTION');
  });

  it('ours are read, but count as no activity', async () => {
    const sandbox = await start();
    await using connection = await openAt(sandbox);
    const [outcome] = await save(connection, task('a'));
    const held = await readInto(connection, 'tasks', hold());
    const own = rowsOf(held, 'activity').filter(({ is_test }) => is_test === 1);
    expect(own.map(({ id }) => id)).toEqual([outcome?.remoteId]);
  });

  it('notes are read without their text and count as nothing done; those of our board are ours', async () => {
    const sandbox = await start('free');
    await using connection = await openAt(sandbox);
    for await (const _ of (await connection.install?.(schema))?.apply() ?? []);
    const plain = sandbox.put('notes', {
      hs_note_body: 'Called back.',
      hs_timestamp: '2026-03-09T09:00:00Z',
    });
    sandbox.link(['notes', plain], ['companies', sandbox.ids('companies')[0] ?? '']);
    for await (const _ of connection.publish?.([change('win_rate|2026-02|company|g1')], schema) ?? []);
    const before = sandbox.requests.length;
    await using reading = await openAt(sandbox);
    const held = await readInto(reading, 'notes', hold());
    const rows = rowsOf(held, 'activity').map(({ id, kind, status, is_test }) => [
      id === plain,
      kind,
      status,
      is_test,
    ]);
    expect(rows.sort()).toEqual([
      [false, 'note', null, 1],
      [true, 'note', null, 0],
    ]);
    expect(sandbox.requests.slice(before).some(({ query }) => query.includes('hs_note_body'))).toBe(false);
  });

  it.each(['enterprise', 'free'])('uninstalling removes ours and no other (%s)', async (tier) => {
    const sandbox = await start(tier);
    await using connection = await openAt(sandbox);
    const before = sandbox.ids('tasks');
    sandbox.put('tasks', { hs_task_subject: 'Ring (crm-kpi)', hs_timestamp: '2026-03-12T09:00:00Z' });
    await save(connection, task('a'), task('b'));
    const plan = await connection.uninstall?.();
    expect(plan?.steps[0]).toEqual({ change: 'delete', what: 'tasks', note: '2' });
    for await (const _ of plan?.apply() ?? []);
    expect(sandbox.ids('tasks')).toHaveLength(before.length + 1);
  });
});
