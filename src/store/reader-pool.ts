import { entityTables } from '../model/entities.ts';
import { type Handle, openReadOnly } from './database.ts';
import { hideDeadRecord, hideDeadRecords } from './facts.ts';

/** Handles that read the store, each with temporary tables of its own for as long as somebody has it. */
export interface ReaderPool extends Disposable {
  take(): Handle;
  giveBack(handle: Handle): void;
}

/** To open a file, and to read its schema, takes longer than to follow a few records. */
export function createReaderPool(path: string): ReaderPool {
  const idle: Handle[] = [];
  const all: Handle[] = [];
  const open = () => {
    const handle = openReadOnly(path);
    hideDeadRecords(handle);
    all.push(handle);
    return handle;
  };
  return {
    take: () => idle.pop() ?? open(),
    giveBack: (handle) => {
      dropTables(handle);
      idle.push(handle);
    },
    [Symbol.dispose]: () => {
      for (const handle of all) handle.close();
    },
  };
}

/** What stood in the place of a table's living records goes. */
function dropTables(handle: Handle): void {
  const made = handle.prepare("SELECT name FROM sqlite_temp_schema WHERE type = 'table'").pluck();
  for (const table of made.all() as string[]) {
    handle.exec(`DROP TABLE temp.${table}`);
    if (table in entityTables) hideDeadRecord(handle, table);
  }
}
