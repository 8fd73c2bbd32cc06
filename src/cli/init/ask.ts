import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { RunError } from '../../model/errors.ts';

export interface AskedQuestion {
  readonly text: string;
  readonly choices: readonly (readonly [value: string, about: string])[];
  /** Taken on an empty line; null: an answer is needed. */
  readonly fallback: string | null;
  /** Not shown while it is typed. */
  readonly secret: boolean;
}

export interface Asker extends Disposable {
  tell(text: string): void;
  ask(question: AskedQuestion): Promise<string>;
}

export interface AskerStreams {
  readonly input: NodeJS.ReadableStream;
  readonly output: NodeJS.WritableStream;
  /** Whether typed characters have to be shown by us. */
  readonly terminal: boolean;
  readonly signal: AbortSignal;
  /** Ctrl-C, which a line editor takes for itself. */
  readonly onInterrupt: () => void;
}

/** A conversation by lines. Choices are answered by number or name. */
export function createAsker({ input, output, terminal, signal, onInterrupt }: AskerStreams): Asker {
  let muted = false;
  const screen = new Writable({
    write: (chunk, _encoding, done) => {
      if (!muted) output.write(chunk);
      done();
    },
  });
  const lines = createInterface({ input, output: screen, terminal });
  lines.on('SIGINT', onInterrupt);
  const ended = new Promise<never>((_, reject) => lines.once('close', () => reject(inputEnded())));
  ended.catch(() => {});
  const tell = (text: string) => void output.write(`${text}\n`);
  return {
    tell,
    async ask(question) {
      for (const [index, [value, about]] of question.choices.entries())
        tell(`  ${index + 1}) ${value}${about === '' ? '' : `: ${about}`}`);
      const hint = question.fallback === null ? '' : ` [${question.fallback}]`;
      output.write(`${question.text}${hint} `);
      muted = question.secret;
      const said = await Promise.race([lines.question('', { signal }), ended]).finally(() => {
        if (muted) output.write('\n');
        muted = false;
      });
      const text = said.trim() || (question.fallback ?? '');
      return question.choices[Number(text) - 1]?.[0] ?? text;
    },
    [Symbol.dispose]: () => lines.close(),
  };
}

function inputEnded(): RunError {
  return new RunError('usage', {
    where: 'init',
    message: 'The input ended before all questions were answered. Nothing was written.',
    fix: 'Run it again; or with --yes to take the defaults.',
  });
}
