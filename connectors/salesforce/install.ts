import type { InstallPlan, InstallStep, ResultField, ResultSchema } from '../../src/model/connector.ts';
import { RunError } from '../../src/model/errors.ts';
import type { Api } from './api.ts';
import { deployPackage } from './deploy.ts';
import { explainFailure, explainingAll } from './explain.ts';
import { SalesforceFailure } from './failure.ts';
import { connectorPermissionSet, readerPermissionSet, resultPackage } from './metadata.ts';
import { findField, type Schema } from './schema.ts';
import {
  type InstalledState,
  readInstalled,
  readUserId,
  refuseForeignObject,
  refuseTypeChanges,
} from './target.ts';
import { writeZip } from './zip.ts';

export interface InstallEnv {
  readonly api: Api;
  readonly schema: Schema;
  readonly objectName: string;
  readonly signal: AbortSignal;
}

export async function planInstall(env: InstallEnv, target: ResultSchema): Promise<InstallPlan> {
  const state = await readState(env);
  refuseForeignObject(env.api.connection, target, state);
  refuseTypeChanges(env.api.connection, target, state.object);
  const steps = planSteps(env.objectName, target, state);
  const place = { connection: env.api.connection, object: env.objectName };
  return { steps, apply: () => explainingAll(place, applyInstall(env, target, steps)) };
}

async function readState(env: InstallEnv): Promise<InstalledState> {
  try {
    return await readInstalled(env.api, env.schema, env.objectName);
  } catch (error) {
    throw explainFailure(error, { connection: env.api.connection, object: env.objectName });
  }
}

function planSteps(objectName: string, target: ResultSchema, state: InstalledState): InstallStep[] {
  const object: InstallStep = { change: state.object ? 'none' : 'create', what: `object ${objectName}` };
  const fields = target.fields.map((field) => fieldStep(objectName, field.apiName, state));
  const sets = [connectorPermissionSet, readerPermissionSet].map(
    (name): InstallStep => ({
      change: state.permissionSets.has(name) ? setChange(fields) : 'create',
      what: `permission set ${name}`,
    }),
  );
  const views: InstallStep = {
    change: state.object ? setChange(fields) : 'create',
    what: `tab and list views of ${objectName}`,
  };
  const assignment: InstallStep = {
    change: state.assigned ? 'none' : 'create',
    what: `assignment of ${connectorPermissionSet} to the user of this connection`,
  };
  return [object, ...fields, views, ...sets, assignment];
}

/** They list every field, so they change whenever one comes. */
function setChange(fields: readonly InstallStep[]): 'none' | 'update' {
  return fields.some((step) => step.change !== 'none') ? 'update' : 'none';
}

function fieldStep(objectName: string, apiName: string, state: InstalledState): InstallStep {
  const what = `field ${objectName}.${apiName}`;
  if (!state.object) return { change: 'create', what };
  if (findField(state.object, apiName)) return { change: 'none', what };
  if (state.assigned) return { change: 'create', what };
  return { change: 'update', what, note: 'not visible to this user: created, or made visible' };
}

async function* applyInstall(
  env: InstallEnv,
  target: ResultSchema,
  steps: readonly InstallStep[],
): AsyncGenerator<InstallStep> {
  const { api, objectName, signal } = env;
  const isAssignment = (step: InstallStep) => step.what.startsWith('assignment');
  const parts = steps.filter((step) => !isAssignment(step));
  if (parts.some((step) => step.change !== 'none')) {
    await deployPackage(api, writeZip(resultPackage(objectName, target, api.version)), signal);
  }
  yield* parts;
  for (const step of steps.filter(isAssignment)) yield await applyAssignment(env, target, step);
  await verifyFields(env, target);
}

/** What counts is that the fields can be seen: an assignment that fails does no harm where they are. */
async function applyAssignment(
  env: InstallEnv,
  target: ResultSchema,
  step: InstallStep,
): Promise<InstallStep> {
  if (step.change === 'none') return step;
  try {
    await assignWriter(env);
    return step;
  } catch (error) {
    if (!(error instanceof RunError) || (await hiddenFields(env, target)).length > 0) throw error;
    return { ...step, change: 'none', note: 'not possible, and not needed: all fields are visible' };
  }
}

/** New fields are visible to nobody, the deployer included, until a permission set that grants them is assigned. */
async function assignWriter(env: InstallEnv): Promise<void> {
  const { api, objectName } = env;
  try {
    const state = await readInstalled(api, env.schema, objectName);
    const permissionSetId = state.permissionSets.get(connectorPermissionSet) ?? (await findWriter(env));
    await api.client.request({
      method: 'POST',
      url: '/sobjects/PermissionSetAssignment',
      body: JSON.stringify({ AssigneeId: await readUserId(api), PermissionSetId: permissionSetId }),
      headers: { 'content-type': 'application/json' },
    });
  } catch (error) {
    if (error instanceof SalesforceFailure && /DUPLICATE/.test(error.code)) return;
    throw explainAssignment(env, error);
  }
}

async function findWriter(env: InstallEnv): Promise<string> {
  const soql = `SELECT Id FROM PermissionSet WHERE Name = '${connectorPermissionSet}'`;
  const found = (await env.api.query(soql)).records[0];
  if (found) return String(found.Id);
  throw explainAssignment(env, null);
}

function explainAssignment(env: InstallEnv, cause: unknown): unknown {
  if (cause !== null && !(cause instanceof SalesforceFailure)) return cause;
  return new RunError(
    'config',
    {
      where: `${env.api.connection} ${connectorPermissionSet}`,
      message: `the permission set could not be assigned${cause ? ` (${cause.code})` : ''}`,
      fix: 'Assign it to the user of this connection in Setup > Permission Sets, or run install as a user who may ("Assign Permission Sets").',
    },
    { cause },
  );
}

async function verifyFields(env: InstallEnv, target: ResultSchema): Promise<void> {
  const missing = await hiddenFields(env, target);
  if (missing.length === 0) return;
  throw new RunError('config', {
    where: `${env.api.connection} ${env.objectName}`,
    message: `after the installation this user does not see ${missing.map((field) => field.apiName).join(', ')}`,
    fix: `Assign the permission set ${connectorPermissionSet} to the user of this connection in Setup.`,
  });
}

async function hiddenFields(env: InstallEnv, target: ResultSchema): Promise<readonly ResultField[]> {
  const object = await env.schema.refresh(env.objectName);
  return target.fields.filter((field) => !object || !findField(object, field.apiName));
}
