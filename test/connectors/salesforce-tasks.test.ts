import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SalesforceSandbox } from '../../connectors/salesforce/sandbox/index.ts';
import type { Connection, Outcome, TaskChange } from '../../src/model/connector.ts';
import { start } from './salesforce-company.ts';
import { openOrg } from './salesforce-org.ts';

let org: SalesforceSandbox;
beforeEach(async () => {
  org = await start({ size: 20 });
});
afterEach(() => org[Symbol.asyncDispose]());

const open = () => openOrg(org, { auth: org.auth });

async function save(connection: Connection, tasks: readonly TaskChange[]): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for await (const outcome of connection.saveTasks?.(tasks) ?? []) outcomes.push(outcome);
  return outcomes;
}

/** The last one; the first is the integration user. */
const person = () => org.ids('User').at(-1) ?? null;

function task(key: string, own: Partial<TaskChange> = {}): TaskChange {
  const body = 'Cases of category Billing wait longest.';
  return {
    key,
    subject: 'Answer billing cases first',
    body,
    ownerId: person(),
    dueOn: '2026-12-01',
    remoteId: null,
    ...own,
  };
}

const made = () =>
  org
    .ids('Task')
    .map((id) => org.get('Task', id) ?? {})
    .filter(({ Description }) => String(Description).includes('crm-kpi task'));

describe('tasks for people', () => {
  it('are made once for each key, however often they are saved', async () => {
    const [outcome] = await save(await open(), [task('action 7')]);
    expect(outcome).toEqual({ key: 'action 7', ok: true, remoteId: expect.stringMatching(/^00T/) });
    expect(made()).toEqual([
      expect.objectContaining({
        Subject: 'Answer billing cases first',
        ActivityDate: '2026-12-01',
        OwnerId: person(),
        Description: 'Cases of category Billing wait longest.\n\ncrm-kpi task action 7',
        IsClosed: false,
      }),
    ]);
    const remoteId = outcome?.remoteId ?? null;
    await save(await open(), [
      task('action 7', { remoteId, subject: 'Answer them today' }),
      task('action 8'),
    ]);
    // Its id was not kept: it is known by its mark.
    await save(await open(), [task('action 7', { subject: 'Answer them today' })]);
    expect(
      made()
        .map(({ Subject }) => Subject)
        .sort(),
    ).toEqual(['Answer billing cases first', 'Answer them today']);
  });

  it('are told as done with the day, or as gone, and neither is opened again', async () => {
    const connection = await open();
    const saved = await save(connection, [task('done'), task('gone'), task('open')]);
    const [done = '', gone = '', left = ''] = saved.map(({ remoteId }) => remoteId ?? '');
    org.advance(3_600_000);
    const at = Math.floor(org.now() / 1000) * 1000;
    org.put('Task', { Status: 'Completed' }, done);
    org.remove('Task', gone);
    const states = await connection.taskStates?.([done, gone, left, '00T000000000999']);
    expect(states).toEqual([
      { remoteId: done, state: 'done', doneAt: at },
      { remoteId: gone, state: 'gone', doneAt: null },
      { remoteId: left, state: 'open', doneAt: null },
      { remoteId: '00T000000000999', state: 'gone', doneAt: null },
    ]);
    const again = await save(connection, [task('done', { remoteId: done }), task('gone'), task('open')]);
    expect(again.map(({ ok }) => ok)).toEqual([true, true, true]);
    expect(made().map(({ Id, IsClosed }) => [Id, IsClosed])).toEqual([
      [done, true],
      [left, false],
    ]);
  });

  it('are made once although the answer was lost', async () => {
    org.faults.push({
      matches: ({ method, path }) => method === 'POST' && path.endsWith('/composite/sobjects'),
      times: 1,
      act: 'after',
    });
    const outcomes = await save(await open(), [task('a'), task('b')]);
    expect(outcomes).toEqual([
      { key: 'a', ok: true, remoteId: expect.any(String) },
      { key: 'b', ok: true, remoteId: expect.any(String) },
    ]);
    expect(made()).toHaveLength(2);
  });

  it('fall to the integration user where the person is inactive', async () => {
    const inactive = person() ?? '';
    org.put('User', { IsActive: false }, inactive);
    const [outcome] = await save(await open(), [task('a', { ownerId: inactive })]);
    expect(outcome?.reason).toBeUndefined();
    expect(outcome?.ok).toBe(true);
    expect(made()[0]?.OwnerId).not.toBe(inactive);
  });

  it('need a permission, which is named', async () => {
    org.hide('Task');
    await expect(save(await open(), [task('a')])).rejects.toMatchObject({
      kind: 'config',
      message: expect.stringContaining('create tasks'),
    });
  });

  it('are removed by unpublish, and no others', async () => {
    const before = org.ids('Task').length;
    await save(await open(), [task('a'), task('b')]);
    const plan = await (await open()).uninstall?.();
    expect(plan?.steps[0]).toEqual({ change: 'delete', what: '2 tasks made by crm-kpi' });
    for await (const _ of plan?.apply() ?? []);
    expect(org.ids('Task')).toHaveLength(before);
    expect(made()).toEqual([]);
  });
});
