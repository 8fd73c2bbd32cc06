import type { Clock, Log } from '../model/connector.ts';
import type { OperationsStore, ScheduledJob, ScheduleState } from '../model/operations.ts';
import { type Decision, due } from './due.ts';

export interface RunnerOptions {
  readonly jobs: readonly ScheduledJob[];
  /** Opens the store for one access: it may be replaced, or fail, while the program stays up. */
  readonly withStore: <T>(use: (store: ScheduleStore) => Promise<T>) => Promise<T>;
  /** Runs one job to its end, whatever that is. */
  readonly execute: (job: ScheduledJob) => Promise<JobEnd>;
  /** Whether another process holds the store. */
  readonly isHeld: () => boolean;
  /** 0 to 1, the same each time for the same job and due instant. */
  readonly fraction: (job: ScheduledJob, dueAt: number) => number;
  readonly clock: Clock;
  readonly log: Log;
}

export type ScheduleStore = Pick<OperationsStore, 'scheduleStates' | 'saveScheduleState'>;

export interface JobEnd {
  readonly exitCode: number;
}

export interface Runner {
  /** Looks which jobs are due; to be called at every tick. */
  tick(): Promise<void>;
  /** When the job that runs now has ended. */
  idle(): Promise<void>;
  /** Nothing starts any more. */
  stop(): void;
}

interface Memory {
  readonly states: Map<string, ScheduleState>;
  readonly queued: Map<string, number>;
  /** Due jobs that wait for another one to end, in the order in which they came. */
  readonly line: { readonly job: ScheduledJob; readonly dueAt: number }[];
  running: { readonly job: ScheduledJob; readonly end: Promise<void> } | null;
  stopped: boolean;
}

/** Starts jobs when they are due, one at a time; what they do is the caller's. */
export async function createRunner(options: RunnerOptions): Promise<Runner> {
  const memory: Memory = {
    states: await readStates(options),
    queued: new Map(),
    line: [],
    running: null,
    stopped: false,
  };
  return {
    async tick() {
      if (memory.stopped) return;
      for (const job of options.jobs) await consider(job, memory, options);
      await startNext(memory, options);
    },
    idle: async () => memory.running?.end,
    stop() {
      memory.stopped = true;
      memory.line.length = 0;
    },
  };
}

/** A job that is seen for the first time is due from now on. */
async function readStates({ jobs, withStore, clock }: RunnerOptions): Promise<Map<string, ScheduleState>> {
  return withStore(async (store) => {
    const stored = new Map((await store.scheduleStates()).map((state) => [state.id, state]));
    const states = new Map<string, ScheduleState>();
    for (const { id } of jobs) {
      const state = stored.get(id) ?? newState(id, clock.now());
      if (!stored.has(id)) await store.saveScheduleState(state);
      states.set(id, state);
    }
    return states;
  });
}

function newState(id: string, now: number): ScheduleState {
  return { id, handledAt: now, startedAt: null, finishedAt: null, exitCode: null, passedOver: null };
}

async function consider(job: ScheduledJob, memory: Memory, options: RunnerOptions): Promise<void> {
  if (memory.line.some((waiting) => waiting.job.id === job.id)) return;
  const decision = decide(job, memory, options);
  if (decision.kind === 'wait') return;
  if (decision.kind === 'queue') memory.queued.set(job.id, decision.dueAt);
  if (decision.kind === 'run') memory.line.push({ job, dueAt: decision.dueAt });
  if (decision.kind !== 'pass') return;
  const { dueAt, reason } = decision;
  options.log.warn({ job: job.id, dueAt: toIso(dueAt), reason }, 'schedule.passed_over');
  await keepState(job, { handledAt: dueAt, passedOver: reason }, { memory, options });
}

function decide(job: ScheduledJob, memory: Memory, options: RunnerOptions): Decision {
  const now = options.clock.now();
  const moment = {
    now,
    handledAt: memory.states.get(job.id)?.handledAt ?? now,
    queuedAt: memory.queued.get(job.id) ?? null,
    fraction: (dueAt: number) => options.fraction(job, dueAt),
  };
  const free = due(job, { ...moment, busy: false });
  // Only a job that is due needs to know whether it may start.
  if (free.kind !== 'run') return free;
  const busy = memory.running ? memory.running.job.id === job.id : options.isHeld();
  return busy ? due(job, { ...moment, busy }) : free;
}

async function startNext(memory: Memory, options: RunnerOptions): Promise<void> {
  if (memory.running || memory.stopped) return;
  const next = memory.line.shift();
  if (!next) return;
  const { job, dueAt } = next;
  memory.queued.delete(job.id);
  const startedAt = options.clock.now();
  const change = { handledAt: dueAt, startedAt, finishedAt: null, exitCode: null, passedOver: null };
  options.log.info({ job: job.id, dueAt: toIso(dueAt), lateMs: startedAt - dueAt }, 'schedule.started');
  await keepState(job, change, { memory, options });
  memory.running = { job, end: runOne(job, memory, options) };
}

async function runOne(job: ScheduledJob, memory: Memory, options: RunnerOptions): Promise<void> {
  const { exitCode } = await options.execute(job);
  const finishedAt = options.clock.now();
  options.log.info({ job: job.id, exitCode }, 'schedule.ended');
  await keepState(job, { finishedAt, exitCode }, { memory, options });
  memory.running = null;
  await startNext(memory, options);
}

/** Kept in memory first: a store that fails now must not make the job start again and again. */
async function keepState(
  job: ScheduledJob,
  change: Partial<ScheduleState>,
  { memory, options }: { readonly memory: Memory; readonly options: RunnerOptions },
): Promise<void> {
  const before = memory.states.get(job.id) ?? newState(job.id, options.clock.now());
  const state = { ...before, ...change };
  memory.states.set(job.id, state);
  try {
    await options.withStore(async (store) => store.saveScheduleState(state));
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    options.log.error({ job: job.id, message }, 'schedule.state_not_kept');
  }
}

function toIso(at: number): string {
  return new Date(at).toISOString();
}
