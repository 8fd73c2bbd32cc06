import type { TokenStore } from '../../src/model/connector.ts';

/** A token store that forgets with the test. */
export function createMemoryTokens(initial: string | null = null): TokenStore & { text: string | null } {
  let last: Promise<unknown> = Promise.resolve();
  const tokens = {
    text: initial,
    read: () => Promise.resolve(tokens.text),
    write: (text: string) => {
      tokens.text = text;
      return Promise.resolve();
    },
    exclusively: <T>(work: () => Promise<T>) => {
      const mine = last.then(work);
      last = mine.catch(() => {});
      return mine;
    },
  };
  return tokens;
}
