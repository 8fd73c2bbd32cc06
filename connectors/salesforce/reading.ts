import type { Connection, OpenContext, Stream } from '../../src/model/connector.ts';
import { RunError } from '../../src/model/errors.ts';
import { createZone } from '../../src/model/zone.ts';
import type { Organization } from './account.ts';
import type { Api } from './api.ts';
import { countStream } from './count.ts';
import { estimatePass } from './estimate.ts';
import { explaining } from './explain.ts';
import type { BulkLimits } from './limits.ts';
import { type PlannedStream, planStreams, type ReadPlan } from './plan.ts';
import { readStream } from './read.ts';
import type { Schema } from './schema.ts';
import type { SalesforceSettings } from './settings.ts';

export interface ReadingEnv {
  readonly api: Api;
  readonly schema: Schema;
  readonly context: OpenContext<SalesforceSettings>;
  readonly bulk: BulkLimits;
  readonly organization: () => Promise<Organization>;
}

type Reading = Required<Pick<Connection, 'streams' | 'read' | 'count' | 'estimate'>>;

/** The part of a connection that reads; how each stream is read is planned once. */
export function createReading(env: ReadingEnv): Reading {
  const { api, context, bulk } = env;
  const zone = createZone(context.timeZone);
  const since = context.since === null ? null : zone.startOf(context.since);
  let planned: Promise<readonly PlannedStream[]> | null = null;
  const plans = () => {
    planned ??= explaining({ connection: context.name }, () => planStreams(env));
    return planned;
  };
  const planOf = async (stream: Stream): Promise<ReadPlan> => {
    const planned = (await plans()).find((one) => one.stream.name === stream.name);
    if (planned?.plan) return planned.plan;
    if (planned?.failure) throw planned.failure;
    throw unreadable(context.name, stream);
  };
  const currencyOf = async () => (await env.organization()).currency ?? context.currency;
  return {
    streams: async () => (await plans()).map(({ stream }) => stream),
    async *read(stream, cursor, options) {
      const plan = await planOf(stream);
      const currency = await currencyOf();
      const now = context.http.serverNow() ?? context.clock.now();
      const { comparable } = stream;
      const { log } = context;
      const read = { api, plan, currency, zone, since, now, log, bulk, comparable, options };
      yield* readStream({ ...read, signal: options.signal, refused: new Set() }, cursor);
    },
    count: async (stream) =>
      countStream({ api, plan: await planOf(stream), since, currency: await currencyOf() }),
    estimate: async (stream, cursor) =>
      estimatePass({ api, plan: await planOf(stream), since, bulk }, cursor),
  };
}

function unreadable(connection: string, stream: Stream): RunError {
  return new RunError('config', {
    where: `${connection} ${stream.name}`,
    message: stream.unavailable?.problem ?? 'this connection has no such object',
    fix: stream.unavailable?.fix ?? `Run \`crm-kpi check ${connection}\`.`,
  });
}
