import type { Batch } from '../../src/model/connector.ts';
import { HubspotError } from './explain.ts';
import { followPages } from './pages.ts';
import type { ReadPlan } from './plan.ts';
import type { Session } from './session.ts';
import { type HubspotRecord, type RecordPage, recordPage } from './shapes.ts';
import { parseInstant } from './values.ts';

const pageSize = 100;

/** A page of the recycle bin: what was deleted in the last 90 days, which search never shows. */
export async function fetchBin(
  session: Session,
  plan: ReadPlan,
  after: string | undefined,
): Promise<RecordPage> {
  const { api } = session;
  const none = undefined;
  const request = api.build.objects.getPage(
    plan.spec.name,
    pageSize,
    after,
    ['hs_object_id'],
    none,
    none,
    true,
  );
  return (await api.call({ what: plan.spec.name, request, shape: recordPage })).value;
}

export async function* readDeletions(
  session: Session,
  plan: ReadPlan,
  { first, signal }: { readonly first: () => Promise<RecordPage>; readonly signal: AbortSignal },
): AsyncGenerator<Batch> {
  const pages = followPages<HubspotRecord>({
    where: `${session.name} deleted ${plan.spec.name}`,
    first: undefined,
    signal,
    fetch: (after) => (after === undefined ? first() : fetchBin(session, plan, after)),
  });
  try {
    for await (const { results } of pages) {
      const deleted = results.filter(isDeleted).map((record) => ({
        id: record.id,
        at: deletedAt(session, record),
      }));
      if (deleted.length > 0) yield { tables: [], deleted, cursor: null };
    }
  } catch (error) {
    if (!isUnsupported(error)) throw error;
    session.log.warn({ connection: session.name, object: plan.spec.name }, 'deletions.unavailable');
  }
}

export function deletedAt(session: Session, record: HubspotRecord): number {
  return parseInstant(record.archivedAt ?? record.updatedAt, session.zone) ?? session.now();
}

/** Only what says of itself that it is deleted: a server that ignores the parameter lists the living. */
export function isDeleted(record: HubspotRecord): boolean {
  return record.archived === true || (record.archived === undefined && Boolean(record.archivedAt));
}

export function isUnsupported(error: unknown): boolean {
  return error instanceof HubspotError && [400, 404, 405].includes(error.status);
}
