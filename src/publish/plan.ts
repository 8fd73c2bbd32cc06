import type { ResultChange, ResultRecord } from '../model/result.ts';
import type { PublishedRecord } from '../model/store.ts';
import { statusKey } from './words.ts';

/** Fields that may move without the figures having changed. */
const outsideHash = new Set(['data_as_of', 'forecast']);

const statusEveryMs = 20 * 3_600_000;

export interface PlanInput {
  /** The records that should stand in the CRM now, by key. */
  readonly wanted: ReadonlyMap<string, ResultRecord>;
  readonly published: ReadonlyMap<string, PublishedRecord>;
  /** Whether a published key's KPI, goal and segment are still configured: then it is only out of the kept periods. */
  readonly isOutOfPeriods: (key: string) => boolean;
  readonly status: ResultRecord;
  readonly now: number;
  readonly hash: (text: string) => string;
}

export interface PublishPlan {
  readonly changes: readonly PlannedChange[];
  readonly unchanged: number;
}

export type PlannedChange = ResultChange & { readonly hash: string };

/** What has to be written so that the CRM shows what it should. Pure; printed before it is applied. */
export function planChanges(input: PlanInput): PublishPlan {
  const changes: PlannedChange[] = [];
  let unchanged = 0;
  for (const [key, fields] of [...input.wanted].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const stands = input.published.get(key);
    const hash = hashOf(fields, input.hash);
    if (stands?.hash === hash && stands.current) {
      unchanged += 1;
      continue;
    }
    changes.push({
      key,
      change: stands ? 'update' : 'create',
      fields,
      remoteId: stands?.remoteId ?? null,
      hash,
    });
  }
  for (const stands of input.published.values()) {
    if (input.wanted.has(stands.key) || stands.key === statusKey) continue;
    const change = removal(stands, input.isOutOfPeriods(stands.key));
    if (change) changes.push(change);
    else unchanged += 1;
  }
  const status = planStatus(input);
  if (status) changes.push(status);
  return { changes, unchanged };
}

/** Two results are the same record as long as this is equal. */
function hashOf(fields: ResultRecord, hash: PlanInput['hash']): string {
  return hash(JSON.stringify(Object.entries(fields).filter(([name]) => !outsideHash.has(name))));
}

function removal(stands: PublishedRecord, isOutOfPeriods: boolean): PlannedChange | null {
  const { key, remoteId, hash } = stands;
  if (!isOutOfPeriods) return { key, change: 'delete', fields: {}, remoteId, hash };
  return stands.current ? { key, change: 'retire', fields: { key, current: false }, remoteId, hash } : null;
}

/** Freshness lives in one record of its own, written at most once a day. */
function planStatus({ published, status, now, hash }: PlanInput): PlannedChange | null {
  const stands = published.get(statusKey);
  if (stands && now - stands.writtenAt < statusEveryMs) return null;
  return {
    key: statusKey,
    change: stands ? 'update' : 'create',
    fields: status,
    remoteId: stands?.remoteId ?? null,
    hash: hashOf(status, hash),
  };
}
