import type { Batch, Cursor, PassEstimate, ReadOptions, StreamCount } from '../../src/model/connector.ts';
import type { TableName } from '../../src/model/entities.ts';
import type { ReadPlan } from './plan.ts';

/** A stream before it is known whether it may be read. */
export interface Draft {
  readonly name: string;
  readonly table: TableName;
  readonly object: string | null;
  readonly typeId: string | null;
  readonly comparable: boolean;
  readonly plan: ReadPlan | null;
  /** What the account's figures lack where it cannot be read; a sentence. */
  readonly consequence?: string;
  /** The cheapest call that tells whether it may be read. */
  probe(): Promise<unknown>;
  read(since: Cursor | null, options: ReadOptions): AsyncIterable<Batch>;
  count(): Promise<StreamCount>;
  estimate(since: Cursor | null): Promise<PassEstimate>;
}

/** Small streams that are read whole by every run. */
export function alwaysWhole(name: string, table: TableName, object: string | null) {
  return { name, table, object, typeId: null, comparable: false, plan: null };
}
