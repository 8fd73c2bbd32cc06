import type { Clock, Log, Outcome } from '../model/connector.ts';
import type { PublishedRecord, PublishStore } from '../model/store.ts';
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
  readonly onProgress: (progress: {
    readonly connection: string;
    readonly done: number;
    readonly total: number;
  }) => void;
}

/** Takes down each outcome; what was answered before an interruption is kept. */
export async function applyPlan(
  task: ApplyTask,
  options: ApplyOptions,
): Promise<{ written: number; refused: number }> {
  const { connection, plan, outcomes } = task;
  const changes = new Map(plan.changes.map((change) => [change.key, change]));
  let pending: [PlannedChange, Outcome][] = [];
  let written = 0;
  let refused = 0;
  const save = async () => {
    const answered = pending;
    pending = [];
    await saveOutcomes(connection, answered, options);
    options.onProgress({ connection, done: written + refused, total: plan.changes.length });
  };
  try {
    for await (const outcome of outcomes) {
      const change = changes.get(outcome.key);
      if (!change) continue;
      pending.push([change, outcome]);
      if (outcome.ok) written += 1;
      else refused += 1;
      if (pending.length >= outcomesPerSave) await save();
    }
  } finally {
    await save();
  }
  options.log.info({ connection, written, refused }, 'publish.done');
  return { written, refused };
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
