import type { Batch, Deletion, Membership } from '../../src/model/connector.ts';
import type { CompanionColumns } from './companion-columns.ts';
import { readCompanions } from './companions.ts';
import { groupRows, idOf, type MapContext, type TableRow } from './mapped.ts';
import { queryAgain } from './pages.ts';
import type { ReadEnv } from './read-env.ts';
import { idsPerQuestion, recordsByIdSoql } from './soql.ts';
import { type SalesforceRecord, toInstant, toText } from './values.ts';

export type Content = Omit<Batch, 'cursor'>;

/**
 * Records as rows. Those that do not count are left out, and told as deleted where they may have been delivered earlier
 * (`known`).
 */
export async function batchOf(
  env: ReadEnv,
  records: readonly SalesforceRecord[],
  known: boolean,
): Promise<Content> {
  const { plan, currency, zone, now } = env;
  const { recordTypes, select } = plan;
  const context: MapContext = { currency, zone, now, recordTypes, select };
  const counted = records.filter((record) => !plan.excluded(record));
  const companions = await readCompanions(env, counted);
  const rows: TableRow[] = [];
  const memberships: Membership[] = [];
  for (const record of counted) {
    const mapped = plan.map(record, context);
    rows.push(...mapped.rows.map((row) => withColumns(row, plan.table, companions.get(idOf(record.Id)))));
    if (mapped.membership) memberships.push(mapped.membership);
  }
  const merged = mergedOf(counted);
  return {
    tables: groupRows(rows),
    deleted: known ? excludedOf(env, records) : [],
    ...(merged.length > 0 ? { merged } : {}),
    ...(memberships.length > 0 ? { memberships } : {}),
  };
}

function withColumns(entry: TableRow, table: string, columns: CompanionColumns | undefined): TableRow {
  if (!columns || entry.table !== table) return entry;
  // Companions feed columns of their own table only.
  return { table, row: { ...entry.row, ...columns } } as TableRow;
}

function mergedOf(records: readonly SalesforceRecord[]): { id: string; into: string }[] {
  return records.flatMap((record) => {
    const into = toText(record.MasterRecordId);
    return into === null ? [] : [{ id: idOf(record.Id), into }];
  });
}

function excludedOf({ plan, now }: ReadEnv, records: readonly SalesforceRecord[]): Deletion[] {
  return records
    .filter((record) => plan.excluded(record))
    .map((record) => ({ id: idOf(record.Id), at: toInstant(record.SystemModstamp) ?? now }));
}

/** Batches of the records with these ids, deleted ones included; ids that Salesforce does not know give nothing. */
export async function* readByIds(env: ReadEnv, ids: readonly string[]): AsyncGenerator<Batch> {
  const { api, plan, signal } = env;
  for (let index = 0; index < ids.length; index += idsPerQuestion) {
    const soql = recordsByIdSoql(plan, ids.slice(index, index + idsPerQuestion), env.since);
    for await (const records of queryAgain({ api, object: plan.object, soql, scope: 'all', signal })) {
      if (records.length > 0) yield { ...(await batchOf(env, records, true)), cursor: null };
    }
  }
}
