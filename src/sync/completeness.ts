import type { Connection, Log, Stream, StreamCount, WantedColumns } from '../model/connector.ts';
import { RunError } from '../model/errors.ts';
import type { StreamKey, SyncStore } from '../model/store.ts';
import { countsOf } from './wanted.ts';

/** Living records here and there. */
export interface Completeness {
  readonly ours: number;
  readonly theirs: number;
  /** Forgotten people among ours: they may be gone there. */
  readonly forgotten?: number;
  /** Sums of amounts in minor units; null where the CRM cannot add them up. */
  readonly amounts:
    | readonly { readonly currency: string; readonly ours: number; readonly theirs: number }[]
    | null;
}

export function isProven({ ours, theirs, amounts, forgotten = 0 }: Completeness): boolean {
  return (
    ours >= theirs &&
    ours - forgotten <= theirs &&
    (amounts === null || amounts.every((sum) => sum.ours === sum.theirs))
  );
}

export function tellIncomplete(key: StreamKey, { ours, theirs }: Completeness): RunError {
  return new RunError('remote', {
    where: `${key.connection} ${key.stream}`,
    message:
      ours === theirs
        ? `The sum of the amounts of ${key.stream} differs from the CRM's, also after comparing all records.`
        : `The CRM counts ${theirs} records of ${key.stream}, the store holds ${ours}, also after comparing all of them.`,
    fix: `Run \`crm-kpi sync ${key.connection} --full\`; if the difference stays, run \`crm-kpi check ${key.connection}\`.`,
  });
}

/** The proof of completeness: what lives here against what lives there. A CRM that cannot count now costs no data. */
export async function compareCounts(
  {
    connection,
    stream,
    wanted,
  }: {
    readonly connection: Connection;
    readonly stream: Stream;
    readonly wanted?: WantedColumns | undefined;
  },
  key: StreamKey,
  { store, log, signal }: { readonly store: SyncStore; readonly log: Log; readonly signal: AbortSignal },
): Promise<Completeness | null> {
  if (!stream.comparable || !connection.count) return null;
  try {
    const theirs = countsOf(await connection.count(stream), wanted);
    const ours = await store.countLiving(key);
    const forgotten = ours.forgotten ? { forgotten: ours.forgotten } : {};
    return { ours: ours.rows, theirs: theirs.rows, ...forgotten, amounts: compareAmounts(ours, theirs) };
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof RunError) || error.kind !== 'remote') throw error;
    log.warn({ ...key, message: error.message }, 'count.failed');
    return null;
  }
}

function compareAmounts(ours: StreamCount, theirs: StreamCount): Completeness['amounts'] {
  if (!theirs.amounts) return null;
  const currencies = new Set([...Object.keys(ours.amounts ?? {}), ...Object.keys(theirs.amounts)]);
  return [...currencies].sort().map((currency) => ({
    currency,
    ours: ours.amounts?.[currency] ?? 0,
    theirs: theirs.amounts?.[currency] ?? 0,
  }));
}
