import type {
  Connection,
  OpenContext,
  ReadOptions,
  ResultSchema,
  Stream,
} from '../../src/model/connector.ts';
import { RunError } from '../../src/model/errors.ts';
import { createZone } from '../../src/model/zone.ts';
import { type Organization, readOrganization } from './account.ts';
import { openApi } from './api.ts';
import { checkConnection } from './check.ts';
import { countStream } from './count.ts';
import { estimatePass } from './estimate.ts';
import { explaining, explainingAll } from './explain.ts';
import { planInstall } from './install.ts';
import { bulkLimits } from './limits.ts';
import { qualifyName, qualifyTarget } from './names.ts';
import { type PlannedStream, planStreams, type ReadPlan } from './plan.ts';
import { readStream } from './read.ts';
import { createSchema } from './schema.ts';
import type { SalesforceSettings } from './settings.ts';
import { ownFields, planUninstall } from './uninstall.ts';
import { writeResults } from './write.ts';

export async function openConnection(
  context: OpenContext<SalesforceSettings>,
  bulk = bulkLimits,
): Promise<Connection> {
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
  /** Names of the result object and its fields bear the org's namespace. */
  const forWriting = async () => {
    const { namespace } = await readAccount();
    return {
      env: { api, schema, objectName: qualifyName(namespace, objectName), signal: context.signal },
      qualify: (target: ResultSchema) => qualifyTarget(namespace, target),
    };
  };
  const now = () => context.http.serverNow() ?? context.clock.now();

  return {
    account: () => readAccount(),
    check: () => explainingAll(place, checkConnection(env)),
    streams: async () => (await plans()).map(({ stream }) => stream),
    async *read(stream, cursor, options: ReadOptions) {
      const plan = await planOf(stream);
      const currency = (await readAccount()).currency ?? context.currency;
      const { comparable } = stream;
      const { log } = context;
      const read = { api, plan, currency, zone, since, now: now(), log, bulk, comparable, options };
      yield* readStream({ ...read, signal: options.signal }, cursor);
    },
    async count(stream) {
      const currency = (await readAccount()).currency ?? context.currency;
      return countStream({ api, plan: await planOf(stream), since, currency });
    },
    async estimate(stream, cursor) {
      return estimatePass({ api, plan: await planOf(stream), since, bulk }, cursor);
    },
    install: async (target, options) => {
      const { env: writing, qualify } = await forWriting();
      return planInstall(writing, qualify(target), options);
    },
    async *publish(changes, target) {
      const { env: writing, qualify } = await forWriting();
      yield* writeResults({ ...writing, log: context.log }, changes, qualify(target));
    },
    uninstall: async () => {
      const { env: writing, qualify } = await forWriting();
      return planUninstall(writing, qualify(ownFields));
    },
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
