import type { RunStore } from '../model/store.ts';

export interface Health {
  /** `down`: the store cannot be read. `degraded`: it can, and the newest run left a problem. */
  readonly status: 'ok' | 'degraded' | 'down';
  /** For a load balancer or a container's probe: 503 only when down. */
  readonly httpStatus: 200 | 503;
  readonly lastRun: {
    readonly job: string;
    readonly startedAt: string;
    readonly exitCode: number | null;
  } | null;
  readonly failingObjects: number;
}

const runsRead = 20;

/** Says nothing of what is in the store. */
export async function health(store: RunStore): Promise<Health> {
  const ended = (await store.runs(runsRead)).find(
    ({ outcome }) => outcome !== null && outcome !== 'interrupted',
  );
  const failingObjects = (await store.streamStates()).filter(({ lastError }) => lastError !== null).length;
  const isGood = failingObjects === 0 && [0, 4].includes(ended?.exitCode ?? 0);
  return {
    status: isGood ? 'ok' : 'degraded',
    httpStatus: 200,
    lastRun: ended
      ? {
          job: ended.job,
          startedAt: new Date(ended.startedAt).toISOString(),
          exitCode: ended.exitCode,
        }
      : null,
    failingObjects,
  };
}

export const storeDown: Health = { status: 'down', httpStatus: 503, lastRun: null, failingObjects: 0 };
