import { setTimeout as delay } from 'node:timers/promises';
import type { Clock, Log } from '../model/connector.ts';
import type { Http, HttpRequest, RemotePolicy } from '../model/http.ts';
import { exchange, type Line } from './exchange.ts';
import { createPace, type Sleep } from './pace.ts';
import { type Receive, type Received, receiveStream, receiveWhole } from './receive.ts';
import { createMeter } from './usage.ts';

export interface HttpOptions {
  /** The connection's name, for messages. */
  readonly where: string;
  /** The connector's limits; null: none are known, a few requests at a time. */
  readonly policy: RemotePolicy | null;
  /** Real time: it has to move while `sleep` sleeps. */
  readonly clock: Clock;
  readonly log: Log;
  /** Ends all waiting and all requests at once, with its reason. */
  readonly signal: AbortSignal;
  readonly fetch?: typeof fetch;
  readonly random?: () => number;
  readonly sleep?: Sleep;
  /** Calls that this run may make; null or absent: no limit of ours. */
  readonly maxCalls?: number | null;
  /** Share of the daily limit, as the remote system tells it, that our runs may use in a day: 0.2 = 20 %. */
  readonly budgetShare?: number | null;
  /** Calls of the same day by earlier runs. */
  readonly spentCalls?: number;
  /** Keeps count over runs: told of calls before they are made, some at a time. */
  readonly tellCalls?: (calls: number) => void;
}

/** The network as a connector sees it: paced, retried, timed out, counted. */
export function createHttp(options: HttpOptions): Http {
  let serverNow: number | null = null;
  const line = createLine(options, (at) => {
    serverNow = at;
  });
  return {
    send: (request) => follow(line, request, receiveWhole),
    stream: (request) => follow(line, request, receiveStream),
    serverNow: () => serverNow,
    get usage() {
      return line.meter.usage();
    },
  };
}

const openPolicy: RemotePolicy = {
  buckets: { all: { concurrency: 4 } },
  bucketOf: () => 'all',
  observe: () => ({}),
  verdict: ({ status }) => ({ kind: status === 429 || status >= 502 ? 'again' : 'done' }),
};

function createLine(options: HttpOptions, noteServerTime: Line['noteServerTime']): Line {
  const { where, clock, log, signal, policy, maxCalls = null, budgetShare = null } = options;
  const { spentCalls = 0, tellCalls } = options;
  const sleep = options.sleep ?? sleepFor;
  const rules = policy ?? openPolicy;
  return {
    where,
    clock,
    log,
    signal,
    sleep,
    noteServerTime,
    policy: rules,
    pace: createPace({ buckets: rules.buckets, clock, sleep, signal }),
    meter: createMeter(where, { maxCalls, share: budgetShare, spent: spentCalls }, tellCalls),
    fetch: options.fetch ?? fetch,
    random: options.random ?? Math.random,
  };
}

async function sleepFor(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await delay(ms, undefined, { signal });
  } catch (error) {
    // The timer's own error hides why the run was stopped.
    signal.throwIfAborted();
    throw error;
  }
}

const mostRedirects = 5;

/** Follows redirects of reads within the same origin; any other is the caller's, so that no credentials travel. */
async function follow<T>(line: Line, request: HttpRequest, receive: Receive<T>): Promise<T> {
  let url = request.url;
  for (let hops = 0; ; hops += 1) {
    const received = await exchange(line, { ...request, url }, receive);
    const next = hops < mostRedirects ? redirectTarget(received, { ...request, url }) : null;
    if (next === null) return received.result;
    url = next;
  }
}

function redirectTarget(received: Received<unknown>, request: HttpRequest): string | null {
  const { status, headers } = received.answer;
  if (![301, 302, 303, 307, 308].includes(status) || !/^(GET|HEAD)$/.test(request.method)) return null;
  const target = URL.parse(headers.location ?? '', request.url);
  return target !== null && headers.location && target.origin === new URL(request.url).origin
    ? target.href
    : null;
}
