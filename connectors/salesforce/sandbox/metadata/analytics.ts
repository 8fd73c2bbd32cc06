import { tableOf } from '../org.ts';
import { insertRow, updateRow } from '../records/save.ts';
import type { Values } from '../records/validate.ts';
import { type Draft, draftObject, fail, hasField, keyOf, type Source, succeed } from './draft.ts';
import { isGroupKnown } from './sharing.ts';
import { all, type Element, textOf } from './xml.ts';

const dashboardColumns = 12;

/** A report or dashboard, or the folder that holds them: a member without a slash. */
export function deployAnalytics(draft: Draft, source: Source): void {
  const problem = problemOf(draft, source);
  if (problem) {
    fail(draft, source, problem);
    return;
  }
  succeed(draft, source, source.text);
  draft.effects.push(() => writeRow(draft, source));
}

function problemOf(draft: Draft, source: Source): string | null {
  const [folder = '', name] = source.fullName.split('/');
  if (name === undefined) return folderProblem(draft, source.root);
  if (!draft.components.has(keyOf(source.type, folder))) return `Cannot find folder:${folder}`;
  return source.type === 'Report' ? reportProblem(draft, source.root) : dashboardProblem(draft, source.root);
}

function folderProblem(draft: Draft, root: Element): string | null {
  if (textOf(root, 'name') === '') return 'Required field is missing: name';
  for (const share of all(root, 'folderShares')) {
    const to = textOf(share, 'sharedTo');
    const type = textOf(share, 'sharedToType');
    const isGroup = type === 'Group' && to !== 'AllInternalUsers';
    if (type === 'User' || (isGroup && !isGroupKnown(draft, to)))
      return `In field: sharedTo - no ${type} named ${to} found`;
  }
  return null;
}

function reportProblem(draft: Draft, root: Element): string | null {
  if (textOf(root, 'name') === '' || textOf(root, 'name').length > 40) return 'Invalid report name';
  const type = textOf(root, 'reportType');
  const object = type.startsWith('CustomEntity$')
    ? draftObject(draft, type.slice('CustomEntity$'.length))
    : undefined;
  if (type.startsWith('CustomEntity$') && !object?.marker?.enableReports) {
    return `In field: reportType - no ReportType named ${type} found`;
  }
  if (!['Tabular', 'Summary', 'Matrix'].includes(textOf(root, 'format')))
    return 'Required field is missing: format';
  const columns = [
    ...all(root, 'columns').map((each) => textOf(each, 'field')),
    ...['groupingsDown', 'groupingsAcross'].flatMap((key) =>
      all(root, key).map((each) => textOf(each, 'field')),
    ),
    ...all(root, 'filter').flatMap((filter) =>
      all(filter, 'criteriaItems').map((each) => textOf(each, 'column')),
    ),
  ];
  const unknown = columns.find((path) => path.includes('__c.') && !hasField(draft, path));
  return unknown ? `Invalid field name: ${unknown}` : null;
}

function dashboardProblem(draft: Draft, root: Element): string | null {
  if (textOf(root, 'title') === '') return 'Invalid dashboard name';
  if (textOf(root, 'dashboardType') === 'LoggedInUser' && draft.org.tier === 'professional') {
    return 'Dynamic dashboards are not available in this organization';
  }
  const runningUser = textOf(root, 'runningUser');
  const users = tableOf(draft.org, 'User').rows;
  if (runningUser !== '' && !users.some((row) => row.Username === runningUser)) {
    return `In field: runningUser - no User named ${runningUser} found`;
  }
  for (const component of descendants(root, 'dashboardComponent')) {
    const report = textOf(component, 'report');
    if (!draft.components.has(keyOf('Report', report)))
      return `In field: report - no Report named ${report} found`;
    const isGauge = textOf(component, 'componentType') === 'Gauge';
    if (isGauge && textOf(component, 'gaugeMax') === '')
      return 'A gauge must have gaugeMin, gaugeMax and breakpoints';
  }
  return gridProblem(root);
}

function gridProblem(root: Element): string | null {
  for (const cell of descendants(root, 'dashboardGridComponents')) {
    const end = Number(textOf(cell, 'columnIndex')) + Number(textOf(cell, 'colSpan'));
    if (end > dashboardColumns) return 'Dashboard component is outside of the grid';
  }
  return null;
}

function descendants(element: Element, name: string): Element[] {
  return element.children.flatMap((child) => [
    ...(child.name === name ? [child] : []),
    ...descendants(child, name),
  ]);
}

/** What the REST API finds of it. */
function writeRow({ org }: Draft, { type, fullName, root }: Source): void {
  const [folder = '', name] = fullName.split('/');
  const object = org.objects.get(name === undefined ? 'folder' : type.toLowerCase());
  if (!object) return;
  const developerName = name ?? folder;
  const folderRow = tableOf(org, 'Folder').rows.find((row) => row.DeveloperName === folder);
  const values: Values = { DeveloperName: developerName };
  const title = textOf(root, 'title') || textOf(root, 'name');
  if (object.fields.has('title')) values.Title = title;
  else values.Name = title;
  if (object.name === 'Folder') values.Type = type;
  else values.FolderName = folderRow?.Name ?? folder;
  if (object.name === 'Report') values.Description = textOf(root, 'description') || null;
  if (object.fields.has('folderid')) values.FolderId = folderRow?.Id ?? null;
  const actor = { org, userId: org.integrationUserId };
  const existing = tableOf(org, object.name).rows.find(
    (row) => row.DeveloperName === developerName && row.IsDeleted !== true,
  );
  if (existing) updateRow(actor, object, { row: existing, values });
  else insertRow(actor, object, values);
}
