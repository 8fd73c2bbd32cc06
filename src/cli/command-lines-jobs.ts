import { Option } from 'commander';
import { type CommandLine, count, deadline, dryRun, yes } from './command-line.ts';
import { questionOptions } from './init/questions.ts';

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
  new Option('--planted', 'a company with problems that `findings` is to find'),
  new Option('--tier <name>', 'edition or tier of the account'),
  new Option('--without <what...>', 'objects, fields or scopes that this account lacks'),
];

/** Set-up and the nightly job. */
export const jobCommands: readonly CommandLine[] = [
  {
    name: 'demo',
    isLocal: true,
    about: 'Show the whole job against two sandbox CRMs: no account, no credentials.',
    example: 'crm-kpi demo --no-serve',
    options: [
      new Option('--no-serve', 'end when the job is done; else the dashboard is served until it is stopped'),
      new Option('--port <n>', 'port of the dashboard; 0 takes any free one').default(0).argParser(count),
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
      deadline,
    ],
    load: () => import('./commands/sync.ts'),
  },
  {
    name: 'evaluate',
    about: 'Compute KPI results and judge them against the goals.',
    example: 'crm-kpi evaluate --as-of 2026-10-31',
    options: [deadline],
    load: () => import('./commands/evaluate.ts'),
  },
  {
    name: 'publish',
    about: 'Write the results back into the CRMs.',
    example: 'crm-kpi publish --dry-run',
    args: [['[names...]', 'connections; default: all that show results']],
    options: [dryRun('print the plan, write nothing'), deadline],
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
    args: [['[names...]', 'connections that are read and written to; default: all']],
    options: [new Option('--full', 'read everything again'), deadline],
    load: () => import('./commands/run.ts'),
  },
  {
    name: 'schedule',
    about: 'Stay up and run the jobs of the settings by the clock; or print what another scheduler needs.',
    example: 'crm-kpi schedule print systemd',
    args: [
      ['[action]', 'print; without it the program stays up'],
      ['[kind]', 'systemd, crontab, docker or kubernetes'],
    ],
    options: [
      new Option('--port <n>', 'serve /metrics and /healthz on 127.0.0.1; 0 takes any free port').argParser(
        count,
      ),
    ],
    load: () => import('./commands/schedule.ts'),
  },
  {
    name: 'alerts',
    about: 'Send a test to those who are to be told of trouble, or what waits for them now.',
    example: 'crm-kpi alerts test --to slack-1',
    args: [['<action>', 'test, or send']],
    options: [new Option('--to <name>', 'only this one; `alerts test` names them')],
    load: () => import('./commands/alerts.ts'),
  },
];
