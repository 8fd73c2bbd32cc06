import type { InstallPlan, InstallStep, ResultSchema } from '../../src/model/connector.ts';
import { RunError } from '../../src/model/errors.ts';
import { deployPackage } from './deploy.ts';
import { explainFailure, explaining, explainingAll } from './explain.ts';
import type { InstallEnv } from './install.ts';
import { analyticsRemoval, groupRemoval, objectRemoval, permissionSetRemoval } from './metadata-removal.ts';
import { type Members, writeRemoval } from './package.ts';
import { removeAll, removeAssignments, removeRecords } from './remove-records.ts';
import { type InstalledState, isForeignObject, readInstalled } from './target.ts';
import { findOwnTasks } from './tasks.ts';

/** What tells our object from another of its name, where nothing else does. */
export const ownFields: ResultSchema = {
  language: 'en',
  fields: [
    { name: 'key', apiName: 'Key__c', label: 'Key', kind: 'key' },
    { name: 'definition_version', apiName: 'Definition_Version__c', label: 'Definition', kind: 'text' },
  ],
};

interface Removal {
  readonly step: InstallStep;
  carryOut(): Promise<void>;
  /** Others go on when it fails. */
  readonly optional?: boolean;
}

/** Records first, then what shows them, then what holds them. Repeating it removes what an interrupted one left. */
export async function planUninstall(env: InstallEnv, marks: ResultSchema): Promise<InstallPlan> {
  const place = { connection: env.api.connection, object: env.objectName };
  const state = await explaining(place, () => readInstalled({ ...env, assignTo: null }));
  const removals = await explaining(place, () => planRemovals(env, marks, state));
  return {
    steps: removals.map(({ step }) => step),
    apply: () => explainingAll(place, applyRemovals(env, removals)),
  };
}

async function planRemovals(env: InstallEnv, marks: ResultSchema, state: InstalledState): Promise<Removal[]> {
  const { objectName } = env;
  const isThere = state.object !== null || state.presence === 'own';
  const tasks = await taskRemovals(env);
  if (isThere && isForeignObject(marks, state)) {
    const note = 'left as it is: it was not made by crm-kpi';
    const object: Removal = {
      step: { change: 'none', what: `object ${objectName}`, note },
      carryOut: async () => {},
    };
    return [...tasks, object];
  }
  const sets = [...state.permissionSets.keys()];
  return [
    ...tasks,
    ...(state.object ? [await recordRemoval(env)] : []),
    ...(state.analytics === 'own' ? [analytics(env, state.records === 'own')] : []),
    ...(isThere ? [objectStep(env, state.sharing === 'own')] : []),
    ...(state.sharing === 'own' ? [group(env)] : []),
    ...(sets.length > 0 ? [permissionSets(env, state.permissionSets)] : []),
  ];
}

/** Tasks are people's work as well: only those that bear our mark go. */
async function taskRemovals(env: InstallEnv): Promise<Removal[]> {
  const ids = await findOwnTasks(env);
  if (ids.length === 0) return [];
  return [
    {
      step: { change: 'delete', what: `${ids.length} tasks made by crm-kpi` },
      optional: true,
      carryOut: async () => void (await removeAll(env, ids)),
    },
  ];
}

async function recordRemoval(env: InstallEnv): Promise<Removal> {
  const { totalSize } = await env.api.query(`SELECT count() FROM ${env.objectName}`);
  const step: InstallStep = {
    change: totalSize === 0 ? 'none' : 'delete',
    what: `${totalSize ?? 'all'} records of ${env.objectName}`,
  };
  return { step, carryOut: () => removeRecords(env) };
}

function analytics(env: InstallEnv, withRecords: boolean): Removal {
  return {
    step: {
      change: 'delete',
      what: 'reports and dashboard of crm-kpi, and their folders where they are empty then',
    },
    optional: true,
    async carryOut() {
      const [contents, folders] = analyticsRemoval(withRecords);
      await deployRemoval(env, contents);
      // Folders that hold somebody else's reports stay.
      await deployPackage(env.api, writeRemoval(env.api.version, folders), env.signal);
    },
  };
}

function objectStep(env: InstallEnv, sharing: boolean): Removal {
  return {
    step: { change: 'delete', what: `object ${env.objectName}, its fields, tab, list views and page layout` },
    async carryOut() {
      for (const members of objectRemoval(env.objectName, { sharing })) await deployRemoval(env, members);
    },
  };
}

function group(env: InstallEnv): Removal {
  return {
    step: { change: 'delete', what: 'group KPI_Readers' },
    optional: true,
    carryOut: () => deployRemoval(env, groupRemoval),
  };
}

function permissionSets(env: InstallEnv, sets: ReadonlyMap<string, string>): Removal {
  const names = [...sets.keys()];
  return {
    step: { change: 'delete', what: `permission sets ${names.join(', ')}, and their assignments` },
    async carryOut() {
      // One that somebody has cannot be deleted.
      await removeAssignments(env, [...sets.values()]);
      await deployRemoval(env, permissionSetRemoval(names));
    },
  };
}

async function deployRemoval(env: InstallEnv, members: Members): Promise<void> {
  const { api, signal } = env;
  const end = await deployPackage(api, writeRemoval(api.version, members), signal);
  if (end.done) return;
  const told = end.failures.map(({ name, problem }) => `${name}: ${problem}`).slice(0, 5);
  throw new RunError('config', {
    where: `${api.connection} unpublish`,
    message: `Salesforce refused the removal (${end.status}): ${told.join('; ') || (end.error ?? 'no reason given')}.`,
    fix: 'Remove what still refers to it (Setup > Object Manager > the object > "Where is this used?"), then run `crm-kpi unpublish` again.',
  });
}

async function* applyRemovals(env: InstallEnv, removals: readonly Removal[]): AsyncGenerator<InstallStep> {
  for (const { step, carryOut, optional } of removals) {
    if (step.change === 'none') {
      yield step;
      continue;
    }
    const problem = await tryRemoval(env, carryOut, optional === true);
    yield problem === null ? step : { ...step, problem };
  }
}

async function tryRemoval(
  env: InstallEnv,
  carryOut: () => Promise<void>,
  optional: boolean,
): Promise<string | null> {
  try {
    await carryOut();
    return null;
  } catch (error) {
    const explained = explainFailure(error, { connection: env.api.connection, object: env.objectName });
    if (!optional || !(explained instanceof RunError) || explained.kind !== 'config') throw explained;
    return `${explained.message} ${explained.fix}`;
  }
}
