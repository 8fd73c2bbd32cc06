import { describe, expect, it } from 'vitest';
import { createPace } from '../../src/remote/pace.ts';
import { createWindow } from '../../src/remote/window.ts';
import { fakeTime } from './listen.ts';

/** Most starts within any window of this length. */
function busiestWindow(starts: readonly number[], ms: number): number {
  return Math.max(...starts.map((from) => starts.filter((at) => at >= from && at < from + ms).length));
}

describe('createWindow', () => {
  it('lets count start at once and tells how long the next has to wait', () => {
    const window = createWindow({ count: 2, ms: 1000 });
    expect([window.take(0), window.take(300), window.take(400)]).toEqual([0, 0, 650]);
    expect(window.take(1049)).toBe(1);
    expect(window.take(1050)).toBe(0);
    expect(window.take(1050)).toBe(300);
  });

  it('makes room for other applications of the same account', () => {
    const window = createWindow({ count: 10, ms: 1000 });
    window.take(0);
    window.correct({ count: 10, ms: 1000, remaining: 2 }, 0);
    expect([window.take(1), window.take(1), window.take(1)]).toEqual([0, 0, 1049]);
  });

  it('does not take its own requests in flight for those of others', () => {
    const window = createWindow({ count: 3, ms: 1000 });
    window.take(0);
    window.take(0);
    window.correct({ count: 3, ms: 1000, remaining: 2 }, 10);
    expect(window.take(10)).toBe(0);
  });

  it('follows a limit that the remote system corrects, and ignores a senseless one', () => {
    const window = createWindow({ count: 1, ms: 1000 });
    window.take(0);
    window.correct({ count: 3, ms: 1000 }, 0);
    window.correct({ count: 0, ms: 1000 }, 0);
    expect([window.take(0), window.take(0), window.take(0)]).toEqual([0, 0, 1050]);
  });

  it('does not stall when the clock is set back', () => {
    const window = createWindow({ count: 1, ms: 1000 });
    window.take(3_600_000);
    expect(window.take(0)).toBe(1050);
    expect(window.take(1050)).toBe(0);
  });
});

describe('createPace', () => {
  it('never starts more than the cap in any window', async () => {
    const { clock, sleep } = fakeTime();
    const starts: number[] = [];
    const buckets = { rest: { concurrency: 3, rate: { count: 7, ms: 1000 } } };
    const pace = createPace({ buckets, clock, sleep, signal: new AbortController().signal });
    const task = async () => {
      starts.push(clock.now());
      await sleep(starts.length % 5 === 0 ? 90 : 3);
    };
    await Promise.all(Array.from({ length: 60 }, () => pace.run('rest', task, { isRepeat: false })));
    expect(starts).toHaveLength(60);
    expect(busiestWindow(starts, 1000)).toBe(7);
  });

  it('holds no more than the allowed number at the same time', async () => {
    const { clock, sleep } = fakeTime();
    const pace = createPace({
      buckets: { rest: { concurrency: 2 } },
      clock,
      sleep,
      signal: new AbortController().signal,
    });
    let running = 0;
    let most = 0;
    const task = async () => {
      running += 1;
      most = Math.max(most, running);
      await sleep(5);
      running -= 1;
    };
    await Promise.all(Array.from({ length: 9 }, () => pace.run('rest', task, { isRepeat: false })));
    expect(most).toBe(2);
  });

  it('starts nothing in a paused bucket, and goes on in the others', async () => {
    const { clock, sleep, slept } = fakeTime();
    const buckets = { rest: { concurrency: 1 }, search: { concurrency: 1 } };
    const pace = createPace({ buckets, clock, sleep, signal: new AbortController().signal });
    pace.pause('rest', 5000);
    await pace.run('search', async () => {}, { isRepeat: false });
    expect(slept).toEqual([]);
    await pace.run('rest', async () => {}, { isRepeat: false });
    expect(slept).toEqual([5000]);
  });
});
