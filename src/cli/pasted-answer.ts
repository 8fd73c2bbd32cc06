import { createInterface } from 'node:readline';
import { RunError } from '../model/errors.ts';
import { belongsTo } from './redirect-server.ts';

export type Pasted = { readonly answer: URLSearchParams } | { readonly problem: string };

/** Reads the address to which the browser was sent back. */
export function readPasted(text: string, state: string): Pasted {
  const bare = text.trim().replace(/^["'<]|["'>]$/g, '');
  const query = bare.includes('?') ? bare.slice(bare.indexOf('?') + 1) : bare;
  const answer = new URLSearchParams(query.split('#')[0]);
  if (!answer.has('code') && !answer.has('error'))
    return { problem: 'That is not it: the address must hold ?code=... Copy all of it.' };
  if (!belongsTo(answer, state))
    return {
      problem: 'That address belongs to another sign-in. Open the one above and copy what follows it.',
    };
  return { answer };
}

export interface PasteOptions {
  readonly input: NodeJS.ReadStream;
  readonly state: string;
  readonly tell: (text: string) => void;
  readonly signal: AbortSignal;
}

/** Takes lines until one holds the answer. */
export function waitForPaste({ input, state, tell, signal }: PasteOptions): Promise<URLSearchParams> {
  const { promise, resolve, reject } = Promise.withResolvers<URLSearchParams>();
  // As plain lines: a line editor would take Ctrl-C for itself.
  const lines = createInterface({ input, terminal: false });
  lines.on('line', (line) => {
    if (line.trim() === '') return;
    const pasted = readPasted(line, state);
    if ('problem' in pasted) return tell(pasted.problem);
    resolve(pasted.answer);
    lines.close();
  });
  lines.once('close', () => {
    // An input that stays open must not keep the program waiting; a file on standard input cannot.
    input.unref?.();
    reject(inputEnded());
  });
  signal.addEventListener('abort', () => lines.close(), { once: true });
  return promise;
}

function inputEnded(): RunError {
  return new RunError('usage', {
    where: 'connect',
    message: 'The input ended before the redirected address came.',
    fix: 'Run it again, sign in at the address that it prints, and paste the address where the browser ends.',
  });
}
