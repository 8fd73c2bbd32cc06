import { RunError } from '../../src/model/errors.ts';

/** Where reading goes on; the connector's own, kept as text by the store. */
export interface Position {
  /** Everything stamped before this server time has been read; null before the first complete pass. */
  readonly upto: number | null;
  /** The same for the log of deletions; older than `upto` while Salesforce does not give it. */
  readonly deletedUpto: number | null;
  /** The pass under way, if it was cut short. */
  readonly pass: Pass | null;
}

export interface Pass {
  /** Server time at its start: becomes `upto`, so that what changes meanwhile is read next time. */
  readonly upper: number;
  /** The last record delivered, in the order of stamp and id. */
  readonly at: number;
  readonly id: string;
}

const start: Position = { upto: null, deletedUpto: null, pass: null };

export function readCursor(cursor: string | null, where: string): Position {
  if (cursor === null) return start;
  try {
    const { upto = null, deletedUpto = null, pass = null }: Partial<Position> = JSON.parse(cursor);
    return { upto, deletedUpto, pass };
  } catch (cause) {
    throw new RunError(
      'store',
      { where, message: 'the saved position cannot be read', fix: 'Read all again: `crm-kpi sync --full`.' },
      { cause },
    );
  }
}

export function writeCursor(position: Position): string {
  const { upto, deletedUpto, pass } = position;
  return JSON.stringify(pass ? { upto, deletedUpto, pass } : { upto, deletedUpto });
}
