import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startSandbox } from '../../../connectors/hubspot/sandbox/index.ts';
import type { TableName } from '../../../src/model/entities.ts';
import { openAt } from '../../connectors/hubspot-open.ts';
import { baseCurrency, type FormCase, ownColumns, ownTables, type Told, toNdjson } from './form.ts';
import { createLink, fieldOf, numberOf, objectOf } from './hubspot-ids.ts';
import { placesOf, tellPortal } from './hubspot-records.ts';

export async function asHubspot(one: FormCase): Promise<Told> {
  const files = tellPortal(one, createLink(one));
  const folder = mkdtempSync(join(tmpdir(), 'crm-kpi-form-'));
  for (const [object, rows] of Object.entries(files))
    writeFileSync(join(folder, `${object}.ndjson`), toNdjson(rows));
  const sandbox = await startSandbox({
    port: 0,
    data: folder,
    seed: 1,
    size: 0,
    now: Date.parse(one.syncedAt),
    currency: baseCurrency,
    timeZone: one.timeZone,
    tier: null,
    without: [],
  });
  // Hundreds of cases: the vendor's pace is tried elsewhere.
  Object.assign(sandbox.limits, { tenSecondly: 1e9, daily: 1e9, searchPerSecond: 1e9 });
  const context = { currency: baseCurrency, timeZone: one.timeZone, unpaced: true };
  return {
    connector: 'hubspot',
    idOf: (_, id) => String(numberOf(id)),
    open: () => openAt(sandbox, { ...context, fields: fieldsOf(one), entities: entitiesOf(one) }),
    remove: async () => {},
    [Symbol.asyncDispose]: async () => {
      await sandbox[Symbol.asyncDispose]();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

const mappable = ['account', 'deal', 'ticket', 'activity', 'lead'] as const satisfies readonly TableName[];

/** `fields` of the settings: columns that no standard property feeds, and dimensions. */
function fieldsOf(one: FormCase): Record<string, string> {
  const fields: Record<string, string> = {};
  for (const table of mappable)
    for (const column of ownColumns(one.rows, table, placesOf(one)))
      fields[`${table}.${column}`] = fieldOf(column);
  for (const { object, name } of one.rows.dimension ?? [])
    fields[`${object}.${name}`] = fieldOf(String(name));
  return fields;
}

/** `entities` of the settings: tables that are fed from objects of the portal's own. */
function entitiesOf(one: FormCase): Record<string, Record<string, string>> {
  const places = placesOf(one);
  return Object.fromEntries(
    ownTables(one.rows, places).map((table) => {
      const columns = ownColumns(one.rows, table, places).map((column) => [column, fieldOf(column)]);
      return [table, { object: objectOf(table), ...Object.fromEntries(columns) }];
    }),
  );
}
