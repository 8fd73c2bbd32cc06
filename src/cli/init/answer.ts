import { RunError } from '../../model/errors.ts';
import type { Asker } from './ask.ts';
import { type Answers, optionName, type Question, questions } from './questions.ts';

export interface AnswerSources {
  readonly options: Readonly<Record<string, unknown>>;
  /** The environment over .env. */
  readonly variables: Readonly<Record<string, string | undefined>>;
  /** The workspace, against which paths resolve. */
  readonly folder: string;
  /** --yes: nothing is asked, secrets are left to be filled in. */
  readonly takeDefaults: boolean;
  /** null: there is no terminal. */
  readonly asker: Asker | null;
}

/** Each answer from its flag, its variable, the person, or the default; all that is missing is told at once. */
export async function answerQuestions(sources: AnswerSources): Promise<Answers> {
  const answers: Record<string, string> = {};
  const missing: string[] = [];
  for (const question of questions) {
    if (question.when?.(answers) === false) continue;
    const given = givenAnswer(question, answers, sources) ?? (await findAnswer(question, answers, sources));
    if (given === null) missing.push(nameOf(question, answers));
    // Later questions hang on earlier answers: as if the default had been given.
    answers[question.id] = given ?? question.fallback?.(answers) ?? '';
  }
  if (missing.length === 0) return answers;
  throw new RunError('usage', {
    where: 'init',
    message: `There is no terminal to ask for ${missing.join(', ')}.`,
    fix: 'Give them (flags on the command line, secrets in the environment), or --yes to take the defaults and fill in secrets later.',
  });
}

function givenAnswer(question: Question, answers: Answers, sources: AnswerSources): string | null {
  const { flag, variable } = question;
  const option = flag === undefined ? undefined : sources.options[optionName(flag)];
  const given = typeof option === 'string' ? option : variable && sources.variables[variable(answers)];
  if (!given) return null;
  const problem = findProblem(question, given, { answers, folder: sources.folder });
  if (problem === null) return given;
  throw new RunError('usage', {
    where: nameOf(question, answers),
    message: question.secret ? 'is not what it should be.' : `is ${given}.`,
    fix: `It must be ${problem}.`,
  });
}

async function findAnswer(
  question: Question,
  answers: Answers,
  { asker, takeDefaults, folder }: AnswerSources,
): Promise<string | null> {
  const fallback = question.fallback?.(answers) ?? null;
  // Left empty in .env, for the person to fill in.
  if (takeDefaults) return fallback ?? '';
  if (question.isAsked?.(answers) === false) return fallback;
  if (!asker) return null;
  if (question.explain) asker.tell(question.explain(answers));
  const choices = question.choices?.(answers) ?? [];
  for (;;) {
    const said = await asker.ask({ text: question.ask, choices, fallback, secret: question.secret === true });
    const problem = findProblem(question, said, { answers, folder });
    if (problem === null) return said;
    asker.tell(`  It must be ${problem}.`);
  }
}

function findProblem(
  question: Question,
  text: string,
  { answers, folder }: { readonly answers: Answers; readonly folder: string },
): string | null {
  if (text === '') return 'given';
  const choices = question.choices?.(answers).map(([value]) => value);
  if (choices && !choices.includes(text)) return `one of ${choices.join(', ')}`;
  return question.check?.(text, { folder }) ?? null;
}

function nameOf({ flag, variable, id }: Question, answers: Answers): string {
  return flag?.split(' ')[0] ?? variable?.(answers) ?? id;
}
