import { describe, expect, it } from 'vitest';
import { nextDelay, retryAfterMs } from '../../src/remote/retry.ts';

const tried = { attempts: 1, spentMs: 0, askedMs: null, random: 1 };

describe('nextDelay', () => {
  it('doubles the back-off up to 30 s', () => {
    const delays = [1, 2, 3, 4, 5].map((attempts) => nextDelay({ ...tried, attempts }));
    expect(delays.map((delay) => delay.kind === 'wait' && delay.ms)).toEqual([500, 1000, 2000, 4000, 8000]);
  });

  it('takes a random share of the back-off', () => {
    expect(nextDelay({ ...tried, attempts: 3, random: 0.25 })).toEqual({ kind: 'wait', ms: 500 });
    expect(nextDelay({ ...tried, random: 0 })).toEqual({ kind: 'wait', ms: 0 });
  });

  it('gives up after the sixth attempt', () => {
    expect(nextDelay({ ...tried, attempts: 6 })).toEqual({ kind: 'giveUp' });
  });

  it('waits as long as it is asked to', () => {
    expect(nextDelay({ ...tried, askedMs: 300_000 })).toEqual({ kind: 'wait', ms: 300_000 });
  });

  it('leaves more than five minutes to the next run', () => {
    expect(nextDelay({ ...tried, attempts: 6, askedMs: 300_001 })).toEqual({ kind: 'later', ms: 300_001 });
  });

  it('gives up when a quarter of an hour would be exceeded', () => {
    expect(nextDelay({ ...tried, attempts: 3, spentMs: 14 * 60_000, askedMs: 61_000 })).toEqual({
      kind: 'giveUp',
    });
  });
});

describe('retryAfterMs', () => {
  it('reads seconds and dates, the date by the server clock', () => {
    expect(retryAfterMs({ 'retry-after': '7' }, 0)).toBe(7000);
    const date = 'Mon, 02 Nov 2026 10:00:00 GMT';
    const later = 'Mon, 02 Nov 2026 10:00:30 GMT';
    expect(retryAfterMs({ 'retry-after': later, date }, 0)).toBe(30_000);
    expect(retryAfterMs({ 'retry-after': date, date: later }, 0)).toBe(0);
  });

  it('ignores what is neither', () => {
    expect(retryAfterMs({ 'retry-after': 'soon' }, 0)).toBeNull();
    expect(retryAfterMs({}, 0)).toBeNull();
  });
});
