import { Option } from 'commander';
import { type CommandLine, count } from './command-line.ts';

const resultFilters = [
  new Option('--kpi <id>', 'only this KPI'),
  new Option('--grain <grain>', 'day, week, month, quarter or year'),
  new Option('--period <label>', 'only this period, as 2026-01, 2026-Q1, 2026, 2026-W05 or 2026-01-31'),
  new Option('--segment <kind[:id]>', 'company, team, owner ...; with an id only that one'),
  new Option('--status <status>', 'only results of this status'),
];

/** What managers and ops read. */
export const figureCommands: readonly CommandLine[] = [
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
];
