import { dashboardFolder, dashboardName, reportFolder, reportNames } from './metadata-analytics.ts';
import { recordReports } from './metadata-records.ts';
import { companyRule, readersGroup } from './metadata-sharing.ts';
import type { Members } from './package.ts';

/** A folder goes only when it is empty, so after what is in it. */
export function analyticsRemoval(withRecords: boolean): readonly [contents: Members, folders: Members] {
  const records = withRecords ? recordReports.map((name) => `${reportFolder}/${name}`) : [];
  return [
    { Dashboard: [dashboardName], Report: [...reportNames, ...records] },
    { Dashboard: [dashboardFolder], Report: [reportFolder] },
  ];
}

/**
 * Fields, list views and layout go with the object; its tab goes before, and so does the rule, which refers to the object
 * and the group.
 */
export function objectRemoval(
  objectName: string,
  { sharing }: { readonly sharing: boolean },
): readonly Members[] {
  const rule = sharing ? { SharingCriteriaRule: [`${objectName}.${companyRule}`] } : {};
  return [{ ...rule, CustomTab: [objectName] }, { CustomObject: [objectName] }];
}

export const groupRemoval: Members = { Group: [readersGroup] };

export function permissionSetRemoval(names: readonly string[]): Members {
  return { PermissionSet: names };
}
