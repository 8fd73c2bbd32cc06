import { createInterface, type Interface } from 'node:readline';
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
  const nextLine = readLines(lines, signal);
  const tell = (text: string) => void output.write(`${text}\n`);
  return {
    tell,
    async ask(question) {
      for (const [index, [value, about]] of question.choices.entries())
        tell(`  ${index + 1}) ${value}${about === '' ? '' : `: ${about}`}`);
      const hint = question.fallback === null ? '' : ` [${question.fallback}]`;
      muted = question.secret;
      output.write(`${question.text}${hint} `);
      const said = await nextLine().finally(() => {
        if (muted) output.write('\n');
        muted = false;
      });
      const text = said.trim() || (question.fallback ?? '');
      return question.choices[Number(text) - 1]?.[0] ?? text;
    },
    [Symbol.dispose]: () => lines.close(),
  };
}

/** Lines in their order; those that come before they are asked for (pasted, or from a script) wait. */
function readLines(lines: Interface, signal: AbortSignal): () => Promise<string> {
  const early: string[] = [];
  let take: ((line: string) => void) | null = null;
  const ended = new Promise<never>((_, reject) => {
    lines.once('close', () => reject(inputEnded()));
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
  // Told to whoever asks next; until then nobody waits.
  ended.catch(() => {});
  lines.on('line', (line) => {
    if (take) take(line);
    else early.push(line);
    take = null;
  });
  return () => {
    const known = early.shift();
    if (known !== undefined) return Promise.resolve(known);
    const { promise, resolve } = Promise.withResolvers<string>();
    take = resolve;
    return Promise.race([promise, ended]);
  };
}

function inputEnded(): RunError {
  return new RunError('usage', {
    where: 'init',
    message: 'The input ended before all questions were answered. Nothing was written.',
    fix: 'Run it again; or with --yes to take the defaults.',
  });
}
