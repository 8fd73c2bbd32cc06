import type { Clock, Log } from '../model/connector.ts';
import { RunError } from '../model/errors.ts';
import type { HttpAnswer, HttpRequest, RemotePolicy, Verdict } from '../model/http.ts';
import { startDeadline } from './deadline.ts';
import { type Failure, failureError, readFailure } from './failure.ts';
import type { Pace, Sleep } from './pace.ts';
import type { Receive, Received } from './receive.ts';
import { nextDelay, retryAfterMs, retryLimits } from './retry.ts';
import { describePath, makeHeaders, parseTarget } from './target.ts';
import type { Meter } from './usage.ts';

/** Everything that one connection's requests share. */
export interface Line {
  /** The connection's name, for messages. */
  readonly where: string;
  readonly policy: RemotePolicy;
  readonly pace: Pace;
  readonly meter: Meter;
  readonly clock: Clock;
  readonly log: Log;
  readonly signal: AbortSignal;
  readonly fetch: typeof fetch;
  readonly random: () => number;
  readonly sleep: Sleep;
  /** Takes note of an answer's Date header. */
  noteServerTime(at: number): void;
}

const defaultTimeoutMs = 120_000;

/** One request on its way, with what its messages need. */
interface Errand {
  readonly request: HttpRequest;
  readonly target: URL;
  readonly headers: Headers;
  readonly repeatable: boolean;
  /** `sales GET /services/data` */
  readonly where: string;
}

type Tried<T> = { readonly ms: number } & (
  | { readonly kind: 'answered'; readonly received: Received<T>; readonly verdict: Verdict }
  | { readonly kind: 'failed'; readonly failure: Failure }
);

/** Sends a request until it is answered for good, or given up. */
export async function exchange<T>(
  line: Line,
  request: HttpRequest,
  receive: Receive<T>,
): Promise<Received<T>> {
  const errand = prepare(line, request);
  let spentMs = 0;
  for (let attempt = 1; ; attempt += 1) {
    const tried = await tryOnce(line, errand, { attempt, receive });
    spentMs += tried.ms;
    const waitMs = decideWait(line, errand, { tried, attempts: attempt, spentMs });
    if (waitMs === null) return takeOrThrow(errand, tried, attempt);
    if (tried.kind === 'answered') await tried.received.discard();
    await line.sleep(waitMs, line.signal);
    spentMs += waitMs;
  }
}

function prepare(line: Line, request: HttpRequest): Errand {
  const target = parseTarget(request.url, line.where);
  const where = `${line.where} ${request.method} ${describePath(target)}`;
  const repeatable = request.repeatable ?? !(request.method === 'POST' || request.method === 'PATCH');
  return { request, target, where, repeatable, headers: makeHeaders(request.headers, where) };
}

async function tryOnce<T>(
  line: Line,
  errand: Errand,
  { attempt, receive }: { readonly attempt: number; readonly receive: Receive<T> },
): Promise<Tried<T>> {
  line.signal.throwIfAborted();
  const bucket = line.policy.bucketOf(errand.request);
  return line.pace.run(bucket, () => callOnce(line, errand, { attempt, receive, bucket }), {
    isRepeat: attempt > 1,
  });
}

async function callOnce<T>(
  line: Line,
  errand: Errand,
  call: { readonly attempt: number; readonly receive: Receive<T>; readonly bucket: string },
): Promise<Tried<T>> {
  line.meter.countCall();
  const startedAt = line.clock.now();
  const tell = (outcome: object): number => {
    const ms = line.clock.now() - startedAt;
    const { method } = errand.request;
    const place = {
      connection: line.where,
      method,
      host: errand.target.host,
      path: describePath(errand.target),
    };
    line.log.debug({ ...place, ...outcome, ms, attempt: call.attempt }, 'http');
    return ms;
  };
  try {
    const received = await fetchOnce(line, errand, call.receive);
    const ms = tell({ status: received.answer.status });
    return { kind: 'answered', received, verdict: judge(line, received.answer, call), ms };
  } catch (error) {
    line.signal.throwIfAborted();
    const failure = readFailure(error);
    if (failure === null) throw error;
    return { kind: 'failed', failure, ms: tell({ error: failure.code }) };
  }
}

