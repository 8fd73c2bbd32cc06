import type { Clock, Log, Outcome } from '../model/connector.ts';
import { RunError } from '../model/errors.ts';
import type { PublishedRecord, PublishStore } from '../model/result-store.ts';
import type { PlannedChange, PublishPlan } from './plan.ts';

const outcomesPerSave = 200;

interface ApplyTask {
  readonly connection: string;
  readonly plan: PublishPlan;
  readonly outcomes: AsyncIterable<Outcome>;
}

interface ApplyOptions {
  readonly store: PublishStore;
  readonly clock: Clock;
  readonly log: Log;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: {
    readonly connection: string;
    readonly done: number;
    readonly total: number;
  }) => void;
}

export interface ApplyTally {
  readonly written: number;
  readonly refused: number;
  /** What ended it early; what was answered before is kept. */
  readonly error: RunError | null;
}

/** Takes down each outcome; what was answered before an interruption is kept. */
export async function applyPlan(task: ApplyTask, options: ApplyOptions): Promise<ApplyTally> {
  const { connection, plan, outcomes } = task;
  const changes = new Map(plan.changes.map((change) => [change.key, change]));
  let pending: [PlannedChange, Outcome][] = [];
  const tally = { written: 0, refused: 0, error: null as RunError | null };
  const save = async () => {
    const answered = pending;
    pending = [];
    await saveOutcomes(connection, answered, options);
    options.onProgress({ connection, done: tally.written + tally.refused, total: plan.changes.length });
  };
  try {
    for await (const outcome of outcomes) {
      const change = changes.get(outcome.key);
      if (!change) continue;
      changes.delete(outcome.key);
      pending.push([change, outcome]);
      tally[outcome.ok ? 'written' : 'refused'] += 1;
      if (pending.length >= outcomesPerSave) await save();
      options.signal.throwIfAborted();
    }
  } catch (error) {
    options.signal.throwIfAborted();
    if (!(error instanceof RunError) || error.kind === 'store') throw error;
    tally.error = error;
  } finally {
    await save();
  }
  options.log.info({ connection, written: tally.written, refused: tally.refused }, 'publish.done');
  return tally;
}

async function saveOutcomes(
  connection: string,
  answered: readonly (readonly [PlannedChange, Outcome])[],
  { store, clock }: ApplyOptions,
): Promise<void> {
  const at = clock.now();
  const stands: PublishedRecord[] = [];
  const gone: string[] = [];
  const refused = [];
  for (const [change, outcome] of answered) {
    if (!outcome.ok)
      refused.push({ key: change.key, reason: outcome.reason ?? 'no reason given', payload: change.fields });
    else if (change.change === 'delete') gone.push(change.key);
    else
      stands.push({
        key: change.key,
        hash: change.hash,
        remoteId: outcome.remoteId ?? change.remoteId,
        current: change.change !== 'retire',
        writtenAt: at,
      });
  }
  if (stands.length > 0) await store.savePublished(connection, stands);
  if (gone.length > 0) await store.removePublished(connection, gone);
  if (refused.length > 0) await store.saveRefused(connection, refused, at);
}
