import type { InstallStep, ResultField, ResultSchema } from '../../src/model/connector.ts';
import { RunError } from '../../src/model/errors.ts';
import { SalesforceFailure } from './failure.ts';
import { connectorPermissionSet } from './metadata.ts';
import { findField } from './schema.ts';
import { readInstalled, readUserId, type TargetEnv } from './target.ts';

/** What counts is that the fields can be seen: an assignment that fails does no harm where they are. */
export async function applyAssignment(
  env: TargetEnv,
  target: ResultSchema,
  step: InstallStep,
): Promise<InstallStep> {
  if (step.change === 'none') return step;
  try {
    await assignWriter(env);
    return step;
  } catch (error) {
    if (!(error instanceof RunError) || error.kind !== 'config' || env.assignTo !== null) throw error;
    if ((await hiddenFields(env, target)).length > 0) throw error;
    return { ...step, change: 'none', note: 'not possible, and not needed: all fields are visible' };
  }
}

/** New fields are visible to nobody, the deployer included, until a permission set that grants them is assigned. */
async function assignWriter(env: TargetEnv): Promise<void> {
  const { api } = env;
  try {
    const { permissionSets, assigned } = await readInstalled(env);
    // An earlier attempt may have got through, its answer lost.
    if (assigned) return;
    const permissionSetId = permissionSets.get(connectorPermissionSet) ?? (await findWriter(env));
    await api.client.request({
      method: 'POST',
      url: '/sobjects/PermissionSetAssignment',
      body: JSON.stringify({
        AssigneeId: env.assignTo ?? (await readUserId(api)),
        PermissionSetId: permissionSetId,
      }),
      headers: { 'content-type': 'application/json' },
    });
  } catch (error) {
    if (error instanceof SalesforceFailure && /DUPLICATE/.test(error.code)) return;
    throw explainAssignment(env, error);
  }
}

async function findWriter(env: TargetEnv): Promise<string> {
  const soql = `SELECT Id FROM PermissionSet WHERE Name = '${connectorPermissionSet}'`;
  const found = (await env.api.query(soql)).records[0];
  if (found) return String(found.Id);
  throw explainAssignment(env, null);
}

function explainAssignment(env: TargetEnv, cause: unknown): unknown {
  if (cause !== null && !(cause instanceof SalesforceFailure)) return cause;
  if (cause && (cause.status === 401 || cause.status >= 500)) return cause;
  const isLicence = cause !== null && /licen[cs]e/i.test(cause.detail);
  return new RunError(
    'config',
    {
      where: `${env.api.connection} ${connectorPermissionSet}`,
      message: isLicence
        ? "the permission set could not be assigned: the user's licence does not allow custom objects"
        : `the permission set could not be assigned${cause ? ` (${cause.code})` : ''}`,
      fix: isLicence
        ? 'Setup > Users > the user > Permission Set License Assignments: add "Salesforce API Integration", then run install again.'
        : 'Assign it to the user of this connection in Setup > Permission Sets, or run install as a user who may ("Assign Permission Sets").',
    },
    { cause },
  );
}

export async function verifyFields(env: TargetEnv, target: ResultSchema): Promise<void> {
  const missing = await hiddenFields(env, target);
  if (missing.length === 0) return;
  throw new RunError('config', {
    where: `${env.api.connection} ${env.objectName}`,
    message: `after the installation this user does not see ${missing.map((field) => field.apiName).join(', ')}`,
    fix: `Assign the permission set ${connectorPermissionSet} to the user of this connection in Setup.`,
  });
}

async function hiddenFields(env: TargetEnv, target: ResultSchema): Promise<readonly ResultField[]> {
  const object = await env.schema.refresh(env.objectName);
  return target.fields.filter((field) => !object || !findField(object, field.apiName));
}
