import { completeField, datetime, type Field, type FieldSpec, flag, link, readOnly } from './fields.ts';

/** Dates as `YYYY-MM-DD`, instants as whole seconds since 1970, which is as fine as the org stamps them. */
export type Value = string | number | boolean | null;
export interface Row {
  readonly Id: string;
  [field: string]: Value;
}

export interface SObject {
  readonly name: string;
  readonly label: string;
  readonly labelPlural: string;
  readonly prefix: string;
  readonly custom: boolean;
  readonly createable: boolean;
  readonly updateable: boolean;
  readonly deletable: boolean;
  readonly replicateable: boolean;
  /** Pseudo-objects behind polymorphic relationships are not listed and cannot be queried. */
  readonly queryable: boolean;
  /** Reference tables that Bulk API 2.0 does not read. */
  readonly bulk: boolean;
  /** Deleted rows leave no trace in queryAll. */
  readonly hardDelete: boolean;
  readonly marker: {
    readonly enableReports: boolean;
    readonly sharingModel: string;
    readonly description: string;
  } | null;
  /** By lower-case name, in describe's order. */
  readonly fields: ReadonlyMap<string, Field>;
}

export interface ObjectSpec {
  readonly prefix: string;
  readonly label?: string;
  readonly labelPlural?: string;
  /** Which system fields it has; undeletable: all but IsDeleted; created: a history row's. */
  readonly audit?: 'full' | 'undeletable' | 'created' | 'modified' | 'none';
  readonly writable?: boolean;
  readonly custom?: boolean;
  readonly queryable?: boolean;
  readonly bulk?: boolean;
  readonly hardDelete?: boolean;
  readonly marker?: SObject['marker'];
  readonly fields: Readonly<Record<string, FieldSpec>>;
}

const created = { CreatedDate: datetime(readOnly), CreatedById: link('CreatedBy', 'User', readOnly) };
const modified = {
  LastModifiedDate: datetime(readOnly),
  LastModifiedById: link('LastModifiedBy', 'User', readOnly),
  SystemModstamp: datetime(readOnly),
};
const deleted = { IsDeleted: flag(readOnly) };
const audits: Readonly<Record<NonNullable<ObjectSpec['audit']>, Readonly<Record<string, FieldSpec>>>> = {
  full: { ...deleted, ...created, ...modified },
  undeletable: { ...created, ...modified },
  created: { ...deleted, ...created },
  modified,
  none: {},
};

export function defineObject(name: string, spec: ObjectSpec): SObject {
  const writable = spec.writable ?? true;
  const audit = audits[spec.audit ?? 'full'];
  const all = {
    Id: { type: 'id', length: 18, ...readOnly, nillable: false } satisfies FieldSpec,
    ...spec.fields,
    ...audit,
  };
  const fields = Object.entries(all).map(([field, each]) => completeField(field, each));
  const label = spec.label ?? name;
  return {
    name,
    label,
    labelPlural: spec.labelPlural ?? `${label}s`,
    prefix: spec.prefix,
    custom: spec.custom ?? false,
    createable: writable,
    updateable: writable,
    deletable: writable && name !== 'User',
    replicateable: 'IsDeleted' in audit,
    queryable: spec.queryable ?? true,
    bulk: spec.bulk ?? true,
    hardDelete: spec.hardDelete ?? !('IsDeleted' in audit),
    marker: spec.marker ?? null,
    fields: new Map(fields.map((field) => [field.name.toLowerCase(), field])),
  };
}

/** The object with more or other fields; a changed shape is a new value. */
export function withFields(object: SObject, fields: readonly Field[]): SObject {
  const all = new Map(object.fields);
  for (const field of fields) all.set(field.name.toLowerCase(), field);
  return { ...object, fields: all };
}

export function withoutField(object: SObject, name: string): SObject {
  const all = new Map(object.fields);
  all.delete(name.toLowerCase());
  return { ...object, fields: all };
}
