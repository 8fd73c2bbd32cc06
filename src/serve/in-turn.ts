/** One at a time, for work that takes much of the machine: whoever asks meanwhile waits. */
export function inTurn<A, B>(work: (input: A) => Promise<B>): (input: A) => Promise<B> {
  let last: Promise<unknown> = Promise.resolve();
  return (input) => {
    const mine = last.then(() => work(input));
    last = mine.catch(() => null);
    return mine;
  };
}
