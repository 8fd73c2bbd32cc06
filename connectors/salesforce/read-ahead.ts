/** Items that are fetched before they are asked for, a few at a time. */
export interface Ahead<T> {
  readonly items: AsyncIterable<T>;
  /** Lets go of the source; what was not taken is dropped. */
  stop(): Promise<void>;
}

/** Reads on while the reader is busy elsewhere, until `limit` items wait. */
export function readAhead<T>(open: () => Promise<AsyncIterable<T>>, limit: number): Ahead<T> {
  const waiting: T[] = [];
  let stopped = false;
  let wake = Promise.withResolvers<void>();
  const change = () => {
    wake.resolve();
    wake = Promise.withResolvers<void>();
  };
  const fill = async () => {
    for await (const item of await open()) {
      waiting.push(item);
      change();
      while (waiting.length >= limit && !stopped) await wake.promise;
      if (stopped) return;
    }
  };
  let end: { readonly error: unknown } | null | undefined;
  const filled = fill()
    .then(
      () => {
        end = null;
      },
      (error: unknown) => {
        end = { error };
      },
    )
    .finally(change);
  async function* take(): AsyncGenerator<T, void> {
    try {
      for (;;) {
        const item = waiting.shift();
        if (item !== undefined) {
          change();
          yield item;
        } else if (end === undefined) await wake.promise;
        else if (end === null) return;
        else throw end.error;
      }
    } finally {
      await stop();
    }
  }
  async function stop(): Promise<void> {
    stopped = true;
    change();
    await filled;
  }
  return { items: take(), stop };
}
