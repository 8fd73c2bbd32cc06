import type { Clock, Connection, Log } from '../model/connector.ts';
import { RunError } from '../model/errors.ts';
import type { Kpi } from '../model/kpi.ts';
import type { PublishStore, ResultStore } from '../model/result-store.ts';
import type { ResultTaskStore } from '../model/result-task.ts';
import type { Settings } from '../model/settings.ts';
import { createZone } from '../model/zone.ts';
import { type ApplyTally, applyPlan } from './apply.ts';
import { resultSchema } from './fields.ts';
import { type PublishPlan, planChanges } from './plan.ts';
import { statusRecord } from './record.ts';
import { createOutOfPeriods, wantedRecords } from './select.ts';
import {
  noTasks,
  planResultTasks,
  refusedTasks,
  type TaskTally,
  type TaskTarget,
  writeResultTasks,
} from './tasks.ts';

export interface PublishOptions {
  readonly store: PublishStore & ResultStore & ResultTaskStore;
  readonly settings: Settings;
  readonly catalog: readonly Kpi[];
  readonly targets: readonly PublishTarget[];
  /** Readers of results see the latest evaluation that is not after it. */
  readonly asOf: number;
  /** Plans only, asking each CRM what it has a place for; nothing is written. */
  readonly dryRun: boolean;
  readonly clock: Clock;
  readonly log: Log;
  readonly signal: AbortSignal;
  readonly hash: (text: string) => string;
  readonly onProgress: (progress: {
    readonly connection: string;
    readonly done: number;
    readonly total: number;
  }) => void;
}

export interface PublishTarget {
  readonly name: string;
  readonly open: () => Promise<Connection>;
}

export interface ConnectionPublish {
  readonly connection: string;
  readonly plan: PublishPlan;
  readonly written: number;
  readonly refused: number;
  /** Tasks for results that are off target. */
  readonly tasks: TaskTally;
}

export interface PublishReport {
  readonly connections: readonly ConnectionPublish[];
  readonly errors: readonly RunError[];
}

/** Writes the current results into every connection that is to show them. One failing never stops the others. */
export async function publish(options: PublishOptions): Promise<PublishReport> {
  const { store, settings, targets, signal } = options;
  const evaluatedAt = await store.latestEvaluation(options.asOf);
  if (evaluatedAt === null) {
    throw new RunError('usage', {
      where: settings.store,
      message: `There are no results as of ${new Date(options.asOf).toISOString()}.`,
      fix: 'Run `crm-kpi evaluate` first (with the same --as-of, if you gave one).',
    });
  }
  const connections: ConnectionPublish[] = [];
  const errors: RunError[] = [];
  for (const target of targets) {
    signal.throwIfAborted();
    const planned = await planFor(target.name, evaluatedAt, options);
    const { plan, written, refused, error, tasks } = await tryPlan({ target, evaluatedAt }, planned, options);
    connections.push({ connection: target.name, plan, written, refused, tasks });
    if (error) errors.push(error);
    if (refused > 0) errors.push(refusal(target.name, refused));
    if (tasks.refused > 0) errors.push(refusedTasks(target.name, tasks.refused));
  }
  return { connections, errors };
}

interface Round {
  readonly target: PublishTarget;
  readonly evaluatedAt: number;
}

/** What was written of which plan: without the changes that the CRM has no place for. */
type Written = ApplyTally & { readonly plan: PublishPlan; readonly tasks: TaskTally };

const untouched = { written: 0, refused: 0, error: null, tasks: noTasks } satisfies Partial<Written>;

/** A connection's failure is its own; bugs, aborts and a failing store fly on. */
async function tryPlan(round: Round, plan: PublishPlan, options: PublishOptions): Promise<Written> {
  const { target } = round;
  const { log, signal } = options;
  let tally: Written = { ...untouched, plan };
  try {
    tally = await writePlan(round, plan, options);
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof RunError) || error.kind === 'store') throw error;
    tally = { ...untouched, plan, error };
  }
  const { error } = tally;
  if (error)
    log.error({ connection: target.name, kind: error.kind, message: error.message }, 'publish.failed');
  return tally;
}

