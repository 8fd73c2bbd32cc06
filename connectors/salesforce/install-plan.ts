import type { InstallStep, ResultSchema } from '../../src/model/connector.ts';
import { connectorPermissionSet, readerPermissionSet } from './metadata.ts';
import { dashboardFolder, reportFolder } from './metadata-analytics.ts';
import { readersGroup } from './metadata-sharing.ts';
import { findField } from './schema.ts';
import type { InstalledState, Presence } from './target.ts';

export interface InstallSteps {
  /** Object, fields, tab, views, permission sets: one deployment. */
  readonly core: readonly InstallStep[];
  readonly assignment: InstallStep;
  /** Each its own deployment: what one org refuses must not take the results with it. */
  readonly sharing: InstallStep;
  readonly analytics: InstallStep;
  /** Into the folder of the reports. */
  readonly records: InstallStep;
}

export function planSteps(
  objectName: string,
  target: ResultSchema,
  { state, assignTo }: { readonly state: InstalledState; readonly assignTo: string | null },
): InstallSteps {
  const isNew = isNewObject(state);
  const object: InstallStep = { change: isNew ? 'create' : 'none', what: `object ${objectName}` };
  const fields = target.fields.map((field) => fieldStep(objectName, field.apiName, state));
  const changed = fields.some((step) => step.change !== 'none');
  const sets = [connectorPermissionSet, readerPermissionSet].map((name): InstallStep => {
    const known = state.permissionSets.has(name) ? (changed ? 'update' : 'none') : 'create';
    return { change: known, what: `permission set ${name}` };
  });
  const views: InstallStep = {
    change: isNew ? 'create' : 'none',
    what: `tab, list views and page layout of ${objectName}`,
  };
  return {
    core: [object, ...fields, views, ...sets],
    assignment: {
      change: state.assigned ? 'none' : 'create',
      what: `assignment of ${connectorPermissionSet} to ${assignTo === null ? 'the user of this connection' : `user ${assignTo}`}`,
    },
    sharing: extraStep(`group ${readersGroup}, and company results shared with it`, state.sharing, isNew),
    analytics: extraStep(
      `reports in folder ${reportFolder} and dashboard in folder ${dashboardFolder}`,
      state.analytics,
      isNew,
    ),
    records: recordStep(state, isNew),
  };
}

function recordStep({ analytics, records }: InstalledState, isNew: boolean): InstallStep {
  const what = `reports of the records behind results in folder ${reportFolder}`;
  if (analytics === 'foreign') return { change: 'none', what, note: 'left out with the folder' };
  return extraStep(what, records, isNew);
}

export function isNewObject({ object, presence, permissionSets }: InstalledState): boolean {
  return object === null && presence !== 'own' && permissionSets.size === 0;
}

function fieldStep(objectName: string, apiName: string, state: InstalledState): InstallStep {
  const what = `field ${objectName}.${apiName}`;
  if (state.object && findField(state.object, apiName)) return { change: 'none', what };
  if (state.granted.has(`${objectName}.${apiName}`.toLowerCase())) return { change: 'none', what };
  if (isNewObject(state) || state.granted.size > 0) return { change: 'create', what };
  return { change: 'update', what, note: 'not visible to this user: created, or made visible' };
}

/** What is there stays as it is: admins change reports and sharing, and keep their changes. */
function extraStep(what: string, presence: Presence, isNew: boolean): InstallStep {
  switch (presence) {
    case 'absent':
      return { change: 'create', what };
    case 'own':
      return { change: 'none', what };
    case 'foreign':
      return {
        change: 'none',
        what,
        note: 'left out: one of that name is there and was not made by crm-kpi',
      };
    case 'unknown':
      return isNew
        ? { change: 'create', what }
        : { change: 'none', what, note: 'this user may not see whether it is there' };
  }
}
