import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startSandbox } from '../../../connectors/salesforce/sandbox/index.ts';
import type { TableName } from '../../../src/model/entities.ts';
import { openOrg } from '../../connectors/salesforce-org.ts';
import { baseCurrency, type FormCase, ownColumns, ownTables, type Told, toNdjson } from './form.ts';
import { createIds, currenciesOf, fieldOf, objectOf } from './salesforce-ids.ts';
import { places, tellOrganisation } from './salesforce-records.ts';

export async function asSalesforce(one: FormCase): Promise<Told> {
  const ids = createIds(one);
  const files = tellOrganisation(one, ids);
  const folder = mkdtempSync(join(tmpdir(), 'crm-kpi-form-'));
  for (const [object, rows] of Object.entries(files))
    writeFileSync(join(folder, `${object}.ndjson`), toNdjson(rows));
  const currencies = currenciesOf(one);
  const sandbox = await startSandbox({
    port: 0,
    data: folder,
    seed: 1,
    size: 0,
    now: Date.parse(one.syncedAt),
    currency: currencies.join(','),
    timeZone: one.timeZone,
    tier: null,
    without: [],
  });
  return {
    connector: 'salesforce',
    idOf: ids.idOf,
    open: () =>
      openOrg(sandbox, {
        auth: sandbox.auth,
        context: {
          name: 'crm',
          currency: baseCurrency,
          timeZone: one.timeZone,
          fields: fieldsOf(one),
          entities: entitiesOf(one),
        },
      }),
    remove: async () => {},
    [Symbol.asyncDispose]: async () => {
      await sandbox[Symbol.asyncDispose]();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** `fields` of the settings: columns that no standard field feeds, and dimensions. */
function fieldsOf({ rows }: FormCase): Record<string, string> {
  const fields: Record<string, string> = {};
  for (const table of Object.keys(places) as TableName[]) {
    if (table === 'stage' || table === 'change') continue;
    for (const column of ownColumns(rows, table, places)) fields[`${table}.${column}`] = fieldOf(column);
  }
  for (const { object, name } of rows.dimension ?? []) fields[`${object}.${name}`] = fieldOf(String(name));
  return fields;
}

/** `entities` of the settings: tables that are fed from objects of the organisation's own. */
function entitiesOf({ rows }: FormCase): Record<string, Record<string, string>> {
  return Object.fromEntries(
    ownTables(rows, places).map((table) => {
      const columns = ownColumns(rows, table, places).map((column) => [column, fieldOf(column)]);
      return [table, { object: objectOf(table), ...Object.fromEntries(columns) }];
    }),
  );
}
