/** The one seam between a connector and the network: src/remote implements it, and alone paces, retries, times out, counts. */
export interface Http {
  /** Sends until it is answered or given up; the body is read whole, so a truncated one counts as a failure. */
  send(request: HttpRequest): Promise<HttpAnswer>;
  /** The same for large bodies: chunks as they arrive; retried only until the first chunk. */
  stream(request: HttpRequest): Promise<HttpStream>;
  /** Server time of the newest answer (its Date header), epoch ms; null before the first one. */
  serverNow(): number | null;
  readonly usage: ApiUsage;
}

export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'HEAD';
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  /**
   * May be sent again when it is not known whether it arrived. Default: true for all but POST and PATCH.
   * True for every read by POST and every upsert by key.
   */
  readonly repeatable?: boolean;
  /** Until the whole answer (for a stream: between chunks). Default 120,000. */
  readonly timeoutMs?: number;
}

export interface HttpAnswer {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

export interface HttpStream {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly chunks: AsyncIterable<Uint8Array>;
}

export interface ApiUsage {
  /** Requests that this process sent through this connection, repeats included. */
  readonly calls: number;
  /** What the remote system says is used of its daily limit; null where it does not say. */
  readonly used: number | null;
  readonly limit: number | null;
  /** epoch ms; null for a rolling limit. */
  readonly resetsAt: number | null;
}

/** What a connector knows of its vendor's limits; data for src/remote. */
export interface RemotePolicy {
  readonly buckets: Readonly<Record<string, BucketLimit>>;
  bucketOf(request: HttpRequest): string;
  /** Reads limits off an answer: the daily use, and corrections of the buckets. */
  observe(answer: HttpAnswer): LimitReport;
  /** What to do with an answer. `attempt` counts from 1. */
  verdict(answer: HttpAnswer, attempt: number): Verdict;
  /** When the daily limit starts anew. Absent: it rolls, each call counts for 24 hours. */
  readonly dailyReset?: 'account_midnight';
}

export interface BucketLimit {
  readonly concurrency: number;
  /** At most `count` starts in any window of `ms`; absent: only concurrency limits. */
  readonly rate?: { readonly count: number; readonly ms: number };
}

export interface LimitReport {
  readonly daily?: { readonly used: number; readonly limit: number; readonly resetsAt?: number };
  readonly buckets?: Readonly<
    Record<string, { readonly count: number; readonly ms: number; readonly remaining?: number }>
  >;
}

/**
 * `done`: hand the answer to the caller (errors too: the connector explains them).
 * `again`: transient; wait `afterMs`, else back off with jitter. Only sent again if repeatable or `untouched` (the
 * vendor refused before doing anything, as with a rate limit).
 * `stop`: the daily limit is spent or the account is away: RunError kind `stopped`.
 */
export type Verdict =
  | { readonly kind: 'done' }
  | { readonly kind: 'again'; readonly afterMs?: number; readonly untouched?: boolean }
  | { readonly kind: 'stop'; readonly message: string; readonly fix: string };
