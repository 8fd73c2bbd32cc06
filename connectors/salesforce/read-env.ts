import type { Log, ReadOptions } from '../../src/model/connector.ts';
import type { Zone } from '../../src/model/zone.ts';
import type { Api } from './api.ts';
import type { BulkLimits } from './limits.ts';
import type { ReadPlan } from './plan.ts';

/** What reading one stream needs. */
export interface ReadEnv {
  readonly api: Api;
  readonly plan: ReadPlan;
  /** Of amounts in an org with one currency. */
  readonly currency: string;
  readonly zone: Zone;
  /** First instant of the settings' `since`. */
  readonly since: number | null;
  /** Server time now, epoch ms. */
  readonly now: number;
  readonly log: Log;
  readonly signal: AbortSignal;
  /** Ids of rows are ids of records, so that they can be compared. */
  readonly comparable: boolean;
  readonly bulk: BulkLimits;
  /** Objects beside it that Salesforce refused in this pass. */
  readonly refused: Set<string>;
  readonly options: Pick<ReadOptions, 'held' | 'reconcile' | 'changedSince'>;
}

/** Transactions commit after their stamp is taken: rows appear some minutes behind what has been read. */
export const overlapMs = 10 * 60_000;

export function placeOf({ api, plan }: Pick<ReadEnv, 'api' | 'plan'>) {
  return { connection: api.connection, object: plan.object };
}
