import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { startSandbox as startHubspot } from '../../connectors/hubspot/sandbox/index.ts';
import { startSandbox as startSalesforce } from '../../connectors/salesforce/sandbox/index.ts';
import { makeWorkspace, type TestWorkspace } from '../acceptance/cli.ts';
import { sandboxDefaults } from '../acceptance/crms.ts';

const bin = fileURLToPath(new URL('../../src/cli/crm-kpi.cjs', import.meta.url));

export interface Company extends AsyncDisposable {
  readonly workspace: TestWorkspace;
  readonly salesforce: Awaited<ReturnType<typeof startSalesforce>>;
  readonly hubspot: Awaited<ReturnType<typeof startHubspot>>;
}

/** The demo's company with goals in every domain, synced, evaluated and written back over HTTP. */
export async function openCompany({ size = 3000 } = {}): Promise<Company> {
  const salesforce = await startSalesforce({ ...sandboxDefaults, size });
  const hubspot = await startHubspot({ ...sandboxDefaults, size });
  hubspot.limits.tenSecondly = 100_000;
  const workspace = await makeWorkspace(
    settingsOf(salesforce.url, hubspot.url),
    secretsOf({ salesforce, hubspot }),
  );
  await workspace.json('install', 'sales', '--yes');
  await workspace.json('install', 'marketing', '--yes');
  await workspace.json('run');
  return {
    workspace,
    salesforce,
    hubspot,
    async [Symbol.asyncDispose]() {
      await workspace[Symbol.asyncDispose]();
      await salesforce[Symbol.asyncDispose]();
      await hubspot[Symbol.asyncDispose]();
    },
  };
}

function settingsOf(salesforceUrl: string, hubspotUrl: string): string {
  return `timeZone: Europe/Madrid
currency: EUR
connections:
  sales:
    connector: salesforce
    loginUrl: ${salesforceUrl}
    auth: { flow: client_credentials, clientId: "\${CLIENT_ID}", clientSecret: "\${CLIENT_SECRET}" }
    objects: [deals, activities, tickets, leads]
    fields: { account.category: Segment__c }
    publish: true
  marketing:
    connector: hubspot
    baseUrl: ${hubspotUrl}
    auth: { flow: private_app, accessToken: "\${ACCESS_TOKEN}" }
    objects: [campaigns]
    publish: true
segments: [company, team, owner, category]
goals:
  - { kpi: win_rate, every: month, atLeast: 0.20, segments: [company, team, owner], accountable: Head of sales, reason: To win more of what we quote. }
  - { kpi: revenue_won, every: month, atLeast: 500000 }
  - { kpi: activities_completed, every: month, atLeast: 700 }
  - { kpi: email_open_rate, every: month, atLeast: 0.25 }
  - { kpi: case_resolution_hours, every: month, atMost: 24, segments: [company, team, owner] }
  - { kpi: first_response_hours, every: month, atMost: 4 }
  - { kpi: retention_rate, every: month, atLeast: 0.95 }
publish: { kpis: all }
reports:
  - { name: review, title: Monthly review, segments: [company, team] }
`;
}

/** `crm-kpi serve` as a user starts it. */
export async function serve(
  folder: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<{ url: string } & AsyncDisposable> {
  const child = spawn(process.execPath, [bin, 'serve', '--port', '0', '--json'], {
    cwd: folder,
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = await once(createInterface(child.stdout), 'line');
  return {
    url: String(JSON.parse(String(line)).url),
    async [Symbol.asyncDispose]() {
      child.kill('SIGTERM');
      await once(child, 'close');
    },
  };
}

export const secretsOf = ({ salesforce, hubspot }: Pick<Company, 'salesforce' | 'hubspot'>) => ({
  CLIENT_ID: salesforce.auth.clientId,
  CLIENT_SECRET: salesforce.auth.clientSecret,
  ACCESS_TOKEN: hubspot.auth.accessToken,
});
