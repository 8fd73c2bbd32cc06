import type { Connection, OpenContext } from '../../src/model/connector.ts';
import { type Organization, readOrganization } from './account.ts';
import { openApi } from './api.ts';
import { checkConnection } from './check.ts';
import { explaining, explainingAll } from './explain.ts';
import { bulkLimits } from './limits.ts';
import { createReading } from './reading.ts';
import { createSchema } from './schema.ts';
import type { SalesforceSettings } from './settings.ts';
import { createWriting } from './writing.ts';

export async function openConnection(
  context: OpenContext<SalesforceSettings>,
  bulk = bulkLimits,
): Promise<Connection> {
  const api = await openApi(context);
  const schema = createSchema(api);
  const env = { api, schema, context };
  const place = { connection: context.name };
  let organization: Promise<Organization> | null = null;

  const readAccount = () => {
    organization ??= explaining(place, () => readOrganization(api, schema));
    return organization;
  };

  return {
    account: () => readAccount(),
    check: () => explainingAll(place, checkConnection(env)),
    ...createReading({ ...env, bulk, organization: readAccount }),
    ...createWriting(env, async () => (await readAccount()).namespace),
    async [Symbol.asyncDispose]() {
      // Sessions of Salesforce are shared by all holders of the same user and app: closing one would close others.
    },
  };
}
