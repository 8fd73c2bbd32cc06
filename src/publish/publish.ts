import type { Clock, Connection, Log } from '../model/connector.ts';
import { RunError } from '../model/errors.ts';
import type { Kpi } from '../model/kpi.ts';
import type { Settings } from '../model/settings.ts';
import type { PublishStore, ResultStore } from '../model/store.ts';
import { createZone } from '../model/zone.ts';
import { type ApplyTally, applyPlan } from './apply.ts';
import { resultSchema } from './fields.ts';
import { type PublishPlan, planChanges } from './plan.ts';
import { statusRecord } from './record.ts';
import { createOutOfPeriods, wantedRecords } from './select.ts';

export interface PublishOptions {
  readonly store: PublishStore & ResultStore;
  readonly settings: Settings;
  readonly catalog: readonly Kpi[];
  readonly targets: readonly PublishTarget[];
  /** Readers of results see the latest evaluation that is not after it. */
  readonly asOf: number;
  /** Plans only; nothing is written, no connection is opened. */
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
    const done = options.dryRun ? { ...untouched, plan: planned } : await tryPlan(target, planned, options);
    const { plan, written, refused, error } = done;
    connections.push({ connection: target.name, plan, written, refused });
    if (error) errors.push(error);
    if (refused > 0) errors.push(refusal(target.name, refused));
  }
  return { connections, errors };
}

const untouched: ApplyTally = { written: 0, refused: 0, error: null };

/** What was written of which plan: without the changes that the CRM has no place for. */
type Written = ApplyTally & { readonly plan: PublishPlan };

/** A connection's failure is its own; bugs, aborts and a failing store fly on. */
async function tryPlan(target: PublishTarget, plan: PublishPlan, options: PublishOptions): Promise<Written> {
  const { log, signal } = options;
  let tally: Written = { ...untouched, plan };
  try {
    tally = await writePlan(target, plan, options);
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

async function writePlan(
  target: PublishTarget,
  planned: PublishPlan,
  options: PublishOptions,
): Promise<Written> {
  await forgetSettled(target.name, planned, options.store);
  if (planned.changes.length === 0) return { ...untouched, plan: planned };
  await using connection = await target.open();
  if (!connection.publish) {
    throw new RunError('config', {
      where: `connections.${target.name}.publish`,
      message: 'This connector only reads; results cannot be written back to it.',
      fix: `Set \`publish: false\` for connection ${target.name}.`,
    });
  }
  const plan = await withoutUnplaced(connection, planned);
  await forgetSettled(target.name, plan, options.store);
  if (plan.changes.length === 0) return { ...untouched, plan };
  const outcomes = connection.publish(plan.changes, resultSchema(options.settings.language));
  return { ...(await applyPlan({ connection: target.name, plan, outcomes }, options)), plan };
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
