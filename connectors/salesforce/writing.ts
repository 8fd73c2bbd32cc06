import type { Connection, OpenContext, ResultSchema } from '../../src/model/connector.ts';
import type { Api } from './api.ts';
import { planInstall } from './install.ts';
import { withLink } from './metadata-records.ts';
import { qualifyName, qualifyTarget } from './names.ts';
import type { Schema } from './schema.ts';
import type { SalesforceSettings } from './settings.ts';
import { readTaskStates, saveTasks } from './tasks.ts';
import { ownFields, planUninstall } from './uninstall.ts';
import { writeResults } from './write.ts';

interface WritingEnv {
  readonly api: Api;
  readonly schema: Schema;
  readonly context: OpenContext<SalesforceSettings>;
}

type Writing = Required<Pick<Connection, 'install' | 'publish' | 'saveTasks' | 'taskStates' | 'uninstall'>>;

/** The part of a connection that writes. Names of the result object and its fields bear the org's namespace. */
export function createWriting(
  { api, schema, context }: WritingEnv,
  readNamespace: () => Promise<string | null>,
): Writing {
  const { signal, log, settings } = context;
  const forWriting = async () => {
    const namespace = await readNamespace();
    return {
      env: { api, schema, objectName: qualifyName(namespace, settings.objectName), signal },
      qualify: (target: ResultSchema) => qualifyTarget(namespace, withLink(target)),
    };
  };
  return {
    install: async (target, options) => {
      const { env, qualify } = await forWriting();
      return planInstall(env, qualify(target), options);
    },
    async *publish(changes, target) {
      const { env, qualify } = await forWriting();
      yield* writeResults({ ...env, log }, changes, qualify(target));
    },
    saveTasks: (tasks) => saveTasks({ api, schema, signal }, tasks),
    taskStates: (ids) => readTaskStates({ api, schema, signal }, ids),
    uninstall: async () => {
      const { env, qualify } = await forWriting();
      return planUninstall(env, qualify(ownFields));
    },
  };
}
