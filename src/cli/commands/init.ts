import { basename, dirname, join, resolve } from 'node:path';
import { parseEnvFile } from '../../config/env-file.ts';
import { RunError } from '../../model/errors.ts';
import type { CommandContext, ExitCode } from '../context.ts';
import { answerQuestions } from '../init/answer.ts';
import { type Asker, createAsker } from '../init/ask.ts';
import { type Answers, questions } from '../init/questions.ts';
import { settingsText } from '../init/settings-text.ts';
import { mergeEnv, readIfThere, writeWhole } from '../init/write-workspace.ts';

type Options = Readonly<Record<string, unknown>>;

export async function run(
  context: CommandContext,
  _: readonly string[],
  options: Options,
): Promise<ExitCode> {
  const path = settingsPath(context);
  using asker = openAsker(context, options);
  await requireFreePlace({ path, options, asker });
  const envPath = join(dirname(path), '.env');
  const present = (await readIfThere(envPath)) ?? '';
  const known = parseEnvFile(present).values;
  const answers = await answerQuestions({
    options,
    variables: { ...known, ...context.env },
    folder: dirname(path),
    takeDefaults: options.yes === true,
    asker,
  });
  const variables = variablesOf(answers);
  await writeWhole(envPath, mergeEnv(present, variables), 0o600);
  await writeWhole(path, settingsText(answers), 0o644);
  const empty = Object.keys(variables).filter((name) => !variables[name] && !known[name]);
  const next = nextSteps(answers, empty);
  if (context.flags.json) context.out(JSON.stringify({ settings: path, env: envPath, empty, next }));
  else context.out([`Wrote ${path} and ${envPath}.`, 'Next:', ...next.map((step) => `  ${step}`)].join('\n'));
  return 0;
}

function settingsPath({ flags, cwd }: CommandContext): string {
  const named = resolve(cwd, flags.config ?? '.');
  return /\.ya?ml$/.test(basename(named)) ? named : join(named, 'crm-kpi.yaml');
}

function openAsker(context: CommandContext, options: Options): Asker | null {
  if (!context.terminal.input || options.yes === true) return null;
  return createAsker({
    input: process.stdin,
    output: process.stderr,
    terminal: context.terminal.output,
    signal: context.signal,
    onInterrupt: () => process.kill(process.pid, 'SIGINT'),
  });
}

interface Place {
  readonly path: string;
  readonly options: Options;
  readonly asker: Asker | null;
}

/** Settings that stand there are somebody's work. */
async function requireFreePlace({ path, options, asker }: Place): Promise<void> {
  if (options.force === true || (await readIfThere(path)) === null) return;
  const question = {
    text: `${path} is there already. Replace it? (yes/no)`,
    choices: [],
    fallback: 'no',
    secret: false,
  };
  if (asker && /^y(es)?$/i.test(await asker.ask(question))) return;
  throw new RunError('usage', {
    where: path,
    message: 'There are settings here already; nothing was written.',
    fix: 'Edit them, name another folder with --config PATH, or replace them with --force.',
  });
}

/** What goes into .env. */
function variablesOf(answers: Answers): Readonly<Record<string, string>> {
  const pairs = questions.flatMap(({ id, variable }) => {
    const answer = answers[id];
    return variable && answer !== undefined ? [[variable(answers), answer] as const] : [];
  });
  return Object.fromEntries(pairs);
}

function nextSteps({ name = '', flow, publish }: Answers, empty: readonly string[]): readonly string[] {
  return [
    ...(empty.length > 0 ? [`fill in ${empty.join(', ')} in .env`] : []),
    ...(flow === 'authorization_code' ? [`crm-kpi connect ${name}`] : []),
    `crm-kpi check ${name}`,
    ...(publish === 'yes' ? [`crm-kpi install ${name}`] : []),
    'crm-kpi run',
    'crm-kpi results',
    'crm-kpi status',
  ];
}
