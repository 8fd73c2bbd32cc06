import { RunError } from '../../src/model/errors.ts';
import type { Sources } from './drift.ts';

/** Where reading goes on; the connector's own, kept as text by the store. */
export interface Position {
  /** Everything stamped before this server time has been read; null before the first complete pass. */
  readonly upto: number | null;
  /** The same for the log of deletions; older than `upto` while Salesforce does not give it. */
  readonly deletedUpto: number | null;
  /** When all ids were last compared, or all records read. */
  readonly sweptAt: number | null;
  /** When all records were last read, whatever their stamp. */
  readonly wholeAt: number | null;
  /** What the stored records were made from. */
  readonly sources: Sources | null;
  /** The pass under way, if it was cut short. */
  readonly pass: Pass | null;
}

export interface Pass {
  /** Server time at its start: becomes `upto`, so that what changes meanwhile is read next time. */
  readonly upper: number;
  /** Of all records, not only of those changed since `upto`. */
  readonly whole: boolean;
  /** The last record delivered, in the order of stamp and id; null: none, or they come by a job. */
  readonly mark: Mark | null;
  /** The Bulk API job that delivers the records; null: REST. */
  readonly job: JobMark | null;
}

export interface Mark {
  readonly at: number;
  readonly id: string;
}

export interface JobMark {
  readonly id: string;
  /** Where the next set of results begins; null: at the beginning. */
  readonly locator: string | null;
  /** Records delivered before it. */
  readonly received: number;
}

const start: Position = {
  upto: null,
  deletedUpto: null,
  sweptAt: null,
  wholeAt: null,
  sources: null,
  pass: null,
};

export function readCursor(cursor: string | null, where: string): Position {
  if (cursor === null) return start;
  try {
    const position: Partial<Position> = JSON.parse(cursor);
    return { ...start, ...position };
  } catch (cause) {
    throw new RunError(
      'store',
      { where, message: 'the saved position cannot be read', fix: 'Read all again: `crm-kpi sync --full`.' },
      { cause },
    );
  }
}

export function writeCursor(position: Position): string {
  return JSON.stringify(position);
}
