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
  /** Speaks with servers of its own on this machine alone. */
  readonly isLocal?: boolean;
  /** Loaded when it runs: `--help` must not wait for a CRM client. */
  readonly load: () => Promise<{ run: Run }>;
}

const count = (value: string): number => {
  if (!/^\d+$/.test(value)) throw new InvalidArgumentError('It must be a whole number, 0 or more.');
  return Number(value);
};

const amount = (value: string): number => {
  const parsed = Number(value);
  if (!Number.isFinite(parsed) || parsed < 0)
    throw new InvalidArgumentError('It must be a number, 0 or more.');
  return parsed;
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
  new Option('--planted', 'a company with problems that `findings` is to find'),
  new Option('--tier <name>', 'edition or tier of the account'),
  new Option('--without <what...>', 'objects, fields or scopes that this account lacks'),
];

const yes = new Option('--yes', 'apply without asking');
const dryRun = (text: string) => new Option('--dry-run', text);
const deadline = new Option(
  '--deadline <time>',
  'stop on purpose after so long, as 2h or 90m; the next run goes on',
);
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
    name: 'report',
    about: 'Write a report: a page that stands alone (.html), .pdf, .xlsx or .csv; or send a saved one.',
    example: 'crm-kpi report --out october.xlsx --kpi win_rate revenue_won --segment company team',
    options: [
      new Option('--out <file>', 'what to write: .html, .pdf, .xlsx or .csv'),
      new Option('--name <report>', 'a report saved under `reports` in crm-kpi.yaml'),
      new Option('--send', 'send it as its `send` in crm-kpi.yaml says'),
      new Option('--kpi <id...>', 'these KPIs; default: those with goals'),
      new Option('--segment <segment...>', 'company, team (all compared), owner:0055e000001 ...'),
      new Option('--grain <grain>', 'day, week, month, quarter or year'),
      new Option('--period <label>', 'up to this period; default: the latest complete one'),
      new Option('--periods <n>', 'how many periods').argParser(count),
      new Option('--language <code>', 'en or es').choices(['en', 'es']),
      new Option('--title <text>', 'the heading'),
    ],
    load: () => import('./commands/report.ts'),
  },
  {
    name: 'serve',
    about: 'Serve the dashboard, on this machine only unless a login is set.',
    example: 'crm-kpi serve --port 8080',
    options: [
      new Option('--port <n>', 'port; default: 8080, or `serve.port`; 0 takes any free one').argParser(count),
      new Option('--host <address>', 'address to listen on; default: 127.0.0.1; any other needs a login'),
      new Option('--hash-password', 'read a password from stdin, print its hash for the settings, and end'),
    ],
    load: () => import('./commands/serve.ts'),
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
    name: 'kpi',
    about: 'The KPIs there are, what each counts, and KPIs of your own with their cases.',
    example: 'crm-kpi kpi new large_deals_won',
    args: [
      ['<action>', 'list, show, new or test'],
      ['[id]', 'id of the KPI'],
    ],
    load: () => import('./commands/kpi.ts'),
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
  {
    name: 'findings',
    about: 'Improvement areas by priority: rule, evidence, worst records with their pages in the CRM, teams.',
    example: 'crm-kpi findings show 1',
    args: [
      ['[step]', 'list or show; default: list'],
      ['[id]', 'show: id, beginning of an id, or number in the list'],
    ],
    options: [
      new Option('--all', 'closed ones, too'),
      new Option('--detector <id>', 'only what this detector found'),
      new Option('--segment <kind[:id]>', 'company, pipeline, team ...; with an id only that one'),
    ],
    load: () => import('./commands/findings.ts'),
  },
  {
    name: 'actions',
    about: 'What is done about the findings, and what came of it: propose, accept, start, finish, measure.',
    example: 'crm-kpi actions accept 3 --owner ana@example.com --task',
    args: [
      ['[step]', 'list, propose, add, show, change, accept, start, finish, reject or effect; default: list'],
      ['[ids...]', 'numbers of the actions; add: what is to be done'],
    ],
    options: [
      new Option('--all', 'list rejected ones, too'),
      new Option('--state <state>', 'list only those: proposed, accepted, started, done or rejected'),
      new Option('--again', 'propose: also for findings whose action is done or was rejected'),
      new Option(
        '--owner <person>',
        'accept, change: who does it; e-mail, id or name of a CRM user, or any name',
      ),
      new Option('--type <type>', 'add: training, configuration, automation, content or staffing'),
      new Option('--due <date>', 'accept, change, add: by when'),
      new Option('--hypothesis <text>', 'accept, change: what is expected of it'),
      new Option('--task', 'accept, change: write it back as a task for its owner in the CRM'),
      new Option('--on <date>', 'start, finish: the day, where it was not today'),
      new Option('--kpi <id>', 'add, start: the KPI by which its effect is measured'),
      new Option('--segment <kind:id>', 'add, start: whose figures are measured'),
      new Option('--control <kind:id>', 'start: a comparable segment that is left alone'),
      new Option('--window <days>', 'start: days before and after that are compared, whole weeks').argParser(
        count,
      ),
      new Option(
        '--wash-out <days>',
        'start: days left out once it is finished; default: a median cycle',
      ).argParser(count),
      new Option(
        '--min-effect <n>',
        'start: smaller changes do not matter; default: 5 % of the target',
      ).argParser(amount),
      new Option('--note <text>', 'why, for the history'),
      new Option('--author <name>', 'who takes the step; default: the user of this machine'),
    ],
    load: () => import('./commands/actions.ts'),
  },
  {
    name: 'entry',
    about:
      'Costs, benefits, training, quotas and benchmarks by hand: add, edit, import, list; every version is kept.',
    example:
      'crm-kpi entry add cost --day 2026-10-01 --to 2026-10-31 --amount 12000 --purpose sales --origin "payroll"',
    args: [
      ['[step]', 'list, add, edit, remove, import or history; default: list'],
      [
        '[what]',
        'add: cost, benefit, training, quota or benchmark; import: the file; else the id of an entry',
      ],
    ],
    options: [
      new Option('--day <date>', 'the day, or the first of several'),
      new Option('--to <date>', 'the last day that it covers'),
      new Option('--amount <n>', 'money in major units'),
      new Option('--value <n>', 'where it is no money; of a range the lower end'),
      new Option('--value-high <n>', 'of a benchmark that is a range: the upper end'),
      new Option('--currency <code>', 'default: the reporting currency'),
      new Option('--purpose <word>', 'sales, marketing, crm ...'),
      new Option('--person <who>', 'id or e-mail of the person, for training and quotas'),
      new Option('--team <id>', 'id of the team'),
      new Option('--campaign <id>', 'id of the campaign'),
      new Option('--kpi <id>', 'of a benchmark: the KPI'),
      new Option('--statistic <name>', 'of a benchmark: p50, p90, mean ...'),
      new Option('--segment <text>', 'of a benchmark: whose figure it is'),
      new Option('--published <date>', 'of a benchmark'),
      new Option('--comparability <word>', 'of a benchmark').choices(['same', 'similar', 'different']),
      new Option('--origin <text>', 'where the figure comes from'),
      new Option('--note <text>', 'a remark'),
      new Option('--author <name>', 'default: the user of this machine'),
    ],
    load: () => import('./commands/entry.ts'),
  },
  {
    name: 'benchmarks',
    about: 'Your figures beside published ones, teams and connections beside each other, and good practices.',
    example: 'crm-kpi benchmarks win_rate',
    args: [['[kpi]', 'only this KPI']],
    options: [new Option('--practices [detector]', 'the good-practice cards instead')],
    load: () => import('./commands/benchmarks.ts'),
  },
  {
    name: 'feedback',
    about:
      'What customers and CRM users answered: scores, response rate, and their comments, shown only here.',
    example: 'crm-kpi feedback --segment team:00E1 --since 2026-10-01',
    options: [
      new Option('--finding <id>', 'only answers from the segment of this finding'),
      new Option('--segment <kind[:id]>', 'company, team:ID, owner:ID, case_category:NAME ...'),
      new Option('--since <date>', 'answers from this day on; default: 180 days'),
      new Option('--limit <n>', 'comments shown').default(50).argParser(count),
    ],
    load: () => import('./commands/feedback.ts'),
  },
  {
    name: 'review',
    about:
      'The review meeting: one page with frozen figures, findings, actions and their effect; open, show, close.',
    example: 'crm-kpi review open --next 2026-12-15 --out review.html',
    args: [
      ['[step]', 'open, show, close or list; default: show'],
      ['[id]', 'number of the review; default: the newest'],
    ],
    options: [
      new Option('--out <file>', 'write the page: .html (stands alone) or .md (to be edited)'),
      new Option('--notes <file>', 'close: the edited page, or notes as Markdown'),
      new Option('--attendees <names>', 'who takes part'),
      new Option('--next <date>', 'day of the next review'),
      new Option('--language <code>', 'en or es; default: that of the settings').choices(['en', 'es']),
      new Option('--author <name>', 'default: the user of this machine'),
    ],
    load: () => import('./commands/review.ts'),
  },
  {
    name: 'doctor',
    about: 'Examine the store: damage, indexes, orphans, size by table. Changes nothing.',
    example: 'crm-kpi doctor',
    load: () => import('./commands/doctor.ts'),
  },
  {
    name: 'connections',
    about: 'What the store holds of each connection; rename one, or remove all that came from it.',
    example: 'crm-kpi connections rename sales crm',
    args: [
      ['[step]', 'list, rename or remove; default: list'],
      ['[names...]', 'rename: the old and the new name; remove: the name'],
    ],
    options: [yes, dryRun('remove: only show what would go')],
    load: () => import('./commands/connections.ts'),
  },
  {
    name: 'forget',
    about:
      'For a data-protection request: pseudonymise an owner or contact everywhere, and keep them from coming back.',
    example: 'crm-kpi forget sales:0035e000002 --name "Ana Ruiz"',
    args: [['<person>', 'CONNECTION:ID as in the CRM, or the e-mail address of an owner']],
    options: [
      yes,
      dryRun('only show what would change'),
      new Option('--as <kind>', 'where an id may be both').choices(['owner', 'contact']),
      new Option('--name <names...>', 'names to remove from texts, beside those that the store knows'),
    ],
    load: () => import('./commands/forget.ts'),
  },
  {
    name: 'backup',
    about: 'Copy the store to a file, consistent and tested, while jobs and the dashboard use it.',
    example: 'crm-kpi backup /backups/crm-kpi.db',
    args: [['<file>', 'an earlier backup of that name is replaced']],
    load: () => import('./commands/backup.ts'),
  },
  {
    name: 'restore',
    about: "Put a backup in the store's place; what was there is kept beside it.",
    example: 'crm-kpi restore /backups/crm-kpi.db',
    args: [['<file>', 'what `crm-kpi backup` wrote']],
    load: () => import('./commands/restore.ts'),
  },
  {
    name: 'exercise',
    isLocal: true,
    about:
      'A first round with the sandbox: three KPIs, a month, two areas, a plan, the next month; every command is shown.',
    example: 'crm-kpi exercise',
    options: [
      new Option('--seed <n>', 'another seed, another company').default(1).argParser(count),
      new Option('--language <code>', 'en or es').choices(['en', 'es']).default('en'),
      new Option('--size <n>', 'deals of the made-up company').default(3000).argParser(count),
    ],
    load: async () => ({ run: (await import('./commands/exercise.ts')).createExercise(commands) }),
  },
];
