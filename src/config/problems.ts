import { RunError } from '../model/errors.ts';

/** One thing wrong in the settings. */
export interface Problem {
  readonly file: string;
  /** From 1; null where no line is to blame. */
  readonly line: number | null;
  /** `connections.sales.apiBudget`, `goals[0].every`; empty for the file itself. */
  readonly path: string;
  /** As written, or `***`; null where there is none to show. */
  readonly value: string | null;
  /** What is wrong: `must be between 1% and 100%`, `is missing`. */
  readonly rule: string;
  readonly fix: string;
}

/** Everything wrong in the settings at once. */
export class ConfigError extends RunError {
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    const [first] = problems;
    super('config', {
      where: first ? placeOf(first) : 'crm-kpi.yaml',
      message: describeProblems(problems),
      fix:
        problems.length === 1 && first
          ? first.fix
          : `Mend the ${problems.length} problems that the message lists.`,
    });
    this.name = 'ConfigError';
    this.problems = problems;
  }
}

/** One block per problem: place, value and rule, then the fix. */
export function describeProblems(problems: readonly Problem[]): string {
  return problems.map(describeProblem).join('\n');
}

function describeProblem(problem: Problem): string {
  const { path, value, rule, fix } = problem;
  const what = value === null ? rule : `is ${value}, ${rule}`;
  return `${[placeOf(problem), path, what].filter((part) => part !== '').join(' ')}.\n  Fix: ${fix}`;
}

function placeOf({ file, line }: Problem): string {
  return line === null ? file : `${file}:${line}`;
}

export function sortProblems(problems: readonly Problem[]): Problem[] {
  return problems.toSorted((a, b) => a.file.localeCompare(b.file) || (a.line ?? 0) - (b.line ?? 0));
}
