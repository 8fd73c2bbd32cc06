import { type Handle, openReadOnly } from './database.ts';
import { hideDeadRecords } from './facts.ts';

/** Handles that read the store, each with temporary tables of its own. */
export interface ReaderPool extends Disposable {
  /** One that was prepared for a purpose. */
  take(purpose: string, prepare: (handle: Handle) => void): Handle;
  giveBack(purpose: string, handle: Handle): void;
}

/** To open a file, to read its schema and to make tables takes longer than to follow a few records. */
export function createReaderPool(path: string): ReaderPool {
  const idle = new Map<string, Handle[]>();
  const all: Handle[] = [];
  return {
    take: (purpose, prepare) => {
      const known = idle.get(purpose)?.pop();
      if (known) return known;
      const handle = openReadOnly(path);
      all.push(handle);
      // Several are open at a time.
      handle.pragma('cache_size = -4000');
      hideDeadRecords(handle);
      prepare(handle);
      return handle;
    },
    giveBack: (purpose, handle) => {
      const others = idle.get(purpose) ?? [];
      others.push(handle);
      idle.set(purpose, others);
    },
    [Symbol.dispose]: () => {
      for (const handle of all) handle.close();
    },
  };
}
