import type { Connection, OpenContext, ResultSchema } from '../../src/model/connector.ts';
import { type Organization, readOrganization } from './account.ts';
import { openApi } from './api.ts';
import { checkConnection } from './check.ts';
import { explaining, explainingAll } from './explain.ts';
import { planInstall } from './install.ts';
import { bulkLimits } from './limits.ts';
import { qualifyName, qualifyTarget } from './names.ts';
import { createReading } from './reading.ts';
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
  const { objectName } = context.settings;
  const place = { connection: context.name };
  let organization: Promise<Organization> | null = null;

  const readAccount = () => {
    organization ??= explaining(place, () => readOrganization(api, schema));
    return organization;
  };
  /** Names of the result object and its fields bear the org's namespace. */
  const forWriting = async () => {
    const { namespace } = await readAccount();
    return {
      env: { api, schema, objectName: qualifyName(namespace, objectName), signal: context.signal },
      qualify: (target: ResultSchema) => qualifyTarget(namespace, target),
    };
  };

  return {
    account: () => readAccount(),
    check: () => explainingAll(place, checkConnection(env)),
    ...createReading({ ...env, bulk, organization: readAccount }),
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
