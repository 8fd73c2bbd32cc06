import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Language } from '../../model/kpi.ts';
import type { CommandContext, ExitCode } from '../context.ts';
import { type ExercisePlace, exerciseSettings, planExercise } from '../exercise/plan.ts';
import { commandText, type KnownCommand, runCommand } from '../exercise/run-command.ts';
import { type ExerciseStep, exerciseWords } from '../exercise/words.ts';
import { startSandbox } from './sandbox.ts';

type Options = Readonly<Record<string, unknown>>;

/**
 * The first round of a CRM project, on two sandbox CRMs: each step says what it is for, shows the command and runs it.
 * Nothing is asked, so that it can be read from top to bottom.
 */
export function createExercise(known: readonly KnownCommand[]) {
  return (context: CommandContext, _: readonly string[], options: Options): Promise<ExitCode> =>
    runExercise(context, options, known);
}

async function runExercise(
  context: CommandContext,
  options: Options,
  known: readonly KnownCommand[],
): Promise<ExitCode> {
  const folder = await mkdtemp(join(tmpdir(), 'crm-kpi-exercise-'));
  const language: Language = options.language === 'es' ? 'es' : 'en';
  try {
    await using salesforce = await startSandbox('salesforce', context, options);
    await using hubspot = await startSandbox('hubspot', context, options);
    const place = { folder, language, salesforceUrl: salesforce.url, hubspotUrl: hubspot.url };
    await writeFile(join(folder, 'crm-kpi.yaml'), exerciseSettings(place));
    const inside = {
      ...context,
      cwd: folder,
      flags: { ...context.flags, config: folder, json: false, logLevel: context.flags.logLevel ?? 'error' },
      env: {
        ...context.env,
        EXERCISE_CLIENT_ID: salesforce.auth.clientId,
        EXERCISE_CLIENT_SECRET: salesforce.auth.clientSecret,
        EXERCISE_TOKEN: hubspot.auth.accessToken,
      },
    };
    return await walk(inside, place, known);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function walk(
  context: CommandContext,
  place: ExercisePlace,
  known: readonly KnownCommand[],
): Promise<ExitCode> {
  const words = exerciseWords[place.language];
  context.out(words.opening);
  let number = 0;
  let last: ExerciseStep | null = null;
  for await (const { step, command, settings } of planExercise(context, place)) {
    if (step !== last) {
      number++;
      context.out(`\n${number}. ${words.steps[step]}\n`);
      last = step;
    }
    if (settings) context.out(settings);
    if (!command) continue;
    context.out(`$ ${commandText(command)}\n`);
    const exitCode = await runCommand(context, command, known);
    if (exitCode !== 0) return exitCode;
    context.out('');
  }
  context.out(words.closing);
  return 0;
}
