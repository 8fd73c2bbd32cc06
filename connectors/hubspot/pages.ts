import { setImmediate as nextTurn } from 'node:timers/promises';
import { RunError } from '../../src/model/errors.ts';
import { compareIds } from './ids.ts';

interface Page<T> {
  readonly results: readonly T[];
  readonly paging?: { readonly next?: { readonly after: string } | null | undefined } | null | undefined;
}

export interface PageStep<T> {
  readonly results: readonly T[];
  /** The token of the next page; null on the last one. */
  readonly next: string | null;
}

/** Follows `paging` to its end, whatever a page's length. A token that comes again is an error, not a loop. */
export async function* followPages<T>(options: {
  readonly where: string;
  readonly first: string | undefined;
  readonly signal: AbortSignal;
  readonly fetch: (after: string | undefined) => Promise<Page<T>>;
  /** Asks for the next page while the last one is worked on: for long lists. */
  readonly ahead?: boolean;
}): AsyncGenerator<PageStep<T>> {
  let after = options.first;
  let asked: Promise<Page<T>> | null = null;
  for (;;) {
    options.signal.throwIfAborted();
    const page: Page<T> = await (asked ?? options.fetch(after));
    const next = page.paging?.next?.after ?? null;
    if (next !== null && !movesOn(after, next)) throw repeated(options.where);
    asked = options.ahead && next !== null ? options.fetch(next) : null;
    // Its failure is told when its turn comes; whoever stops before does not want to know.
    asked?.catch(() => {});
    if (asked) await letLeave();
    yield { results: page.results, next };
    if (next === null) return;
    after = next;
  }
}

/** Tokens are offsets or ids and grow; one that is no number must at least differ. */
/**
 * fetch writes a request when the event loop has turned twice. Without these turns it would only leave after the page has
 * been worked on, and the server would rest meanwhile.
 */
async function letLeave(): Promise<void> {
  for (let turn = 0; turn < turnsToLeave; turn += 1) await nextTurn();
}

const turnsToLeave = 3;

function movesOn(after: string | undefined, next: string): boolean {
  if (after === undefined) return true;
  if (after === next) return false;
  const areNumbers = [after, next].every((token) => /^\d+$/.test(token));
  return areNumbers ? compareIds(next, after) > 0 : true;
}

function repeated(where: string): RunError {
  return new RunError('remote', {
    where,
    message: 'HubSpot sent the same page token twice; the list would never end.',
    fix: 'Run again; if it persists, report it to HubSpot with the time of the run.',
  });
}