async function fetchOnce<T>(line: Line, errand: Errand, receive: Receive<T>): Promise<Received<T>> {
  const { request, target, headers } = errand;
  const deadline = startDeadline(request.timeoutMs ?? defaultTimeoutMs, line.signal);
  let response: Response;
  try {
    response = await line.fetch(target, {
      method: request.method,
      headers,
      ...(request.body === undefined ? {} : { body: request.body as string | Uint8Array<ArrayBuffer> }),
      redirect: 'manual',
      signal: deadline.signal,
    });
  } catch (error) {
    deadline[Symbol.dispose]();
    throw error;
  }
  return receive(response, deadline, (error) => explainBreak(line, errand, error));
}

/** What the caller of a stream gets when it breaks between chunks. */
function explainBreak(line: Line, errand: Errand, error: unknown): unknown {
  if (line.signal.aborted) return line.signal.reason;
  const failure = readFailure(error);
  if (failure === null) return error;
  return failureError(failure, { where: errand.where, host: errand.target.host, attempts: 1 });
}

function judge(
  line: Line,
  answer: HttpAnswer,
  call: { readonly attempt: number; readonly bucket: string },
): Verdict {
  const sentAt = Date.parse(answer.headers.date ?? '');
  if (!Number.isNaN(sentAt)) line.noteServerTime(sentAt);
  const report = line.policy.observe(answer);
  if (report.daily) line.meter.observe(report.daily);
  line.pace.correct(report);
  const verdict = line.policy.verdict(answer, call.attempt);
  const askedMs = retryAfterMs(answer.headers, line.clock.now()) ?? 0;
  if (verdict.kind === 'again' && verdict.untouched) holdBack(line, call.bucket, verdict.afterMs ?? askedMs);
  return verdict;
}

/** A rate limit holds for everybody in the bucket, not only for the request that met it. */
function holdBack(line: Line, bucket: string, ms: number): void {
  // A longer one ends the run's requests as each meets it; waiting for it would hang them.
  if (ms <= retryLimits.longestPauseMs) line.pace.pause(bucket, ms);
}

/** How long to wait before the next attempt; null: there is none. */
function decideWait<T>(
  line: Line,
  errand: Errand,
  {
    tried,
    attempts,
    spentMs,
  }: { readonly tried: Tried<T>; readonly attempts: number; readonly spentMs: number },
): number | null {
  if (!mayRepeat(errand, tried)) return null;
  const next = nextDelay({ attempts, spentMs, askedMs: readAskedMs(line, tried), random: line.random() });
  if (next.kind === 'later') throw pausedTooLong(line, errand, next.ms);
  return next.kind === 'wait' ? next.ms : null;
}

function mayRepeat<T>(errand: Errand, tried: Tried<T>): boolean {
  if (tried.kind === 'failed') {
    return !tried.failure.lasting && (errand.repeatable || tried.failure.unsent);
  }
  return tried.verdict.kind === 'again' && (errand.repeatable || tried.verdict.untouched === true);
}

function readAskedMs<T>(line: Line, tried: Tried<T>): number | null {
  if (tried.kind === 'failed' || tried.verdict.kind !== 'again') return null;
  return tried.verdict.afterMs ?? retryAfterMs(tried.received.answer.headers, line.clock.now());
}

function takeOrThrow<T>(errand: Errand, tried: Tried<T>, attempts: number): Received<T> {
  const { where, target } = errand;
  if (tried.kind === 'failed') throw failureError(tried.failure, { where, host: target.host, attempts });
  const { verdict } = tried;
  if (verdict.kind === 'stop') {
    throw new RunError('stopped', { where, message: verdict.message, fix: verdict.fix });
  }
  return tried.received;
}

function pausedTooLong(line: Line, errand: Errand, ms: number): RunError {
  const at = new Date(line.clock.now() + ms).toISOString().replace(/\.\d+Z$/, 'Z');
  return new RunError('stopped', {
    where: errand.where,
    message: `${errand.target.host} asks for a pause of ${Math.ceil(ms / 60_000)} minutes.`,
    fix: `Nothing is lost; run again after ${at}, and the work goes on here.`,
  });
}
