import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type KpiCase, readCases } from '../../src/cli/own-kpis/case-file.ts';
import type { TableName } from '../../src/model/entities.ts';
import type { Grain } from '../../src/model/period.ts';
import type { Result } from '../../src/model/result.ts';
import { sync } from '../../src/sync/sync.ts';
import { openWorkspace, pick, quiet, shippedKpis, type Workspace } from '../evaluate/workspace.ts';
import { asCsv } from './forms/as-csv.ts';
import { asHubspot } from './forms/as-hubspot.ts';
import { asSalesforce } from './forms/as-salesforce.ts';
import { type FormCase, type Told, Untellable } from './forms/form.ts';

/** The same cases through each CRM: as it holds them, over its protocol, through its connector and the sync. */
const forms = { csv: asCsv, salesforce: asSalesforce, hubspot: asHubspot } as const;
type FormName = keyof typeof forms;

/** KPIs of which a form can tell no case, and why. */
const untold: Readonly<Record<FormName, Readonly<Record<string, string>>>> = {
  csv: {},
  salesforce: {},
  // What is not told has no value there, instead of 0.
  hubspot: { active_user_rate: 'owners say nothing of licences' },
};

const everyStage = 'every record has the history of its stage';

function everyOf(ids: string, name: string, reason: string): Readonly<Record<string, string>> {
  return Object.fromEntries(ids.split(' ').map((id) => [`${id}: ${name}`, reason]));
}

const always = 'every record has a creation date';

/** Cases about what a CRM does not know, or tells differently by nature. */
const different: Readonly<Record<FormName, Readonly<Record<string, string>>>> = {
  csv: {
    'revenue_won: goes through the base currency to another reporting currency':
      'files have no base currency of their own',
  },
  salesforce: {
    'case_resolution_hours: counts a closed case without a creation time as missing': always,
    'sales_cycle_hours: counts a deal without a creation date as missing': always,
    'fcr_rate: has no value where replies are not counted': 'replies are counted from e-mails',
    'kb_link_rate: has no value where links are not read, instead of 0':
      'links are read from the articles of cases',
    'new_customers: leaves deleted sales and accounts out': 'deleting an account deletes its opportunities',
  },
  hubspot: {
    ...everyOf(
      'email_bounce_rate email_click_rate email_cto_rate email_open_rate email_unsub_rate',
      'counts a send without a counter as missing',
      'the statistics name every counter',
    ),
    ...everyOf(
      'fcr_rate reopen_rate',
      'counts a case as missing where no history tells whether it was reopened',
      everyStage,
    ),
    'slipped_deal_rate: counts deals without a history as missing, since nobody knows when they were due':
      everyStage,
    'weighted_pipeline: counts a deal without a probability as missing': 'every stage has a probability',
    'stage_dwell_hours: leaves deals without a history out': everyStage,
    'lead_response_hours: counts an activity with the contact that the lead became':
      'a lead is its contact from the start',
    'new_customers: leaves deleted sales and accounts out':
      'what was deleted before the first read is not told, so that there is nothing to count from',
    'case_resolution_hours: counts a closed case without a creation time as missing': always,
    'sales_cycle_hours: counts a deal without a creation date as missing': always,
  },
};

const only = process.env.FORM_KPI;
const ids = readdirSync(shippedKpis)
  .map((name) => name.replace('.sql', ''))
  .filter((id) => only === undefined || only.split(',').includes(id));

for (const form of Object.keys(forms) as FormName[]) {
  describe(form, { timeout: 120_000 }, () => {
    for (const id of ids) {
      it(`gives the results of ${id}`, async () => {
        const cases = readCases(join(import.meta.dirname, `${id}.yaml`));
        let told = 0;
        const reasons = new Set<string>();
        for (const one of cases) {
          if (different[form][`${id}: ${one.it}`]) continue;
          const reason = await tryCase(form, id, one);
          if (reason === null) told++;
          else reasons.add(reason);
        }
        expect(told, [...reasons].join('; ')).toBeGreaterThan(0);
      });
    }
  });
}

/** Null: told, and the results are equal. Else why it cannot be told. */
async function tryCase(form: FormName, kpi: string, one: KpiCase): Promise<string | null> {
  const reason = plainly(one);
  if (reason !== null) return reason;
  let told: Told;
  try {
    told = await forms[form](one as unknown as FormCase);
  } catch (error) {
    if (error instanceof Untellable) return error.message;
    throw error;
  }
  await using _ = told;
  await using workspace = await openWorkspace(one.timeZone);
  await syncFrom(workspace, told, one);
  if (form === 'csv' && Object.keys(one.deleted).length > 0) {
    await told.remove();
    await syncFrom(workspace, told, one);
  }
  await workspace.evaluate(one.asOf, {
    kpis: [kpi],
    currency: one.currency,
    grains: [grainOf(one.period)],
    segments: [kindOf(one.segment)],
  });
  const found = resultOf(await workspace.results(one.asOf), kpi, { one, told });
  expect
    .soft(found, `${form}, ${kpi}: ${one.it}`)
    .toMatchObject(untold[form][kpi] ? { value: null } : figuresOf(one));
  return null;
}

/** What no form tells: results of several connections. */
function plainly(one: KpiCase): string | null {
  if (one.expect === null) return 'no result';
  return Object.keys(one.others).length > 0 ? 'several connections' : null;
}

async function syncFrom(workspace: Workspace, told: Told, { syncedAt }: KpiCase): Promise<void> {
  const { errors } = await sync({
    store: workspace.store,
    connections: [{ name: 'crm', connector: told.connector, open: told.open }],
    runId: 1,
    clock: { now: () => Date.parse(syncedAt) },
    log: quiet,
    signal: new AbortController().signal,
    full: false,
    changedSince: null,
    onProgress: () => {},
  });
  expect(errors).toEqual([]);
}

const grainOf = (label: string): Grain =>
  label.includes('Q') ? 'quarter' : label.length > 7 ? 'day' : label.length > 4 ? 'month' : 'year';
const kindOf = (segment: string) => segment.split(':')[0] ?? segment;

const tableOfKind: Readonly<Record<string, TableName>> = {
  owner: 'actor',
  team: 'team',
  campaign: 'campaign',
};

function resultOf(
  results: Parameters<typeof pick>[0],
  kpi: string,
  { one, told }: { readonly one: KpiCase; readonly told: Told },
): Result {
  const [kind = '', id] = one.segment.split(':');
  const table = tableOfKind[kind];
  const segment = id && table && id !== '(none)' ? `${kind}:${told.idOf(table, id)}` : one.segment;
  return pick(results, kpi, { period: one.period, segment });
}

function figuresOf({ expect: expected }: KpiCase): object {
  const figures = ['num', 'den', 'value', 'n', 'nMissing'].flatMap((name) => {
    const value = expected?.[name];
    if (value === undefined) return [];
    return [[name, typeof value === 'number' && !Number.isInteger(value) ? expect.closeTo(value, 9) : value]];
  });
  return Object.fromEntries(figures);
}