async function planFor(
  connection: string,
  evaluatedAt: number,
  options: PublishOptions,
): Promise<PublishPlan> {
  const { store, settings, catalog, clock, hash } = options;
  const wanted = await wantedRecords({ store, settings, catalog, connection, asOf: evaluatedAt });
  return planChanges({
    wanted,
    published: await store.published(connection),
    isOutOfPeriods: createOutOfPeriods({ settings, catalog, wanted }),
    status: statusRecord({ asOf: evaluatedAt, language: settings.language }),
    now: clock.now(),
    dayOf: createZone(settings.calendar.timeZone).dateOf,
    hash,
  });
}

async function writePlan(round: Round, planned: PublishPlan, options: PublishOptions): Promise<Written> {
  const { target } = round;
  const { store, settings, dryRun } = options;
  if (!dryRun) await forgetSettled(target.name, planned, store);
  const asksForTasks = Boolean(settings.publish.tasks);
  if (planned.changes.length === 0 && !asksForTasks) return { ...untouched, plan: planned };
  await using connection = await target.open();
  if (!connection.publish) {
    throw new RunError('config', {
      where: `connections.${target.name}.publish`,
      message: 'This connector only reads; results cannot be written back to it.',
      fix: `Set \`publish: false\` for connection ${target.name}.`,
    });
  }
  const plan = await withoutUnplaced(connection, planned);
  const place = { name: target.name, connection, evaluatedAt: round.evaluatedAt };
  if (!dryRun) await forgetSettled(target.name, plan, store);
  const tally = dryRun ? untouched : await writeChanges({ target, connection, plan }, options);
  return { ...tally, plan, ...(await tryTasks(place, tally, options)) };
}

async function writeChanges(
  { target, connection, plan }: { target: PublishTarget; connection: Connection; plan: PublishPlan },
  options: PublishOptions,
): Promise<ApplyTally> {
  if (plan.changes.length === 0 || !connection.publish) return untouched;
  const outcomes = connection.publish(plan.changes, resultSchema(options.settings.language));
  return applyPlan({ connection: target.name, plan, outcomes }, options);
}

/** Tasks come after the results that they speak of; their failure takes nothing back. */
async function tryTasks(
  place: TaskTarget,
  tally: ApplyTally,
  options: PublishOptions,
): Promise<Pick<Written, 'tasks' | 'error'>> {
  if (tally.error) return { tasks: noTasks, error: tally.error };
  try {
    const plan = await planResultTasks(place, options);
    const planned = { ...noTasks, planned: plan.tasks };
    return { tasks: options.dryRun ? planned : await writeResultTasks(place, plan, options), error: null };
  } catch (error) {
    options.signal.throwIfAborted();
    if (!(error instanceof RunError) || error.kind === 'store') throw error;
    return { tasks: noTasks, error };
  }
}

async function withoutUnplaced(connection: Connection, plan: PublishPlan): Promise<PublishPlan> {
  const accepted = await connection.accepts?.(plan.changes);
  return accepted ? { ...plan, changes: plan.changes.filter(({ key }) => accepted.has(key)) } : plan;
}

/** What was refused and is no longer to be written needs nobody's attention. */
async function forgetSettled(connection: string, plan: PublishPlan, store: PublishStore): Promise<void> {
  const planned = new Set(plan.changes.map(({ key }) => key));
  const refused = (await store.refused()).filter((one) => one.connection === connection);
  const settled = refused.filter(({ key }) => !planned.has(key)).map(({ key }) => key);
  if (settled.length > 0) await store.forgetRefused(connection, settled);
}

function refusal(connection: string, refused: number): RunError {
  return new RunError('remote', {
    where: connection,
    message: `${refused} ${refused === 1 ? 'result was' : 'results were'} refused; the others are written.`,
    fix: 'Run `crm-kpi status`: it lists each one with the reason. They are tried again with the next run.',
  });
}
