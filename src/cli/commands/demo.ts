import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Sandbox } from '../../sandbox/sandbox.ts';
import type { CommandContext, ExitCode } from '../context.ts';
import { startDashboard } from '../dashboard.ts';
import { runJob } from '../job.ts';
import { evaluatePhase, publishPhase, syncPhase } from '../phases.ts';
import { toResultJson } from '../result-json.ts';
import { formatResults } from '../result-table.ts';
import { openWorkspace } from '../wire.ts';
import { run as install } from './install.ts';
import { startSandbox } from './sandbox.ts';
import { untilStopped } from './serve.ts';

type Options = Readonly<Record<string, unknown>>;

/** Two sandbox CRMs, a workspace in a temporary folder, and the same commands that a user would type. */
export async function run(
  context: CommandContext,
  _: readonly string[],
  options: Options,
): Promise<ExitCode> {
  const folder = await mkdtemp(join(tmpdir(), 'crm-kpi-demo-'));
  try {
    context.note(
      'Two sandbox CRMs start on this machine: Salesforce for sales and service, HubSpot for marketing.',
    );
    await using salesforce = await startSandbox('salesforce', context, options);
    await using hubspot = await startSandbox('hubspot', context, options);
    await writeFile(join(folder, 'crm-kpi.yaml'), demoSettings(salesforce.url, hubspot.url));
    const own = demoContext(context, { folder, salesforce, hubspot });
    const { exitCode, ...shown } = await runDemo(own, { salesforce, hubspot });
    const port = options.serve === false || exitCode !== 0 ? null : Number(options.port);
    await serveUntilStopped(own, port, (dashboard) => {
      if (context.flags.json) context.out(JSON.stringify({ exitCode, ...shown, dashboard }));
    });
    return exitCode;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function demoContext(
  context: CommandContext,
  { folder, salesforce, hubspot }: { folder: string; salesforce: Sandbox; hubspot: Sandbox },
): CommandContext {
  return {
    ...context,
    out: context.flags.json ? () => {} : context.out,
    flags: { ...context.flags, config: folder, json: false, logLevel: context.flags.logLevel ?? 'warn' },
    env: {
      DEMO_CLIENT_ID: salesforce.auth.clientId,
      DEMO_CLIENT_SECRET: salesforce.auth.clientSecret,
      DEMO_ACCESS_TOKEN: hubspot.auth.accessToken,
    },
  };
}

function demoSettings(salesforceUrl: string, hubspotUrl: string): string {
  return `timeZone: Europe/Madrid
currency: EUR
connections:
  sales:
    connector: salesforce
    loginUrl: ${salesforceUrl}
    auth: { flow: client_credentials, clientId: "\${DEMO_CLIENT_ID}", clientSecret: "\${DEMO_CLIENT_SECRET}" }
    objects: [deals, activities, tickets]
    fields: { account.category: Segment__c }
    publish: true
  marketing:
    connector: hubspot
    baseUrl: ${hubspotUrl}
    auth: { flow: private_app, accessToken: "\${DEMO_ACCESS_TOKEN}" }
    objects: [campaigns]
    publish: true
goals:
  - { kpi: win_rate, every: month, atLeast: 0.20, segments: [company, team, owner], baseline: { periods: 12 } }
  - { kpi: email_open_rate, every: month, atLeast: 0.25 }
  - { kpi: case_resolution_hours, every: month, atMost: 24 }
`;
}

/** What a manager sees, also as `--json` prints it. */
interface Shown {
  readonly exitCode: ExitCode;
  readonly results: readonly ReturnType<typeof toResultJson>[];
  readonly writtenBack: readonly WrittenBack[];
}

interface WrittenBack {
  readonly connector: string;
  readonly url: string;
  readonly object: string;
  readonly records: number;
  readonly example: string | null;
}

async function runDemo(
  context: CommandContext,
  sandboxes: { readonly salesforce: Sandbox; readonly hubspot: Sandbox },
): Promise<Shown> {
  for (const name of ['sales', 'marketing']) {
    context.note(`\n$ crm-kpi install ${name} --yes`);
    await install({ ...context, out: () => {}, note: () => {} }, [name], { yes: true });
    context.note('The KPI object, its fields and permissions are created there.');
  }
  context.note('\n$ crm-kpi run');
  const exitCode = await runJob(context, 'run', {
    phases: [syncPhase([], { full: false, since: null }), evaluatePhase, publishPhase([])],
  });
  if (exitCode !== 0) return { exitCode, results: [], writtenBack: [] };
  const results = await showResults(context);
  return { exitCode, results, writtenBack: showWrittenBack(context, sandboxes) };
}

/** The dashboard over what the job stored, for as long as the sandbox CRMs run too: its links lead into them. */
async function serveUntilStopped(
  context: CommandContext,
  port: number | null,
  tell: (url: string | null) => void,
): Promise<void> {
  if (port === null) return tell(null);
  const workspace = await openWorkspace(context);
  await workspace[Symbol.asyncDispose]();
  await using dashboard = await startDashboard(context, workspace, { host: '127.0.0.1', port });
  context.out(`\nThe dashboard is at ${dashboard.url} (Ctrl+C ends the demo).`);
  tell(dashboard.url);
  await untilStopped(context.signal);
}

const monthsShown = 3;

/** The goals of the company over the last months, and the teams in the newest complete one. */
async function showResults(context: CommandContext): Promise<Shown['results']> {
  await using workspace = await openWorkspace(context);
  const judged = [];
  for await (const chunk of workspace.store.latestResults(workspace.asOf, { grain: 'month' })) {
    judged.push(...chunk.filter(({ goal }) => goal !== null));
  }
  const months = [...new Set(judged.map(({ periodLabel }) => periodLabel))].sort().slice(-monthsShown);
  const company = judged.filter(
    ({ segment, periodLabel }) => segment.kind === 'company' && months.includes(periodLabel),
  );
  const complete = company.filter((result) => result.complete).map(({ periodLabel }) => periodLabel);
  const newest = complete.sort().at(-1);
  context.out(
    `\nThe goals, month by month (… marks the running month):\n\n${formatResults(company, workspace)}`,
  );
  const teams = judged.filter(
    ({ segment, periodLabel }) => segment.kind === 'team' && periodLabel === newest,
  );
  context.out(`\nThe teams in ${newest}:\n\n${formatResults(teams, workspace)}`);
  const { catalog, asOf, settings } = workspace;
  const { language } = settings;
  return [...company, ...teams].map((result) =>
    toResultJson(
      result,
      catalog.find(({ id }) => id === result.kpi),
      { language, asOf },
    ),
  );
}

function showWrittenBack(
  context: CommandContext,
  sandboxes: { readonly salesforce: Sandbox; readonly hubspot: Sandbox },
): readonly WrittenBack[] {
  context.out('\nWritten back, read from the CRMs themselves:\n');
  const places = [
    ['Salesforce', 'KPI_Result__c', 'Explanation__c', sandboxes.salesforce],
    ['HubSpot', 'kpi_result', 'explanation', sandboxes.hubspot],
  ] as const;
  const written = places.map(([title, object, field, sandbox]) => {
    const ids = sandbox.ids(object);
    const example = ids
      .map((id) => readField(sandbox.get(object, id), field))
      .find((text) => text.includes('target'));
    context.out(
      `${title} (${sandbox.url}): ${ids.length} records of ${object}, for example\n  ${example ?? ''}`,
    );
    const { connector, url } = sandbox;
    return { connector, url, object, records: ids.length, example: example ?? null };
  });
  context.out('\nYour own CRM: see "Your own CRM" in the README.');
  return written;
}

/** A field of a record as either sandbox keeps it: flat, or under `properties`. */
function readField(record: Readonly<Record<string, unknown>> | undefined, field: string): string {
  const properties = record?.properties;
  const fields =
    typeof properties === 'object' && properties !== null
      ? new Map(Object.entries(properties))
      : new Map(Object.entries(record ?? {}));
  return String(fields.get(field) ?? '');
}
