import { expect, it } from 'vitest';
import type { Connection, Outcome, TaskChange, TaskState } from '../../src/model/connector.ts';
import { RunError } from '../../src/model/errors.ts';
import type { Result } from '../../src/model/result.ts';
import type { Store } from '../../src/model/store.ts';
import { goalOf } from '../model/samples.ts';
import { openTempStore } from '../store/temp-store.ts';
import { asOf, evaluate, makeCrm, month, write } from './memory-crm.ts';
import { settingsOf } from './samples.ts';

const dayMs = 86_400_000;
const low = {
  status: 'off_target',
  evidence: 'clear',
  value: 0.12,
  attainment: 0.6,
  complete: true,
} as const;
const fine = {
  status: 'on_target',
  evidence: 'clear',
  value: 0.21,
  attainment: 1.05,
  complete: true,
} as const;

type Answer = (task: TaskChange) => Outcome | Promise<Outcome>;

/** A CRM that takes tasks too; what stands there can be closed by hand. */
function makeTaskCrm(answer: Answer = ({ key }) => ({ key, ok: true, remoteId: `task ${key}` })) {
  const crm = {
    ...makeCrm('sales'),
    tasks: [] as TaskChange[],
    answer,
    states: new Map<string, TaskState['state']>(),
  };
  const open = async (): Promise<Connection> => ({
    ...(await makeCrm('sales').open()),
    async *saveTasks(tasks) {
      for (const task of tasks) {
        crm.tasks.push(task);
        yield await crm.answer(task);
      }
    },
    taskStates: async (ids) =>
      ids.map((remoteId) => ({ remoteId, state: crm.states.get(remoteId) ?? 'open', doneAt: null })),
  });
  return { ...crm, crm, open };
}

const settings = (max: number | null, changed: Partial<ReturnType<typeof settingsOf>> = {}) => {
  const made = settingsOf(changed);
  return { ...made, publish: { ...made.publish, tasks: max === null ? null : { max } } };
};

async function night(
  store: Store,
  target: ReturnType<typeof makeTaskCrm>,
  { results, day = 0, max = 10 }: { results: readonly Partial<Result>[]; day?: number; max?: number | null },
) {
  const at = asOf + day * dayMs;
  await evaluate(store, results, at);
  const before = target.crm.tasks.length;
  const report = await write(store, [target], {
    asOf: at,
    settings: settings(max),
    clock: { now: () => at },
  });
  return { tasks: target.crm.tasks.slice(before), report };
}

it('nothing is made unless the settings ask for it', async () => {
  await using temp = await openTempStore();
  const { tasks } = await night(temp.store, makeTaskCrm(), { results: [month(3, low)], max: null });
  expect(tasks).toEqual([]);
});

it('a result that turns off target becomes one task, due in a week', async () => {
  await using temp = await openTempStore();
  const { tasks, report } = await night(temp.store, makeTaskCrm(), {
    results: [month(3, low), month(2, fine)],
  });
  expect(tasks).toMatchObject([
    {
      key: 'task|win_rate|company|win_rate.month|2026-03',
      subject: 'Sales conversion is off target: Company, 2026-03',
      ownerId: null,
      dueOn: '2026-04-22',
      remoteId: null,
    },
  ]);
  expect(report.connections[0]?.tasks).toMatchObject({ written: 1, refused: 0 });
});

it('the next night changes nothing, a new figure changes the same task', async () => {
  await using temp = await openTempStore();
  const crm = makeTaskCrm();
  await night(temp.store, crm, { results: [month(3, low)] });
  expect((await night(temp.store, crm, { results: [month(3, low)], day: 1 })).tasks).toEqual([]);
  const { tasks } = await night(temp.store, crm, { results: [month(3, { ...low, value: 0.1 })], day: 2 });
  expect(tasks).toMatchObject([
    {
      key: 'task|win_rate|company|win_rate.month|2026-03',
      remoteId: expect.any(String),
      dueOn: '2026-04-22',
    },
  ]);
});

it('a task that somebody completed is not made again while the same miss lasts', async () => {
  await using temp = await openTempStore();
  const crm = makeTaskCrm();
  const { tasks } = await night(temp.store, crm, { results: [month(3, low)] });
  crm.crm.states.set(`task ${tasks[0]?.key}`, 'done');
  expect((await night(temp.store, crm, { results: [month(4, low)], day: 1 })).tasks).toEqual([]);
  expect((await night(temp.store, crm, { results: [month(5, fine)], day: 30 })).tasks).toEqual([]);
  const again = await night(temp.store, crm, { results: [month(6, low)], day: 60 });
  expect(again.tasks.map(({ key }) => key)).toEqual(['task|win_rate|company|win_rate.month|2026-06']);
});

