import { expect, it } from 'vitest';
import type { ScheduledJob } from '../../src/model/operations.ts';
import { createRunner } from '../../src/schedule/runner.ts';
import { keepLog } from '../remote/listen.ts';
import { openTempStore, type TempStore } from '../store/temp-store.ts';

const at = (text: string) => Date.parse(`2026-11-20T${text}:00Z`);

function makeJob(id: string, other: Partial<ScheduledJob> = {}): ScheduledJob {
  return {
    ...{ id, run: 'all', connections: [], cron: '0 * * * *', timeZone: 'UTC' },
    ...{ jitterMs: 0, catchUpMs: null, overlap: 'skip', deadlineMs: null, ...other },
  };
}

/** A runner whose jobs end when the test says so. */
async function startRunner(temp: TempStore, jobs: readonly ScheduledJob[], start: string) {
  const state = { now: at(start), held: false, storeFails: false };
  const started: string[] = [];
  const ends: ((exitCode: number) => void)[] = [];
  const { lines, log } = keepLog();
  const runner = await createRunner({
    jobs,
    withStore: async (use) => {
      if (state.storeFails) throw new Error('disk full');
      return use(temp.store);
    },
    execute: ({ id }) => {
      started.push(`${id} ${new Date(state.now).toISOString().slice(11, 16)}`);
      return new Promise((resolve) => ends.push((exitCode) => resolve({ exitCode })));
    },
    isHeld: () => state.held,
    fraction: () => 0,
    clock: { now: () => state.now },
    log,
  });
  const tick = async (time: string) => {
    state.now = at(time);
    await runner.tick();
  };
  const end = async (exitCode = 0) => {
    const idle = runner.idle();
    ends.shift()?.(exitCode);
    await idle;
  };
  return { runner, state, started, lines, tick, end };
}

it('a job starts when it is due and its end is kept, failed or not', async () => {
  await using temp = await openTempStore();
  const { started, tick, end } = await startRunner(temp, [makeJob('a')], '00:30');
  await tick('00:59');
  await tick('01:00');
  await tick('01:00');
  expect(started).toEqual(['a 01:00']);
  await end(3);
  expect(await temp.store.scheduleStates()).toMatchObject([
    { id: 'a', handledAt: at('01:00'), startedAt: at('01:00'), finishedAt: at('01:00'), exitCode: 3 },
  ]);
  await tick('02:00');
  expect(started).toEqual(['a 01:00', 'a 02:00']);
});

it('a start missed while the program was down is made up for once', async () => {
  await using temp = await openTempStore();
  await startRunner(temp, [makeJob('a')], '00:30');
  const { started, tick, end } = await startRunner(temp, [makeJob('a')], '05:20');
  await tick('05:20');
  await end();
  await tick('05:21');
  expect(started).toEqual(['a 05:20']);
});

it('a start that meets its own run is passed over, or waits for it', async () => {
  await using temp = await openTempStore();
  const jobs = [makeJob('a'), makeJob('q', { overlap: 'queue' })];
  const { started, tick, end } = await startRunner(temp, jobs, '00:30');
  await tick('01:00');
  await tick('02:00');
  await end();
  expect(started).toEqual(['a 01:00', 'q 02:00']);
  await tick('03:00');
  await tick('03:10');
  await end();
  expect(started).toEqual(['a 01:00', 'q 02:00', 'a 03:10']);
  await end();
  await tick('03:20');
  expect(started.at(-1)).toBe('q 03:20');
});

it('a job waits, or is passed over, while another process holds the store', async () => {
  await using temp = await openTempStore();
  const jobs = [makeJob('a'), makeJob('q', { overlap: 'queue' })];
  const { started, state, tick } = await startRunner(temp, jobs, '00:30');
  state.held = true;
  await tick('01:00');
  state.held = false;
  await tick('01:05');
  expect(started).toEqual(['q 01:05']);
  expect(await temp.store.scheduleStates()).toMatchObject([{ id: 'a', passedOver: 'overlap' }, { id: 'q' }]);
});

it('a store that fails does not start a job again and again', async () => {
  await using temp = await openTempStore();
  const { started, state, lines, tick, end } = await startRunner(temp, [makeJob('a')], '00:30');
  state.storeFails = true;
  await tick('01:00');
  await end();
  await tick('01:01');
  expect(started).toEqual(['a 01:00']);
  expect(lines.map(({ event }) => event)).toContain('schedule.state_not_kept');
});

it('after a stop nothing starts', async () => {
  await using temp = await openTempStore();
  const { runner, started, tick } = await startRunner(temp, [makeJob('a')], '00:30');
  runner.stop();
  await tick('01:00');
  expect(started).toEqual([]);
});
