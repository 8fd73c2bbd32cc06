import type { Connection, OpenContext, ReadOptions, Stream } from '../../src/model/connector.ts';
import { RunError } from '../../src/model/errors.ts';
import { createZone } from '../../src/model/zone.ts';
import { type Organization, readOrganization } from './account.ts';
import { openApi } from './api.ts';
import { checkConnection } from './check.ts';
import { explaining, explainingAll } from './explain.ts';
import { planInstall } from './install.ts';
import { type PlannedStream, planStreams, type ReadPlan } from './plan.ts';
import { readStream } from './read.ts';
import { createSchema } from './schema.ts';
import type { SalesforceSettings } from './settings.ts';
import { countSoql } from './soql.ts';
import { writeResults } from './write.ts';

export async function openConnection(context: OpenContext<SalesforceSettings>): Promise<Connection> {
  const api = await openApi(context);
  const schema = createSchema(api);
  const env = { api, schema, context };
  const zone = createZone(context.timeZone);
  const since = context.since === null ? null : zone.startOf(context.since);
  const { objectName } = context.settings;
  const place = { connection: context.name };
  let organization: Promise<Organization> | null = null;
  let planned: Promise<readonly PlannedStream[]> | null = null;

  const readAccount = () => {
    organization ??= explaining(place, () => readOrganization(api, schema));
    return organization;
  };
  const plans = () => {
    planned ??= explaining(place, () => planStreams(env));
    return planned;
  };
  const planOf = async (stream: Stream): Promise<ReadPlan> => {
    const plan = (await plans()).find((one) => one.stream.name === stream.name)?.plan;
    if (plan) return plan;
    throw unreadable(context.name, stream);
  };
  const now = () => context.http.serverNow() ?? context.clock.now();

  return {
    account: () => readAccount(),
    check: () => explainingAll(place, checkConnection(env)),
    streams: async () => (await plans()).map(({ stream }) => stream),
    async *read(stream, cursor, { signal }: ReadOptions) {
      const plan = await planOf(stream);
      const currency = (await readAccount()).currency ?? context.currency;
      yield* readStream({ api, plan, currency, zone, since, now: now(), log: context.log, signal }, cursor);
    },
    count: (stream) =>
      explaining(place, async () => {
        const { totalSize } = await api.query(countSoql(await planOf(stream), since), 'all');
        if (totalSize !== null) return { rows: totalSize };
        throw noCount(context.name, stream);
      }),
    install: (target) => planInstall({ api, schema, objectName, signal: context.signal }, target),
    publish: (changes, target) =>
      writeResults({ api, schema, objectName, signal: context.signal }, changes, target),
    async [Symbol.asyncDispose]() {
      // Sessions of Salesforce are shared by all holders of the same user and app: closing one would close others.
    },
  };
}

function unreadable(connection: string, stream: Stream): RunError {
  return new RunError('config', {
    where: `${connection} ${stream.name}`,
    message: stream.unavailable?.problem ?? 'this connection has no such object',
    fix: stream.unavailable?.fix ?? `Run \`crm-kpi check ${connection}\`.`,
  });
}

function noCount(connection: string, stream: Stream): RunError {
  return new RunError('remote', {
    where: `${connection} ${stream.name}`,
    message: 'Salesforce gave no count',
    fix: 'Run again later.',
  });
}
