import { startSandbox as startHubspot } from '../../connectors/hubspot/sandbox/index.ts';
import { startSandbox as startSalesforce } from '../../connectors/salesforce/sandbox/index.ts';
import type { Sandbox, SandboxOptions } from '../../src/sandbox/sandbox.ts';

export const sandboxDefaults: SandboxOptions = {
  port: 0,
  data: null,
  seed: 1,
  size: 300,
  now: Date.parse('2026-11-20T09:00:00Z'),
  currency: 'EUR',
  timeZone: 'Europe/Madrid',
  tier: null,
  without: [],
};

/** A portal whose burst limit does not slow the tests down; pacing has tests of its own. */
async function startGenerousHubspot(options: SandboxOptions): Promise<Sandbox> {
  const sandbox = await startHubspot(options);
  sandbox.limits.tenSecondly = 100_000;
  return sandbox;
}

/** Both CRMs as a workspace sees them: how its sandbox starts, its settings, and where results stand in it. */
export const crms = [
  {
    name: 'salesforce',
    start: startSalesforce,
    resultObject: 'KPI_Result__c',
    keyOf: (record: Readonly<Record<string, unknown>>) => String(record.Key__c),
    secret: (sandbox: Sandbox) => ({ SECRET: sandbox.auth.clientSecret }),
    settings: (sandbox: Sandbox) => `timeZone: Europe/Madrid
currency: EUR
connections:
  crm:
    connector: salesforce
    loginUrl: ${sandbox.url}
    auth: { flow: client_credentials, clientId: "${sandbox.auth.clientId}", clientSecret: "\${SECRET}" }
    fields: { account.category: Segment__c }
    publish: true
`,
  },
  {
    name: 'hubspot',
    start: startGenerousHubspot,
    resultObject: 'kpi_result',
    keyOf: (record: Readonly<Record<string, unknown>>) => {
      const properties = record.properties ?? record;
      return String(new Map(Object.entries(properties as object)).get('crmkpi_key'));
    },
    secret: (sandbox: Sandbox) => ({ SECRET: sandbox.auth.accessToken }),
    settings: (sandbox: Sandbox) => `timeZone: Europe/Madrid
currency: EUR
connections:
  crm:
    connector: hubspot
    baseUrl: ${sandbox.url}
    auth: { flow: private_app, accessToken: "\${SECRET}" }
    fields: { account.category: segment }
    publish: true
`,
  },
] as const;

export type Crm = (typeof crms)[number];

export const goals = `goals:
  - { kpi: win_rate, every: month, atLeast: 0.20, segments: [company, team, owner] }
  - { kpi: email_open_rate, every: month, atLeast: 0.25 }
  - { kpi: case_resolution_hours, every: month, atMost: 24 }
  - { kpi: revenue_won, every: quarter, atLeast: 100000 }
`;