it('an open task is told that the result has recovered', async () => {
  await using temp = await openTempStore();
  const crm = makeTaskCrm();
  await night(temp.store, crm, { results: [month(3, low)] });
  const { tasks } = await night(temp.store, crm, { results: [month(4, fine)], day: 1 });
  expect(tasks.map(({ subject }) => subject)).toEqual([
    'Sales conversion is no longer off target: Company, 2026-04',
  ]);
});

it('a miss that may be chance, and a period that is not over, are nobody’s task', async () => {
  await using temp = await openTempStore();
  const results = [month(3, { ...low, evidence: 'within_noise' }), month(4, { ...low, complete: false })];
  expect((await night(temp.store, makeTaskCrm(), { results })).tasks).toEqual([]);
});

it('no more than the cap are open, the company before its people, the worst of them first', async () => {
  await using temp = await openTempStore();
  const owner = (id: string, attainment: number) =>
    month(3, { ...low, attainment, segment: { kind: 'owner', id, name: `Person ${id}`, source: 'sales' } });
  const crm = makeTaskCrm();
  const at = asOf;
  await evaluate(temp.store, [owner('1', 0.7), owner('2', 0.3), owner('3', 0.5), month(3, low)], at);
  const goals = [goalOf({ segments: ['company', 'owner'] })];
  await write(temp.store, [crm], { settings: settings(3, { goals }) });
  expect(crm.crm.tasks.map(({ ownerId }) => ownerId)).toEqual([null, '2', '3']);
});

it('a lost answer does not lead to a second task', async () => {
  await using temp = await openTempStore();
  const crm = makeTaskCrm();
  crm.crm.answer = () =>
    Promise.reject(new RunError('remote', { where: 'sales', message: 'Reset.', fix: 'Wait.' }));
  const lost = await night(temp.store, crm, { results: [month(3, low)] });
  expect(lost.report.errors).toMatchObject([{ kind: 'remote' }]);
  crm.crm.answer = ({ key }) => ({ key, ok: true, remoteId: 'found' });
  const { tasks } = await night(temp.store, crm, { results: [month(4, low)], day: 1 });
  expect(tasks.map(({ key }) => key)).toEqual(['task|win_rate|company|win_rate.month|2026-03']);
});

it('a refused task is kept with its reason and tried again', async () => {
  await using temp = await openTempStore();
  const crm = makeTaskCrm(({ key }) => ({ key, ok: false, reason: 'No room.' }));
  const { report } = await night(temp.store, crm, { results: [month(3, low)] });
  expect(report.errors).toMatchObject([
    { kind: 'remote', message: '1 task was refused; the others are there.' },
  ]);
  expect(await temp.store.refused()).toMatchObject([{ connection: 'sales', reason: 'No room.' }]);
  crm.crm.answer = ({ key }) => ({ key, ok: true, remoteId: 'r' });
  expect((await night(temp.store, crm, { results: [month(3, low)], day: 1 })).tasks).toHaveLength(1);
  expect(await temp.store.refused()).toEqual([]);
});

it('a dry run shows the tasks and makes none', async () => {
  await using temp = await openTempStore();
  await evaluate(temp.store, [month(3, low)]);
  const crm = makeTaskCrm();
  const { connections } = await write(temp.store, [crm], { settings: settings(10), dryRun: true });
  expect(connections[0]?.tasks.planned.map(({ change }) => change)).toEqual(['create']);
  expect(crm.crm.tasks).toEqual([]);
});

it('tasks that cannot be looked up take no result back', async () => {
  await using temp = await openTempStore();
  const crm = makeTaskCrm();
  await night(temp.store, crm, { results: [month(3, low)] });
  const failure = new RunError('remote', { where: 'sales', message: 'Down.', fix: 'Wait.' });
  const open = async () => ({ ...(await crm.open()), taskStates: () => Promise.reject(failure) });
  await evaluate(temp.store, [month(3, { ...low, value: 0.1 })], asOf + dayMs);
  const report = await write(temp.store, [{ name: 'sales', open }], {
    asOf: asOf + dayMs,
    settings: settings(10),
  });
  expect(report.connections[0]?.written).toBeGreaterThan(0);
  expect(report.errors).toEqual([failure]);
});
