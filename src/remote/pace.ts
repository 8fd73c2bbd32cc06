import PQueue from 'p-queue';
import type { Clock } from '../model/connector.ts';
import type { BucketLimit, LimitReport, RemotePolicy } from '../model/http.ts';
import { createWindow, type RateWindow } from './window.ts';

export type Sleep = (ms: number, signal: AbortSignal) => Promise<void>;

/** Decides when a request may start. */
export interface Pace {
  /** Runs the task in its bucket as soon as the limits allow; rejects with the signal's reason at once when it aborts. */
  run<T>(bucket: string, task: () => Promise<T>, options: { readonly isRepeat: boolean }): Promise<T>;
  /** Nothing starts in this bucket for so long. */
  pause(bucket: string, ms: number): void;
  correct(report: LimitReport): void;
}

interface Bucket {
  /** Only for concurrency: its interval cap cannot be changed later, and ours follows what the answers say. */
  readonly queue: PQueue;
  window: RateWindow | null;
  pausedUntil: number;
}

export interface PaceOptions {
  readonly buckets: RemotePolicy['buckets'];
  /** Has to move while `sleep` sleeps. */
  readonly clock: Clock;
  readonly sleep: Sleep;
  readonly signal: AbortSignal;
}

export function createPace(options: PaceOptions): Pace {
  const { clock, signal } = options;
  const buckets = new Map<string, Bucket>();
  for (const [name, limit] of Object.entries(options.buckets)) buckets.set(name, createBucket(limit));
  const find = (name: string): Bucket => {
    const bucket = buckets.get(name);
    if (bucket === undefined) throw new Error(`The policy has no bucket ${name}.`);
    return bucket;
  };
  return {
    async run(name, task, { isRepeat }) {
      const bucket = find(name);
      const start = () => startInTurn(bucket, task, options);
      // A repeat goes first: something is already waiting for the rest of it.
      return bucket.queue.add(start, { signal, priority: isRepeat ? 1 : 0 });
    },
    pause(name, ms) {
      const bucket = find(name);
      bucket.pausedUntil = Math.max(bucket.pausedUntil, clock.now() + ms);
    },
    correct(report) {
      for (const [name, told] of Object.entries(report.buckets ?? {})) {
        const bucket = buckets.get(name);
        if (bucket === undefined) continue;
        bucket.window ??= createWindow(told);
        bucket.window.correct(told, clock.now());
      }
    },
  };
}

function createBucket(limit: BucketLimit): Bucket {
  return {
    queue: new PQueue({ concurrency: limit.concurrency }),
    window: limit.rate ? createWindow(limit.rate) : null,
    pausedUntil: 0,
  };
}

/** Starts the task in the very step that takes its place in the window: nothing may come between them. */
async function startInTurn<T>(bucket: Bucket, task: () => Promise<T>, options: PaceOptions): Promise<T> {
  for (;;) {
    options.signal.throwIfAborted();
    const now = options.clock.now();
    const waitMs = bucket.pausedUntil > now ? bucket.pausedUntil - now : (bucket.window?.take(now) ?? 0);
    if (waitMs === 0) return task();
    await options.sleep(waitMs, options.signal);
  }
}
