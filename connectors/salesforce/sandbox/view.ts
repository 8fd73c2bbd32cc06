import { nowSeconds, type Org, tableOf } from './org.ts';
import type { Field } from './schema/fields.ts';
import type { Row, SObject } from './schema/object.ts';

const binSeconds = 15 * 86_400;

/** The organisation as one user may see it. */
export interface View {
  readonly org: Org;
  readonly userId: string;
  /** Any letter case; undefined: not there, or not for this user. */
  object(name: string): SObject | undefined;
  field(object: SObject, name: string): Field | undefined;
  fields(object: SObject): readonly Field[];
  objects(): readonly SObject[];
}

/** What no user may see is not there at all: answers are the same as for a name that does not exist. */
export function createView(org: Org, userId: string): View {
  const granted = grantedFields(org, userId);
  const seesObject = (object: SObject) => object.queryable && !org.hidden.has(object.name.toLowerCase());
  const seesField = (object: SObject, field: Field) => {
    const path = `${object.name}.${field.name}`.toLowerCase();
    return !org.hidden.has(path) && (!field.secured || granted.has(path));
  };
  return {
    org,
    userId,
    object: (name) => {
      const object = org.objects.get(name.toLowerCase());
      return object && seesObject(object) ? object : undefined;
    },
    field: (object, name) => {
      const field = object.fields.get(name.toLowerCase());
      return field && seesField(object, field) ? field : undefined;
    },
    fields: (object) => [...object.fields.values()].filter((field) => seesField(object, field)),
    objects: () => [...org.objects.values()].filter(seesObject),
  };
}

/** Fields that some permission set of the user lets it read. */
function grantedFields(org: Org, userId: string): ReadonlySet<string> {
  const sets = new Set<unknown>();
  for (const row of tableOf(org, 'PermissionSetAssignment').rows) {
    if (row.AssigneeId === userId) sets.add(row.PermissionSetId);
  }
  const fields = new Set<string>();
  for (const row of tableOf(org, 'FieldPermissions').rows) {
    if (sets.has(row.ParentId) && row.PermissionsRead === true) fields.add(String(row.Field).toLowerCase());
  }
  return fields;
}

/** Deleted rows stay in the Recycle Bin for 15 days; then only the sweep of ids tells. */
export function isInBin(org: Org, row: Row): boolean {
  return row.IsDeleted === true && Number(row.SystemModstamp ?? 0) > nowSeconds(org) - binSeconds;
}
