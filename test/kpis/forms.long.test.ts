import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type KpiCase, readCases } from '../../src/cli/own-kpis/case-file.ts';
import type { TableName } from '../../src/model/entities.ts';
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
  salesforce: {
    ...all(
      'cac crm_roi pipeline_coverage quota_attainment training_coverage',
      'costs, quotas and trainings are entered',
    ),
    ...all('sales_efficiency cost_per_lead', 'costs are entered'),
    ...all(
      'csat nps crm_user_satisfaction survey_response_rate',
      "surveys are objects of the organisation's own",
    ),
    ...all('stage_conversion_rate stage_dwell_hours slipped_deal_rate', 'a history is told as whole states'),
    ...all('campaign_setup_rate', 'members are told by their leads and contacts'),
  },
  hubspot: {
    ...all(
      'cac crm_roi pipeline_coverage quota_attainment training_coverage',
      'costs, quotas and trainings are entered',
    ),
    ...all(
      'sales_efficiency cost_per_lead campaign_roi campaign_setup_rate',
      'campaigns have assets, no members and deals',
    ),
    ...all('csat nps crm_user_satisfaction survey_response_rate', 'a submission is told by its own survey'),
    ...all('stage_conversion_rate stage_dwell_hours slipped_deal_rate', 'a history comes with each property'),
    ...all(
      'email_bounce_rate email_click_rate email_cto_rate email_open_rate email_open_rate_adj email_unsub_rate',
      'e-mails are no records: their counters are read from the marketing statistics',
    ),
  },
};

function all(ids: string, reason: string): Readonly<Record<string, string>> {
  return Object.fromEntries(ids.split(' ').map((id) => [id, reason]));
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
    'case_resolution_hours: counts a closed case without a creation time as missing': always,
    'sales_cycle_hours: counts a deal without a creation date as missing': always,
  },
};

/** A portal takes seconds to start and read: so many cases of each KPI are told there. */
const most: Readonly<Record<FormName, number>> = { csv: 100, salesforce: 100, hubspot: 3 };

const only = process.env.FORM_KPI;
const ids = readdirSync(shippedKpis)
  .map((name) => name.replace('.sql', ''))
  .filter((id) => only === undefined || only.split(',').includes(id));

for (const form of Object.keys(forms) as FormName[]) {
  describe(form, () => {
    for (const id of ids) {
      it(`gives the results of ${id}`, async () => {
        const cases = readCases(join(import.meta.dirname, `${id}.yaml`));
        let told = 0;
        const reasons = new Set<string>();
        for (const one of cases) {
          if (different[form][`${id}: ${one.it}`] || told >= most[form]) continue;
          const reason = await tryCase(form, id, one);
          if (reason === null) told++;
          else reasons.add(reason);
        }
        expect(told > 0 || untold[form][id], [...reasons].join('; ')).toBeTruthy();
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
    told = await forms[form](one as FormCase);
  } catch (error) {
    if (error instanceof Untellable) return error.message;
    throw error;
  }
  await using _ = told;
  await using workspace = await openWorkspace(one.timeZone);
  await syncFrom(workspace, told);
  if (form === 'csv' && Object.keys(one.deleted).length > 0) {
    await told.remove();
    await syncFrom(workspace, told);
  }
  await workspace.evaluate(one.asOf, {
    kpis: [kpi],
    currency: one.currency,
    grains: ['day', 'month', 'quarter'],
    segments: [
      'owner',
      'team',
      'pipeline',
      'stage',
      'category',
      'case_category',
      'campaign',
      'priority',
      'channel',
      'source',
      'type',
    ],
  });
  const found = resultOf(await workspace.results(one.asOf), kpi, { one, told });
  expect(found, `${form}, ${kpi}: ${one.it}`).toMatchObject(figuresOf(one));
  return null;
}

/** What no form tells: several connections, merges, teams and half-read sources are tried where they arise. */
function plainly(one: KpiCase): string | null {
  if (one.expect === null) return 'no result';
  if (Object.keys(one.others).length > 0) return 'several connections';
  if (Object.keys(one.merged).length > 0) return 'merged records';
  if (one.memberships.length > 0) return 'teams';
  if (one.syncedAt !== '2030-01-01T00:00:00Z') return 'half-read sources';
  return null;
}

async function syncFrom(workspace: Workspace, told: Told): Promise<void> {
  const { errors } = await sync({
    store: workspace.store,
    connections: [{ name: 'crm', connector: told.connector, open: told.open }],
    runId: 1,
    clock: { now: () => Date.parse('2030-01-01T00:00:00Z') },
    log: quiet,
    signal: new AbortController().signal,
    full: false,
    changedSince: null,
    onProgress: () => {},
  });
  expect(errors).toEqual([]);
}

const tableOfKind: Readonly<Record<string, TableName>> = { owner: 'actor', campaign: 'campaign' };

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
