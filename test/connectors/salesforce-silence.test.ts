import { expect, it } from 'vitest';
import { startSandbox } from '../../connectors/salesforce/sandbox/index.ts';
import { makeWorkspace } from '../acceptance/cli.ts';
import { sandboxDefaults } from '../acceptance/crms.ts';

interface Finding {
  readonly connection: string;
  readonly check: string;
  readonly ok: boolean;
  readonly message: string;
}

interface Result {
  readonly currency: string | null;
  readonly period: { readonly label: string; readonly start: string };
}

function startOrg(currency: string) {
  const options = { size: 60, currency, timeZone: 'America/New_York' };
  return startSandbox({ ...sandboxDefaults, ...options });
}

type Org = Awaited<ReturnType<typeof startOrg>>;

/** No word about time zone, currency, fiscal year and working hours. */
function settings(org: Org, extra = ''): string {
  return `${extra}connections:
  crm:
    connector: salesforce
    loginUrl: ${org.url}
    auth: { flow: client_credentials, clientId: "${org.auth.clientId}", clientSecret: "\${SECRET}" }
goals:
  - { kpi: case_resolution_hours, every: month, atMost: 24, clock: business }
  - { kpi: revenue_won, every: quarter, atLeast: 100000 }
`;
}

const secret = (org: Org) => ({ SECRET: org.auth.clientSecret });

it('time zone, currency, fiscal year and working hours are the org’s where the settings do not say', {
  timeout: 120_000,
}, async () => {
  await using org = await startOrg('USD,EUR');
  org.put('Organization', { FiscalYearStartMonth: 2 }, org.ids('Organization')[0]);
  await using workspace = await makeWorkspace(settings(org), secret(org));
  await workspace.json('run');
  const quarters = await workspace.json<Result[]>('results', '--kpi', 'revenue_won', '--grain', 'quarter');
  expect(new Set(quarters.map(({ currency }) => currency))).toEqual(new Set(['USD']));
  // The day is the 19th of November 2026 in New York: the fourth quarter of the year that ends in January 2027.
  expect(quarters.map(({ period }) => [period.label, period.start])).toContainEqual([
    '2027-Q4',
    '2026-11-01',
  ]);
  const findings = await workspace.json<Finding[]>('check');
  const told = findings.filter(({ check }) => check.startsWith('setting '));
  expect(told.map(({ check, message }) => [check, message.split(',')[0]])).toEqual([
    ['setting timeZone', 'America/New_York'],
    ['setting currency', 'USD'],
    ['setting fiscalYearStart', '2'],
    ['setting businessHours', 'working hours and holidays'],
  ]);
});

it('what the settings say is never overruled, and what nobody tells has to be said', {
  timeout: 120_000,
}, async () => {
  await using org = await startOrg('EUR');
  await using silent = await makeWorkspace(settings(org), secret(org));
  const refused = await silent.run('results', '--json');
  expect([refused.code, JSON.parse(refused.stdout).error.message]).toEqual([
    2,
    'currency is not set, and no connection tells it',
  ]);
  const check = await silent.run('check', '--json');
  expect(check.code).toBe(2);
  const findings: Finding[] = JSON.parse(check.stdout);
  expect(findings.filter(({ ok, check }) => !ok && check.startsWith('setting '))).toHaveLength(1);
  await using loud = await makeWorkspace(
    settings(org, 'timeZone: Europe/Madrid\ncurrency: GBP\n'),
    secret(org),
  );
  await loud.json('run');
  const [result] = await loud.json<Result[]>('results', '--kpi', 'revenue_won', '--grain', 'quarter');
  expect(result?.currency).toBe('GBP');
});
