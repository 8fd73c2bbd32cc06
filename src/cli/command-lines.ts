import { Option } from 'commander';
import { type CommandLine, count } from './command-line.ts';
import { figureCommands } from './command-lines-figures.ts';
import { improveCommands } from './command-lines-improve.ts';
import { jobCommands } from './command-lines-jobs.ts';
import { storeCommands } from './command-lines-store.ts';

/** Every command with its flags; the generated reference lists them too. */
export const commands: readonly CommandLine[] = [
  ...jobCommands,
  ...figureCommands,
  ...improveCommands,
  ...storeCommands,
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
