import { Option } from 'commander';
import { type CommandLine, dryRun, yes } from './command-line.ts';

/** Upkeep of the store. */
export const storeCommands: readonly CommandLine[] = [
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
];
