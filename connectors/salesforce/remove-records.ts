import { RunError } from '../../src/model/errors.ts';
import type { InstallEnv } from './install.ts';
import { soqlText } from './values.ts';
import { deleteByIds, isGone } from './write-delete.ts';
import { recordsPerCall } from './write-rows.ts';

/** All that are there, page by page, until none is left. */
export async function removeRecords(env: InstallEnv): Promise<void> {
  const soql = `SELECT Id FROM ${env.objectName} LIMIT 2000`;
  for (;;) {
    const ids = await readIds(env, soql);
    if (ids.length === 0) return;
    if ((await removeAll(env, ids)) > 0) continue;
    throw new RunError('remote', {
      where: `${env.api.connection} ${env.objectName}`,
      message: 'Salesforce refuses to delete the remaining records',
      fix: 'They may be locked by an approval or protected by a trigger: free them, then run `crm-kpi unpublish` again.',
    });
  }
}

export async function removeAssignments(env: InstallEnv, permissionSetIds: readonly string[]): Promise<void> {
  const list = permissionSetIds.map(soqlText).join(', ');
  const soql = `SELECT Id FROM PermissionSetAssignment WHERE PermissionSetId IN (${list}) LIMIT 2000`;
  for (;;) {
    const ids = await readIds(env, soql);
    if (ids.length === 0 || (await removeAll(env, ids)) === 0) return;
  }
}

async function readIds({ api }: InstallEnv, soql: string): Promise<string[]> {
  return (await api.query(soql)).records.map((record) => String(record.Id));
}

export async function removeAll(env: InstallEnv, ids: readonly string[]): Promise<number> {
  let gone = 0;
  for (let index = 0; index < ids.length; index += recordsPerCall) {
    const results = await deleteByIds(env, ids.slice(index, index + recordsPerCall));
    gone += results.filter(isGone).length;
  }
  return gone;
}
