import type { Batch } from '../../src/model/connector.ts';
import { HubspotError } from './explain.ts';
import { followPages } from './pages.ts';
import type { ReadPlan } from './plan.ts';
import type { Session } from './session.ts';
import { type HubspotRecord, recordPage } from './shapes.ts';
import { parseInstant } from './values.ts';

const pageSize = 100;

/** The recycle bin, 90 days of it: search never shows what was deleted. */
export async function* readDeletions(
  session: Session,
  plan: ReadPlan,
  signal: AbortSignal,
): AsyncGenerator<Batch> {
  const { api, now } = session;
  const pages = followPages<HubspotRecord>({
    where: `${session.name} deleted ${plan.spec.name}`,
    first: undefined,
    signal,
    fetch: async (after) => {
      const request = api.build.objects.getPage(
        plan.spec.name,
        pageSize,
        after,
        ['hs_object_id'],
        undefined,
        undefined,
        true,
      );
      return (await api.call({ what: plan.spec.name, request, shape: recordPage })).value;
    },
  });
  try {
    for await (const { results } of pages) {
      const deleted = results.filter(isDeleted).map((record) => ({
        id: record.id,
        at: parseInstant(record.archivedAt ?? record.updatedAt, session.zone) ?? now(),
      }));
      if (deleted.length > 0) yield { tables: [], deleted, cursor: null };
    }
  } catch (error) {
    if (!isUnsupported(error)) throw error;
    session.log.warn({ connection: session.name, object: plan.spec.name }, 'deletions.unavailable');
  }
}

/** Only what says of itself that it is deleted: a server that ignores the parameter lists the living. */
function isDeleted(record: HubspotRecord): boolean {
  return record.archived === true || (record.archived === undefined && Boolean(record.archivedAt));
}

function isUnsupported(error: unknown): boolean {
  return error instanceof HubspotError && [400, 404, 405].includes(error.status);
}
