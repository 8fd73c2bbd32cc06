import type { Connection, ResultSchema } from '../../src/model/connector.ts';
import type { ResultChange } from '../../src/model/result.ts';

/** What a connector's author provides. All levers act on the remote system, as its users would or its faults do. */
export interface ConnectorHarness {
  /**
   * A new connection to the same remote system: settings, clock, pacing as in a real run, nothing kept from earlier
   * ones. The signal, when given, is the run's. Waiting between attempts should be short.
   */
  open(signal?: AbortSignal): Promise<Connection>;

  /** Changes one record of the stream, so that an incremental read has to see it. Its id; null: not in this stream. */
  change?(streamName: string): Promise<string | null>;
  /**
   * Changes another record than `change` did last, so that the remote system gives it the very same modification
   * instant. Its id; null: not in this stream.
   */
  changeAtSameInstant?(streamName: string): Promise<string | null>;
  /** Deletes one record of the stream. Its id; null: not in this stream. */
  remove?(streamName: string): Promise<string | null>;

  /** The next request for a page of records fails twice in a way that passes (503, a broken connection), then works. */
  failNextPage?(): void;
  /** From now on a page names itself as the next one. The function given back ends that. */
  repeatPageToken?(): () => void;
  /** Takes the permission to read the stream away. The function given back restores it; null: not for this stream. */
  denyPermission?(streamName: string): Promise<(() => Promise<void>) | null>;
  /** As `open`, with credentials that the remote system refuses. */
  openRefused?(): Promise<Connection>;

  /** For connectors that write back. */
  readonly publishing?: PublishingHarness;
}

export interface PublishingHarness {
  readonly target: ResultSchema;
  /** A dozen creations, with keys of their own. */
  changes(): readonly ResultChange[];
  /** Keys of the result records that stand in the remote system, one entry per record. */
  remoteKeys(): Promise<readonly string[]>;
}

export type Lever = Exclude<keyof ConnectorHarness, 'open'>;

export interface ContractCase {
  /** A fact: `ids are unique within a full read`. */
  readonly name: string;
  /** Rejects with an AssertionError that names the stream where the promise is broken. */
  run(): Promise<void>;
}

export interface PlannedCase {
  readonly name: string;
  /** Levers without which the case is left out. */
  readonly levers: readonly Lever[];
  run(harness: ConnectorHarness): Promise<void>;
}

/** A lever that the case's `levers` require. */
export function need<T>(lever: T | undefined): T {
  if (lever === undefined) throw new Error('The harness lacks a lever of this case.');
  return lever;
}
