import { nowSeconds, type Org, tableOf } from '../org.ts';
import type { Row, SObject, Value } from '../schema/object.ts';
import { addRow, newId, purgeRows, rowById } from './table.ts';

interface Saved {
  readonly org: Org;
  readonly userId: string;
  readonly object: SObject;
  readonly before: Row | null;
  readonly row: Row;
}

const opportunityColumns = ['StageName', 'Amount', 'Probability', 'CloseDate'];
const tracked: Readonly<
  Record<string, { object: string; parent: string; fields: Readonly<Record<string, string>> }>
> = {
  Opportunity: {
    object: 'OpportunityFieldHistory',
    parent: 'OpportunityId',
    fields: { StageName: 'DynamicEnum', Amount: 'Currency', CloseDate: 'DateOnly', OwnerId: 'EntityId' },
  },
  Case: {
    object: 'CaseHistory',
    parent: 'CaseId',
    fields: { Status: 'DynamicEnum', Priority: 'DynamicEnum', OwnerId: 'EntityId' },
  },
};

/** History rows that the platform writes beside a saved record. */
export function recordHistory(saved: Saved): void {
  if (saved.object.name === 'Opportunity') recordOpportunity(saved);
  const rule = tracked[saved.object.name];
  if (!rule) return;
  const { before, row } = saved;
  if (!before) {
    addHistory(saved, rule.object, { [rule.parent]: row.Id, Field: 'created', DataType: 'Text' });
    return;
  }
  for (const [name, type] of Object.entries(rule.fields)) {
    if ((before[name] ?? null) === (row[name] ?? null)) continue;
    const change = { [rule.parent]: row.Id, Field: name === 'OwnerId' ? 'Owner' : name, DataType: type };
    addHistory(saved, rule.object, {
      ...change,
      OldValue: before[name] ?? null,
      NewValue: row[name] ?? null,
    });
    if (name !== 'OwnerId') continue;
    // A lookup leaves two rows: one with the names, one with the ids.
    const names = { OldValue: nameOf(saved.org, before.OwnerId), NewValue: nameOf(saved.org, row.OwnerId) };
    addHistory(saved, rule.object, { ...change, DataType: 'Text', ...names });
  }
}

function recordOpportunity(saved: Saved): void {
  const { before, row } = saved;
  if (before && opportunityColumns.every((name) => (before[name] ?? null) === (row[name] ?? null))) return;
  addHistory(saved, 'OpportunityHistory', {
    OpportunityId: row.Id,
    StageName: row.StageName ?? null,
    Amount: row.Amount ?? null,
    CloseDate: row.CloseDate ?? null,
    Probability: row.Probability ?? null,
    ForecastCategory: row.ForecastCategory ?? null,
    PrevAmount: before?.Amount ?? null,
    PrevCloseDate: before?.CloseDate ?? null,
  });
}

function addHistory(saved: Saved, name: string, values: Readonly<Record<string, Value>>): void {
  const { org, userId } = saved;
  const object = org.objects.get(name.toLowerCase());
  if (!object) return;
  const table = tableOf(org, name);
  const at = saved.before ? nowSeconds(org) : (saved.row.CreatedDate ?? nowSeconds(org));
  addRow(table, { Id: newId(object, table), ...values, CreatedDate: at, CreatedById: userId });
}

function nameOf(org: Org, id: Value | undefined): Value {
  const row = rowById(tableOf(org, 'User'), String(id)) ?? rowById(tableOf(org, 'Group'), String(id));
  return row?.Name ?? null;
}

/** What goes with a deleted parent: into the bin (returned), or without a trace. */
const dependants: Readonly<Record<string, readonly { object: string; field: string; purge: boolean }[]>> = {
  Account: [
    { object: 'Contact', field: 'AccountId', purge: false },
    { object: 'Opportunity', field: 'AccountId', purge: false },
  ],
  Opportunity: [
    { object: 'OpportunityHistory', field: 'OpportunityId', purge: true },
    { object: 'OpportunityFieldHistory', field: 'OpportunityId', purge: true },
  ],
  Case: [
    { object: 'CaseHistory', field: 'CaseId', purge: true },
    { object: 'EmailMessage', field: 'ParentId', purge: false },
    { object: 'CaseComment', field: 'ParentId', purge: false },
    { object: 'CaseMilestone', field: 'CaseId', purge: false },
  ],
  Campaign: [{ object: 'CampaignMember', field: 'CampaignId', purge: true }],
  PermissionSet: [
    { object: 'PermissionSetAssignment', field: 'PermissionSetId', purge: true },
    { object: 'FieldPermissions', field: 'ParentId', purge: true },
    { object: 'ObjectPermissions', field: 'ParentId', purge: true },
  ],
};

export function followDeletion(org: Org, object: string, id: string): { object: SObject; row: Row }[] {
  const followers: { object: SObject; row: Row }[] = [];
  for (const dependant of dependants[object] ?? []) {
    const table = tableOf(org, dependant.object);
    const shape = org.objects.get(dependant.object.toLowerCase());
    if (!shape) continue;
    if (dependant.purge) {
      purgeRows(table, (row) => row[dependant.field] === id);
      continue;
    }
    for (const row of table.rows) {
      if (row[dependant.field] === id && row.IsDeleted !== true) followers.push({ object: shape, row });
    }
  }
  return followers;
}
