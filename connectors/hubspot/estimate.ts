import type { Cursor, PassEstimate } from '../../src/model/connector.ts';
import { parseCursor } from './cursor.ts';
import { pageSize } from './fetch.ts';
import type { ReadPlan } from './plan.ts';
import { countMatches } from './search-request.ts';
import type { Session } from './session.ts';

const searchPageSize = 200;
const linksPerCall = 1_000;
const wholePageSize = 100;
/** Probe with the recycle bin's first page, the search for changes, the count. */
const fixedCalls = 3;

/** What the next pass over an object would take. */
export async function estimateObject(
  session: Session,
  plan: ReadPlan,
  since: Cursor | null,
): Promise<PassEstimate> {
  const place = parseCursor(`${session.name} ${plan.spec.name}`, since);
  const search = { api: session.api, object: plan.spec.name, signal: session.context.signal };
  const { spec } = plan;
  if (place?.phase !== 'changes') {
    const rows = (await countMatches(search, [])) ?? wholePageSize;
    const linkCalls = spec.links.length * Math.ceil(rows / linksPerCall);
    return { rows, calls: fixedCalls + Math.ceil(rows / pageSize(plan)) + linkCalls };
  }
  const value = String(Math.max(1, place.confirmed));
  const changed = [{ propertyName: spec.modified, operator: 'GTE', value }] as const;
  const rows = (await countMatches(search, changed)) ?? wholePageSize;
  const linkCalls = spec.links.length * Math.ceil(rows / linksPerCall);
  const reads = Math.ceil(rows / pageSize(plan));
  return { rows, calls: fixedCalls + Math.floor(rows / searchPageSize) + reads + linkCalls };
}

/** Small streams that are read whole by every run. */
export function estimateWhole(total: number | undefined): PassEstimate {
  const rows = total ?? wholePageSize;
  return { rows, calls: 1 + Math.ceil(rows / wholePageSize) };
}
