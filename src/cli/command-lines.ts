import { InvalidArgumentError, Option } from 'commander';
import type { CommandContext, ExitCode } from './context.ts';
import { questionOptions } from './init/questions.ts';

type Run = (
  context: CommandContext,
  args: readonly string[],
  options: Readonly<Record<string, unknown>>,
) => Promise<ExitCode>;

export interface CommandLine {
  readonly name: string;
  readonly about: string;
  readonly example: string;
  readonly args?: readonly (readonly [string, string])[];
  readonly options?: readonly Option[];
  /** Loaded when it runs: `--help` must not wait for a CRM client. */
  readonly load: () => Promise<{ run: Run }>;
}

const count = (value: string): number => {
  if (!/^\d+$/.test(value)) throw new InvalidArgumentError('It must be a whole number, 0 or more.');
  return Number(value);
};

const sandboxOptions = [
  new Option('--port <n>', 'port on 127.0.0.1; 0 takes any free one').default(0).argParser(count),
  new Option(
    '--data <dir>',
    'load newline-delimited JSON, one file per object, instead of a made-up company',
  ),
  new Option('--seed <n>', 'another seed, another company').default(1).argParser(count),
  new Option('--size <n>', 'deals of the made-up company').default(3000).argParser(count),
  new Option('--now <instant>', 'the instant at which its clock starts (RFC 3339); default: now'),
  new Option('--currency <code>', 'currency of the company').default('EUR'),
  new Option('--time-zone <zone>', 'time zone of the company').default('Europe/Madrid'),
  new Option('--tier <name>', 'edition or tier of the account'),
  new Option('--without <what...>', 'objects, fields or scopes that this account lacks'),
];

const yes = new Option('--yes', 'apply without asking');
const dryRun = (text: string) => new Option('--dry-run', text);
const resultFilters = [
  new Option('--kpi <id>', 'only this KPI'),
  new Option('--grain <grain>', 'day, week, month, quarter or year'),
  new Option('--period <label>', 'only this period, as 2026-01, 2026-Q1, 2026, 2026-W05 or 2026-01-31'),
  new Option('--segment <kind[:id]>', 'company, team, owner ...; with an id only that one'),
  new Option('--status <status>', 'only results of this status'),
];

