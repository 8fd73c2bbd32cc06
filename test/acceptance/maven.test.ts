import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { startSandbox as startHubspot } from '../../connectors/hubspot/sandbox/index.ts';
import { startSandbox as startSalesforce } from '../../connectors/salesforce/sandbox/index.ts';
import type { Sandbox } from '../../src/sandbox/sandbox.ts';
import { makeWorkspace, type TestWorkspace } from './cli.ts';

// A public data set that does not belong to the project: 8,800 opportunities in both CRMs' forms, with its true figures.
const data = fileURLToPath(new URL('../../../shared/data/maven_crm_sales/', import.meta.url));
const present = existsSync(`${data}truth.json`);
if (!present) process.stderr.write('left out: the maven_crm_sales data set is not beside this checkout\n');

const asOf = ['--as-of', '2018-01-01T12:00:00Z'] as const;
const options = {
  port: 0,
  seed: 1,
  size: 1,
  now: Date.parse('2018-01-01T12:00:00Z'),
  currency: 'USD',
  timeZone: 'UTC',
  tier: null,
  without: [],
};

interface ResultJson {
  readonly kpi: string;
  readonly period: { readonly label: string; readonly grain: string };
  readonly segment: { readonly kind: string; readonly name?: string };
  readonly value: number | null;
  readonly num: number | null;
  readonly den: number | null;
  readonly n: number;
  readonly statistics: { readonly p50: number; readonly p90: number; readonly mean: number } | null;
}

const crms = [
  {
    name: 'salesforce',
    start: startSalesforce,
    regionName: (region: string) => `${region} Regional Office`,
    connection: (sandbox: Sandbox) => `
    connector: salesforce
    loginUrl: ${sandbox.url}
    auth: { flow: client_credentials, clientId: "${sandbox.auth.clientId}", clientSecret: "\${SECRET}" }
    fields: { deal.manager: Owner.Manager.Name, deal.product: Product_Name__c }`,
    secret: (sandbox: Sandbox) => sandbox.auth.clientSecret,
    manager: (name: string) => name,
  },
  {
    name: 'hubspot',
    start: startHubspot,
    regionName: (region: string) => region,
    connection: (sandbox: Sandbox) => `
    connector: hubspot
    baseUrl: ${sandbox.url}
    auth: { flow: private_app, accessToken: "\${SECRET}" }
    fields: { deal.manager: owner.teams.secondary, deal.product: product_name }`,
    secret: (sandbox: Sandbox) => sandbox.auth.accessToken,
    manager: (name: string) => `Team ${name}`,
  },
] as const;

describe.runIf(present)('a public sales data set yields its known figures', () => {
  it.each(crms)('from $name', { timeout: 170_000 }, async (crm) => {
    await using sandbox = await crm.start({ ...options, data: `${data}${crm.name}` });
    const settings = `timeZone: UTC
currency: USD
connections:
  crm:${crm.connection(sandbox)}
    objects: [deals]
segments: [company, team, owner, manager, product]
publish: { segments: [company] }
goals:
  - { kpi: win_rate, every: month, atLeast: 0.6 }
`;
    await using workspace = await makeWorkspace(settings, { SECRET: crm.secret(sandbox) });
    await workspace.json('install', 'crm', '--yes');
    await workspace.json('run', ...asOf);
    await expectTruth(workspace, crm);
  });
});

async function expectTruth(workspace: TestWorkspace, crm: (typeof crms)[number]): Promise<void> {
  const truth = JSON.parse(readFileSync(`${data}truth.json`, 'utf8')).figures;
  const results = await workspace.json<ResultJson[]>('results', ...asOf);
  const find = (kpi: string, label: string, kind = 'company', name?: string) => {
    const found = results.filter(
      (result) =>
        result.kpi === kpi &&
        result.period.label === label &&
        result.segment.kind === kind &&
        (name === undefined || result.segment.name === name),
    );
    expect(found, `${kpi} ${label} ${kind} ${name ?? ''}`).toHaveLength(1);
    return found[0] as ResultJson;
  };
  const year = find('win_rate', '2017');
  expect([year.num, year.den, year.value]).toEqual([4238, 6711, expect.closeTo(truth.win_rate.value, 10)]);
  expect(find('deals_won', '2017').value).toBe(4238);
  expect(find('revenue_won', '2017').value).toBe(truth.won_value_total.value);
  expect(find('avg_deal_value', '2017').value).toBeCloseTo(truth.won_value_mean.value, 6);
  expect(find('open_deals', '2018-01').value).toBe(2089);
  // Rows without an engage date exist from 2017-12-31 on only.
  for (const day of ['2017-03', '2017-06', '2017-09']) {
    const label = Object.keys(truth.open_as_of.value).find((date) => date.startsWith(day)) ?? '';
    expect(find('open_deals', day).value, `open deals at the end of ${label}`).toBe(
      truth.open_as_of.value[label],
    );
  }
  for (const [label, rate] of Object.entries(truth.win_rate_by_month.value))
    expect(find('win_rate', label).value).toBeCloseTo(Number(rate), 10);
  for (const [label, rate] of Object.entries(truth.win_rate_by_quarter.value))
    expect(find('win_rate', label).value).toBeCloseTo(Number(rate), 10);
  for (const [label, money] of Object.entries(truth.won_value_by_month.value))
    expect(find('revenue_won', label).value).toBe(money);
  for (const [agent, rate] of Object.entries(truth.win_rate_by_agent.value))
    expect(find('win_rate', '2017', 'owner', agent).value).toBeCloseTo(Number(rate), 10);
  for (const [agent, money] of Object.entries(truth.won_value_by_agent.value))
    expect(find('revenue_won', '2017', 'owner', agent).value).toBe(money);
  for (const [region, rate] of Object.entries(truth.win_rate_by_region.value)) {
    expect(find('win_rate', '2017', 'team', crm.regionName(region)).value).toBeCloseTo(Number(rate), 10);
  }
  for (const [manager, rate] of Object.entries(truth.win_rate_by_manager.value)) {
    expect(find('win_rate', '2017', 'manager', crm.manager(manager)).value).toBeCloseTo(Number(rate), 10);
  }
  for (const [product, won] of Object.entries(truth.won_by_product.value))
    expect(find('deals_won', '2017', 'product', product).value).toBe(won);
  const cycle = find('sales_cycle_hours', '2017');
  expect(cycle.n).toBe(4238);
  expect(cycle.statistics?.p50).toBe(truth.cycle_days_won.value.median * 24);
  expect(cycle.statistics?.p90).toBe(truth.cycle_days_won.value.p90 * 24);
  expect(cycle.statistics?.mean).toBeCloseTo(truth.cycle_days_won.value.mean * 24, 6);
}
