import type { StreamCount } from '../../src/model/connector.ts';
import { RunError } from '../../src/model/errors.ts';
import { boardFlag, noLeadStages } from './catalog.ts';
import { isUnsupported } from './deletions.ts';
import { followPages } from './pages.ts';
import type { ReadPlan } from './plan.ts';
import { countMatches, type SearchFilter } from './search-request.ts';
import type { Session } from './session.ts';
import { type HubspotRecord, recordPage } from './shapes.ts';

/**
 * The search index's total, one call. It may be behind; a difference is settled by comparing all ids (sweep.ts). Where
 * there is no search, the list is counted.
 */
export async function countObject(session: Session, plan: ReadPlan): Promise<StreamCount> {
  const search = { api: session.api, object: plan.spec.name, signal: session.context.signal };
  const isWhole = plan.spec.name !== 'contacts' && plan.sinceMs === null;
  try {
    const rows = await countMatches(search, await countFilters(session, plan));
    if (rows !== null) return { rows };
  } catch (error) {
    if (!isWhole || !isUnsupported(error)) throw error;
  }
  if (!isWhole) throw untold(session, plan);
  return { rows: await countList(session, plan) };
}

function untold(session: Session, plan: ReadPlan): RunError {
  return new RunError('remote', {
    where: `${session.name} ${plan.spec.name}`,
    message: 'HubSpot does not tell how many there are, so that completeness cannot be shown.',
    fix: 'Check baseUrl, and that no proxy answers in place of HubSpot; then run again.',
  });
}

/** What the read leaves out is left out here. */
async function countFilters(session: Session, plan: ReadPlan): Promise<readonly SearchFilter[]> {
  const filters: SearchFilter[] = [];
  if (plan.sinceMs !== null) {
    const value = String(Math.max(1, plan.sinceMs));
    filters.push({ propertyName: plan.spec.modified, operator: 'GTE', value });
  }
  if (plan.spec.name === 'contacts') {
    filters.push({ propertyName: 'lifecyclestage', operator: 'HAS_PROPERTY' });
    filters.push({ propertyName: 'lifecyclestage', operator: 'NOT_IN', values: noLeadStages });
  }
  if (plan.table === 'account' && (await session.properties(plan.spec.name))?.has(boardFlag)) {
    filters.push({ propertyName: boardFlag, operator: 'NOT_HAS_PROPERTY' });
  }
  return filters;
}

async function countList(session: Session, plan: ReadPlan): Promise<number> {
  const { api, context } = session;
  let rows = 0;
  const pages = followPages<HubspotRecord>({
    where: `${session.name} ${plan.spec.name}`,
    first: undefined,
    signal: context.signal,
    fetch: async (after) => {
      const request = api.build.objects.getPage(plan.spec.name, 100, after, [boardFlag]);
      return (await api.call({ what: plan.spec.name, request, shape: recordPage })).value;
    },
  });
  for await (const { results } of pages) {
    rows += results.filter((record) => record.properties[boardFlag] !== 'true').length;
  }
  return rows;
}
