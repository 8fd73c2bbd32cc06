import type { Batch } from '../../src/model/connector.ts';
import type { EntityRow, TableName, TableRows } from '../../src/model/entities.ts';
import { boardFlag, noLeadStages } from './catalog.ts';
import { mapEntity } from './entities.ts';
import { columnValues, dimensionRows } from './fields.ts';
import { inColumnForm, readHistory, toChanges } from './history.ts';
import { type MapContext, mergedInto, modifiedAt, type Source } from './map.ts';
import { mapActivity } from './map-activity.ts';
import { mapDeal } from './map-deal.ts';
import { mapGoal } from './map-goal.ts';
import { mapCompany, mapContact, mapFeedback, mapLead } from './map-person.ts';
import { mapTicket } from './map-ticket.ts';
import type { ReadPlan } from './plan.ts';
import type { HubspotRecord } from './shapes.ts';
import { parseFlag, parseText } from './values.ts';

export type Parts = Pick<Batch, 'tables' | 'deleted' | 'merged'>;

/** A page of records as rows: the object's own, changes and dimensions. */
export function assemble(plan: ReadPlan, sources: readonly Source[], context: MapContext): Parts {
  const kept: { source: Source; row: EntityRow }[] = [];
  const deleted: { id: string; at: number }[] = [];
  const merged: { id: string; into: string }[] = [];
  for (const source of sources) {
    const { record } = source;
    if (parseFlag(record.properties[boardFlag])) continue;
    for (const id of mergedInto(record)) merged.push({ id, into: record.id });
    const row = isCounted(plan, source, context) ? mapRecord(plan, source, context) : undefined;
    if (row) kept.push({ source, row });
    else deleted.push({ id: record.id, at: modifiedAt(record, context.zone) ?? context.now });
  }
  return { tables: toTables(plan, kept, context), deleted, merged };
}

/** Whether a record as a bare list gives it, without links, would make a row. */
export function belongs(plan: ReadPlan, record: HubspotRecord, context: MapContext): boolean {
  if (parseFlag(record.properties[boardFlag])) return false;
  const source: Source = { record, links: {} };
  if (!isCounted(plan, source, context)) return false;
  return plan.entity === null || mapEntity(source, plan.entity, context) !== undefined;
}

/** Records that are none of the table's: too old, or a contact that is no lead. */
function isCounted(plan: ReadPlan, { record }: Source, context: MapContext): boolean {
  if (plan.sinceMs !== null && (modifiedAt(record, context.zone) ?? context.now) < plan.sinceMs) return false;
  if (plan.spec.name !== 'contacts' || plan.entity) return true;
  const lifecycle = parseText(record.properties.lifecyclestage)?.toLowerCase();
  return lifecycle !== undefined && !noLeadStages.some((stage) => stage === lifecycle);
}

function mapRecord(plan: ReadPlan, source: Source, context: MapContext): EntityRow | undefined {
  if (plan.entity) return mapEntity(source, plan.entity, context);
  const row = withoutColumns(mapStandard(plan.spec.name, source, context), plan.dropped ?? []);
  if (!plan.fields) return row;
  const mapping = { table: plan.table, plan: plan.fields, context };
  return { ...row, ...columnValues(source.record, row, mapping) };
}

function withoutColumns(row: StandardRow, columns: readonly string[]): StandardRow {
  if (columns.length === 0) return row;
  return Object.fromEntries(Object.entries(row).filter(([name]) => !columns.includes(name))) as StandardRow;
}

type StandardRow = EntityRow & { readonly owner_id?: string | null; readonly currency?: string | null };

function mapStandard(object: string, source: Source, context: MapContext): StandardRow {
  switch (object) {
    case 'deals':
      return mapDeal(source, context);
    case 'tickets':
      return mapTicket(source, context);
    case 'companies':
      return mapCompany(source, context);
    case 'contacts':
      return mapContact(source, context);
    case 'leads':
      return mapLead(source, context);
    case 'feedback_submissions':
      return mapFeedback(source, context);
    case 'goal_targets':
      return mapGoal(source, context);
    case 'calls':
    case 'emails':
    case 'meetings':
    case 'tasks':
    case 'notes':
      return mapActivity(object, source, context);
    default:
      throw new Error(`no mapping for ${object}`);
  }
}

function toTables(
  plan: ReadPlan,
  kept: readonly { readonly source: Source; readonly row: EntityRow }[],
  context: MapContext,
): readonly TableRows[] {
  const changes = kept.flatMap(({ source, row }) => changesOf(plan, { source, row }, context));
  const dimensions = kept.flatMap(({ source, row }) => dimensionsOf(plan, { source, row }, context));
  return [
    group(
      plan.table,
      kept.map(({ row }) => row),
    ),
    { table: 'change', rows: changes },
    { table: 'dimension', rows: dimensions },
  ].filter(({ rows }) => rows.length > 0) as readonly TableRows[];
}

/** The mapping of a plan's object makes rows of the plan's table; the compiler cannot see the tie. */
function group(table: TableName, rows: readonly EntityRow[]): TableRows {
  return { table, rows } as TableRows;
}

interface Kept {
  readonly source: Source;
  readonly row: StandardRow & { readonly created_at?: number | null };
}

function changesOf(
  plan: ReadPlan,
  { source, row }: Kept,
  context: MapContext,
): readonly EntityRow<'change'>[] {
  const { record } = source;
  return plan.history.flatMap(([property, column]) => {
    const currency = row.currency ?? context.currency;
    const target = { table: plan.table, column, currency, zone: context.zone };
    const moments = inColumnForm(readHistory(record, property, context.zone), target);
    return toChanges({
      object: plan.table,
      recordId: record.id,
      createdAt: row.created_at ?? null,
      field: column,
      moments,
    });
  });
}

function dimensionsOf(
  plan: ReadPlan,
  { source, row }: Kept,
  context: MapContext,
): readonly EntityRow<'dimension'>[] {
  if (!plan.fields) return [];
  const mapping = { table: plan.table, plan: plan.fields, context };
  return dimensionRows(source.record, row.owner_id ?? null, mapping);
}
