import type { ResultChange, ResultRecord } from '../model/result.ts';
import type { PublishedRecord } from '../model/result-store.ts';
import { statusKey } from './words.ts';

/** Fields that may move without the figures having changed. */
const outsideHash = new Set(['data_as_of', 'forecast']);

export interface PlanInput {
  /** The records that should stand in the CRM now, by key. */
  readonly wanted: ReadonlyMap<string, ResultRecord>;
  readonly published: ReadonlyMap<string, PublishedRecord>;
  /** Whether a published key's KPI, goal and segment are still configured: then it is only out of the kept periods. */
  readonly isOutOfPeriods: (key: string) => boolean;
  readonly status: ResultRecord;
  readonly now: number;
  /** Local date of an instant. */
  readonly dayOf: (instant: number) => string;
  readonly hash: (text: string) => string;
}

export interface PublishPlan {
  readonly changes: readonly PlannedChange[];
  readonly unchanged: number;
}

export type PlannedChange = ResultChange & { readonly hash: string };

/** What has to be written so that the CRM shows what it should. Pure; printed before it is applied. */
export function planChanges(input: PlanInput): PublishPlan {
  const { wanted, published } = input;
  const changes: PlannedChange[] = [];
  let unchanged = 0;
  for (const key of [...wanted.keys()].sort()) {
    const change = planRecord(key, input);
    if (change) changes.push(change);
    else unchanged += 1;
  }
  for (const key of [...published.keys()].sort()) {
    const stands = published.get(key);
    if (!stands || wanted.has(key) || key === statusKey) continue;
    const change = planRemoval(stands, input.isOutOfPeriods(key));
    if (change) changes.push(change);
    else unchanged += 1;
  }
  const status = planStatus(input);
  if (status) changes.push(status);
  return { changes, unchanged };
}

function planRecord(key: string, { wanted, published, hash }: PlanInput): PlannedChange | null {
  const fields = wanted.get(key) ?? {};
  const stands = published.get(key);
  const print = hashOf(fields, hash);
  if (stands?.hash === print && stands.current) return null;
  const change = stands ? 'update' : 'create';
  return { key, change, fields, remoteId: stands?.remoteId ?? null, hash: print };
}

/** Two results are the same record as long as this is equal. */
function hashOf(fields: ResultRecord, hash: PlanInput['hash']): string {
  return hash(JSON.stringify(Object.entries(fields).filter(([name]) => !outsideHash.has(name))));
}

function planRemoval(stands: PublishedRecord, isOutOfPeriods: boolean): PlannedChange | null {
  const { key, remoteId, hash } = stands;
  if (!isOutOfPeriods) return { key, change: 'delete', fields: {}, remoteId, hash };
  return stands.current ? { key, change: 'retire', fields: { key, current: false }, remoteId, hash } : null;
}

/** Freshness lives in one record of its own, written at most once a day. */
function planStatus({ published, status, now, dayOf, hash }: PlanInput): PlannedChange | null {
  const stands = published.get(statusKey);
  if (stands && dayOf(stands.writtenAt) === dayOf(now)) return null;
  return {
    key: statusKey,
    change: stands ? 'update' : 'create',
    fields: status,
    remoteId: stands?.remoteId ?? null,
    hash: hashOf(status, hash),
  };
}
