import { Option } from 'commander';
import { amount, type CommandLine, count } from './command-line.ts';

/** From figures to improvement. */
export const improveCommands: readonly CommandLine[] = [
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
];
