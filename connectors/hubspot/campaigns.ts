import type { Batch, Cursor } from '../../src/model/connector.ts';
import type { EntityRow, TableRows } from '../../src/model/entities.ts';
import { toMinorUnits } from '../../src/model/money.ts';
import type { Zone } from '../../src/model/zone.ts';
import { createCampaignFigures } from './campaign-figures.ts';
import { formatCursor, parseCursor } from './cursor.ts';
import { type CampaignPage, campaignPage } from './marketing-shapes.ts';
import { followPages } from './pages.ts';
import { rawPaths } from './paths.ts';
import type { Session } from './session.ts';
import type { HubspotRecord } from './shapes.ts';
import { parseDay, parseInstant, parseText } from './values.ts';

const pageSize = 100;

/** Names outside this list are refused with 400 (developer documentation, "Campaigns"). */
const campaignProperties = [
  'hs_name',
  'hs_start_date',
  'hs_end_date',
  'hs_owner',
  'hs_currency_code',
  'hs_budget_items_sum_amount',
  'hs_spend_items_sum_amount',
] as const;

export async function fetchCampaigns(
  session: Session,
  page: { readonly after: string | undefined; readonly limit?: number },
) {
  const query: [string, string][] = [['limit', String(page.limit ?? pageSize)]];
  if (page.after !== undefined) query.push(['after', page.after]);
  for (const name of campaignProperties) query.push(['properties', name]);
  const { value } = await session.api.get({
    what: 'campaigns',
    path: rawPaths.campaigns,
    query,
    shape: campaignPage,
  });
  return value;
}

const dayMs = 86_400_000;
/** A campaign that ended this long ago gathers little more; all are asked about once a week. */
const movingMs = 90 * dayMs;
const reloadAfterMs = 7 * dayMs;

export interface CampaignRead {
  readonly first: () => Promise<CampaignPage>;
  readonly since: Cursor | null;
  readonly signal: AbortSignal;
}

/** There is no change feed: all are read, and those that are missing are gone. */
export async function* readCampaigns(session: Session, read: CampaignRead): AsyncGenerator<Batch> {
  const { currency } = await session.mapContext();
  const first = await read.first();
  const at = session.now();
  const place = parseCursor(`${session.name} campaigns`, read.since);
  const known = place?.phase === 'moving' && at - place.loadedAt < reloadAfterMs ? place : null;
  const movingFrom = known ? session.zone.dateOf(at - movingMs) : '';
  const figures = createCampaignFigures(session);
  const living: string[] = [];
  const pages = followPages<HubspotRecord>({
    where: `${session.name} campaigns`,
    first: undefined,
    signal: read.signal,
    fetch: async (after) => (after === undefined ? first : fetchCampaigns(session, { after })),
  });
  for await (const { results } of pages) {
    living.push(...results.map(({ id }) => id));
    const rows: EntityRow<'campaign'>[] = [];
    for (const record of results) {
      read.signal.throwIfAborted();
      const row = mapCampaign(record, { zone: session.zone, currency });
      const isMoving = row.ends_on == null || row.ends_on >= movingFrom;
      rows.push(isMoving ? { ...row, ...(await figures.read(row)) } : withoutUnknown(row));
    }
    yield { tables: groupByColumns(rows), deleted: [], cursor: null };
  }
  const cursor = formatCursor({ phase: 'moving', at, loadedAt: known?.loadedAt ?? at });
  yield { tables: [], deleted: [], complete: living, cursor };
}

/** Money that the list does not tell may be known from an earlier, longer look. */
function withoutUnknown({ cost_minor, budget_minor, ...row }: EntityRow<'campaign'>): EntityRow<'campaign'> {
  return {
    ...row,
    ...(cost_minor == null ? {} : { cost_minor }),
    ...(budget_minor == null ? {} : { budget_minor }),
  };
}

/** Figures that were not asked for are left as they are stored: rows of a group have the same columns. */
function groupByColumns(rows: readonly EntityRow<'campaign'>[]): readonly TableRows[] {
  const groups = Map.groupBy(rows, (row) => Object.keys(row).join());
  return [...groups.values()].map((group) => ({ table: 'campaign', rows: group }));
}

export function mapCampaign(
  record: HubspotRecord,
  own: { readonly zone: Zone; readonly currency: string },
): EntityRow<'campaign'> {
  const { properties } = record;
  const currency = parseText(properties.hs_currency_code)?.toUpperCase() ?? own.currency;
  return {
    id: record.id,
    created_at: parseInstant(record.createdAt, own.zone),
    updated_at: parseInstant(record.updatedAt, own.zone),
    deleted_at: null,
    name: parseText(properties.hs_name),
    owner_id: parseText(properties.hs_owner),
    starts_on: parseDay(properties.hs_start_date),
    ends_on: parseDay(properties.hs_end_date),
    cost_minor: toMinorUnits(properties.hs_spend_items_sum_amount, currency),
    budget_minor: toMinorUnits(properties.hs_budget_items_sum_amount, currency),
    currency,
  };
}
