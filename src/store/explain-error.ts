import { RunError } from '../model/errors.ts';

/** Runs an access to the store and turns SQLite's errors into sentences; others pass. */
export function withStoreErrors<T>(path: string, access: () => T): T {
  try {
    return access();
  } catch (error) {
    throw explainStoreError(error, path);
  }
}

/** SQLite result codes: https://www.sqlite.org/rescode.html */
const explanations: readonly [pattern: RegExp, message: string, fix: string][] = [
  [
    /^SQLITE_(BUSY|LOCKED)/,
    'Another process is writing to the store and did not finish in time.',
    'Close the program that holds it open for writing (a SQL shell, a copy job), then run again. Nothing was lost.',
  ],
  [
    /^(SQLITE_FULL|ENOSPC|EDQUOT)/,
    'The disk that holds the store is full.',
    'Free some space, then run again: it goes on where it stopped.',
  ],
  [
    /^SQLITE_(READONLY|PERM)/,
    'The store cannot be written.',
    'Give this user write permission on the file and its folder, then run again.',
  ],
  [
    /^SQLITE_CANTOPEN/,
    'The store cannot be opened.',
    'Check that the folder exists and that this user may write there, or change `store` in crm-kpi.yaml.',
  ],
  [
    /^SQLITE_(CORRUPT|NOTADB)/,
    'The file is damaged, or is no crm-kpi store.',
    'Move it away and restore a backup, or run again to build a new store from the CRM.',
  ],
  [
    /^SQLITE_IOERR/,
    'The disk reported an error while the store was used.',
    'Check the disk and its free space, then run again.',
  ],
  [
    /^(EACCES|EPERM|EROFS)$/,
    'The folder of the store cannot be written.',
    'Give this user write permission on it.',
  ],
  [
    /^(EEXIST|EISDIR|ELOOP|ENAMETOOLONG|ENOENT|ENOTDIR)$/,
    'The folder of the store cannot be made: a part of its path is no folder.',
    'Change `store` in crm-kpi.yaml to a file in a folder that exists or can be made.',
  ],
];

export function explainStoreError(error: unknown, path: string): unknown {
  if (!(error instanceof Error) || !('code' in error)) return error;
  const code = String(error.code);
  const known = explanations.find(([pattern]) => pattern.test(code));
  if (!known) return error;
  return new RunError('store', { where: path, message: known[1], fix: known[2] }, { cause: error });
}