/** Every command with its flags; the generated reference lists them too. */
export const commands: readonly CommandLine[] = [
  {
    name: 'demo',
    about: 'Show the whole job against two sandbox CRMs: no account, no credentials.',
    example: 'crm-kpi demo --no-serve',
    options: [
      new Option('--no-serve', 'end when the job is done'),
      new Option('--seed <n>', 'another seed, another company').default(1).argParser(count),
      new Option('--size <n>', 'deals of the made-up company').default(3000).argParser(count),
    ],
    load: () => import('./commands/demo.ts'),
  },
  {
    name: 'sandbox',
    about: 'Run one sandbox CRM until it is stopped; prints one JSON line when it is ready.',
    example: 'crm-kpi sandbox salesforce --port 8080 --seed 7',
    args: [['<connector>', 'salesforce or hubspot']],
    options: sandboxOptions,
    load: () => import('./commands/sandbox.ts'),
  },
  {
    name: 'init',
    about: 'Write the settings of a new workspace, question by question; every question has a flag.',
    example: 'crm-kpi init --connector hubspot --time-zone Europe/Madrid --currency EUR',
    options: [
      ...questionOptions(),
      new Option('--yes', 'take the defaults, ask nothing; secrets are filled in later'),
      new Option('--force', 'replace settings that are there already'),
    ],
    load: () => import('./commands/init.ts'),
  },
  {
    name: 'connect',
    about: 'Sign in to a CRM by browser and keep the sign-in, encrypted.',
    example: 'crm-kpi connect sales',
    args: [['<name>', 'the connection']],
    options: [
      new Option('--port <n>', 'port on this machine to which the browser returns')
        .default(8737)
        .argParser(count),
      new Option('--no-browser', 'open none: print the address and wait for the redirect'),
      new Option('--paste', 'no redirect to this machine: paste the address where the browser ends'),
      new Option('--timeout <seconds>', 'how long to wait for the person').default(300).argParser(count),
    ],
    load: () => import('./commands/connect.ts'),
  },
  {
    name: 'check',
    about: 'Sign in and test every permission, object, field, limit and the write-back target.',
    example: 'crm-kpi check sales',
    args: [['[name]', 'one connection; default: all']],
    load: () => import('./commands/check.ts'),
  },
  {
    name: 'install',
    about: 'Create or upgrade the KPI objects in the CRM; shows its plan first.',
    example: 'crm-kpi install sales --yes',
    args: [['<name>', 'the connection']],
    options: [
      yes,
      dryRun('only show the plan'),
      new Option(
        '--as <connection>',
        "an admin's connection that installs; NAME's user gets the permissions",
      ),
    ],
    load: () => import('./commands/install.ts'),
  },
  {
    name: 'sync',
    about: 'Pull what changed in the CRMs into the store.',
    example: 'crm-kpi sync sales',
    args: [['[names...]', 'connections; default: all']],
    options: [
      new Option('--full', 'read everything again'),
      new Option('--since <date>', 'read at least what changed since then, whatever was read before'),
      dryRun('predict rows, calls, minutes and share of the daily limit; store nothing'),
    ],
    load: () => import('./commands/sync.ts'),
  },
  {
    name: 'evaluate',
    about: 'Compute KPI results and judge them against the goals.',
    example: 'crm-kpi evaluate --as-of 2026-10-31',
    load: () => import('./commands/evaluate.ts'),
  },
  {
    name: 'publish',
    about: 'Write the results back into the CRMs.',
    example: 'crm-kpi publish --dry-run',
    options: [dryRun('print the plan, write nothing')],
    load: () => import('./commands/publish.ts'),
  },
  {
    name: 'unpublish',
    about: 'Remove everything that crm-kpi wrote or installed in a CRM; shows its plan first.',
    example: 'crm-kpi unpublish sales --yes',
    args: [['<name>', 'the connection']],
    options: [yes, dryRun('only show the plan')],
    load: () => import('./commands/unpublish.ts'),
  },
  {
    name: 'run',
    about: 'The nightly job: sync, evaluate, publish.',
    example: 'crm-kpi run --json',
    options: [new Option('--full', 'read everything again')],
    load: () => import('./commands/run.ts'),
  },
  {
    name: 'status',
    about: 'Is last night good? Connections, freshness, rows, API use, runs, what needs a person.',
    example: 'crm-kpi status',
    load: () => import('./commands/status.ts'),
  },
  {
    name: 'results',
    about: 'KPI results against goals: the latest complete and the current period; --json prints all.',
    example: 'crm-kpi results --kpi win_rate --segment owner',
    options: [...resultFilters, new Option('--score', 'one score over all goals, by period and segment')],
    load: () => import('./commands/results.ts'),
  },
  {
    name: 'explain',
    about: 'How one result came about: definition, inputs, and the records behind it.',
    example: 'crm-kpi explain win_rate --period 2026-10 --segment owner:0055e000001',
    args: [['<kpi>', 'id of the KPI']],
    options: [
      new Option(
        '--period <label>',
        'as 2026-01, 2026-Q1, 2026, 2026-W05 or 2026-01-31; default: the latest complete month',
      ),
      new Option('--segment <kind[:id]>', 'default: company'),
      new Option('--limit <n>', 'records to list').default(20).argParser(count),
    ],
    load: () => import('./commands/explain.ts'),
  },
  {
    name: 'baseline',
    about: 'Where we stand: the last 12 months and the years before, by segment, with what weighs most.',
    example: 'crm-kpi baseline case_resolution_hours --years 3',
    args: [['[kpi]', 'id of the KPI; default: all that have data']],
    options: [
      new Option('--years <n>', 'so many times 12 months').default(1).argParser(count),
      new Option('--segment <kind>', 'only segments of this kind'),
    ],
    load: () => import('./commands/baseline.ts'),
  },
  {
    name: 'goals',
    about: 'Propose realistic goals from the last 12 months, each with its reason, as settings to paste.',
    example: 'crm-kpi goals propose win_rate',
    args: [
      ['<action>', 'propose'],
      ['[kpi]', 'id of the KPI; default: all that have data'],
    ],
    load: () => import('./commands/goals.ts'),
  },
];
