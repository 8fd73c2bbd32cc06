import { RunError } from '../../src/model/errors.ts';
import type { CsvFile } from './files.ts';

/** One thing wrong with a file. */
export interface Problem {
  readonly line: number;
  /** Column, value, rule. */
  readonly text: string;
  readonly fix: string;
}

/** More of one file are not listed: the first ones show what kind of fault it is. */
export const mostProblems = 20;

/** All that is wrong with one file, as one failure. */
export function fileError(connection: string, file: CsvFile, problems: readonly Problem[]): RunError {
  const [first] = problems;
  const lines = problems.map(({ line, text, fix }) => `${file.name}:${line} ${text}.\n    Fix: ${fix}`);
  const more = problems.length >= mostProblems ? `\n  The first ${mostProblems} problems are listed.` : '';
  return new RunError('config', {
    where: `${connection} ${file.name}:${first?.line ?? 1}`,
    message: `${file.name} cannot be read:\n  ${lines.join('\n  ')}${more}`,
    fix:
      problems.length === 1
        ? (first?.fix ?? '')
        : 'Correct the lines named above and run again; nothing of the file was taken.',
  });
}

/** A field as a message may show it. */
export function quoteField(field: string): string {
  const text = field.trim().replace(/\s+/g, ' ');
  return `"${text.length > 40 ? `${text.slice(0, 40)}…` : text}"`;
}
