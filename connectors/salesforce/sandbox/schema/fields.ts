import type { Row, Value } from './object.ts';

export type FieldType =
  | 'id'
  | 'string'
  | 'textarea'
  | 'email'
  | 'phone'
  | 'url'
  | 'picklist'
  | 'combobox'
  | 'multipicklist'
  | 'reference'
  | 'boolean'
  | 'int'
  | 'double'
  | 'currency'
  | 'percent'
  | 'date'
  | 'datetime'
  | 'time'
  | 'address'
  | 'anyType';

export interface PicklistValue {
  readonly value: string;
  readonly label: string;
}

/** A field as describe tells it, plus `compute` for the ones that the org works out on reading. */
export interface Field {
  readonly name: string;
  readonly label: string;
  readonly type: FieldType;
  readonly length: number;
  readonly precision: number;
  readonly scale: number;
  readonly required: boolean;
  readonly nillable: boolean;
  readonly createable: boolean;
  readonly updateable: boolean;
  readonly filterable: boolean;
  readonly sortable: boolean;
  readonly groupable: boolean;
  readonly calculated: boolean;
  readonly custom: boolean;
  readonly unique: boolean;
  readonly externalId: boolean;
  readonly caseSensitive: boolean;
  readonly autoNumber: boolean;
  readonly nameField: boolean;
  readonly permissionable: boolean;
  readonly compoundFieldName: string | null;
  readonly referenceTo: readonly string[];
  readonly relationshipName: string | null;
  readonly restricted: boolean;
  readonly picklist: readonly PicklistValue[];
  /** Nobody sees it until a permission set that grants it is assigned. */
  readonly secured: boolean;
  readonly compute: ((row: Row) => Value) | null;
}
export type FieldSpec = Partial<Omit<Field, 'name' | 'type'>> & { readonly type: FieldType };
type Extra = Partial<Omit<Field, 'name' | 'type'>>;

export const required: Extra = { required: true, nillable: false };
export const readOnly: Extra = { createable: false, updateable: false };
export const unfilterable: Extra = { filterable: false, sortable: false, groupable: false };

export const text = (length = 255, extra: Extra = {}): FieldSpec => ({ type: 'string', length, ...extra });
export const longText = (length = 32_000, extra: Extra = {}): FieldSpec => ({
  type: 'textarea',
  length,
  ...unfilterable,
  ...extra,
});
export const email = (extra: Extra = {}): FieldSpec => ({ type: 'email', length: 80, ...extra });
export const phone = (): FieldSpec => ({ type: 'phone', length: 40 });
export const pick = (values: string, extra: Extra = {}): FieldSpec => ({
  type: 'picklist',
  length: 255,
  picklist: values === '' ? [] : values.split('|').map((value) => ({ value, label: value })),
  ...extra,
});
export const flag = (extra: Extra = {}): FieldSpec => ({ type: 'boolean', nillable: false, ...extra });
export const whole = (extra: Extra = {}): FieldSpec => ({ type: 'int', precision: 9, ...extra });
export const double = (precision = 18, scale = 2, extra: Extra = {}): FieldSpec => ({
  type: 'double',
  precision,
  scale,
  ...extra,
});
export const currency = (extra: Extra = {}): FieldSpec => ({
  type: 'currency',
  precision: 18,
  scale: 2,
  ...extra,
});
export const percent = (extra: Extra = {}): FieldSpec => ({
  type: 'percent',
  precision: 5,
  scale: 0,
  ...extra,
});
export const date = (extra: Extra = {}): FieldSpec => ({ type: 'date', ...extra });
export const datetime = (extra: Extra = {}): FieldSpec => ({ type: 'datetime', ...extra });
export const time = (): FieldSpec => ({ type: 'time' });
export const anyType = (): FieldSpec => ({ type: 'anyType', ...unfilterable, ...readOnly });

/** `link('Owner', 'User|Group')`: the id field is given by its own name, the relationship by the first argument. */
export const link = (relationshipName: string | null, to: string, extra: Extra = {}): FieldSpec => ({
  type: 'reference',
  length: 18,
  relationshipName,
  referenceTo: to.split('|'),
  ...extra,
});

const plain = {
  length: 0,
  precision: 0,
  scale: 0,
  required: false,
  nillable: true,
  createable: true,
  updateable: true,
  filterable: true,
  sortable: true,
  groupable: true,
  calculated: false,
  unique: false,
  externalId: false,
  caseSensitive: false,
  autoNumber: false,
  nameField: false,
  compoundFieldName: null,
  referenceTo: [],
  relationshipName: null,
  restricted: false,
  picklist: [],
  secured: false,
  compute: null,
} as const;

export function completeField(name: string, spec: FieldSpec): Field {
  const custom = name.endsWith('__c');
  const label = spec.label ?? labelOf(name);
  const required = spec.required ?? false;
  return { ...plain, custom, label, permissionable: custom && !required, name, ...spec };
}

function labelOf(name: string): string {
  const words = name
    .replace(/__c$/, '')
    .replace(/_/g, ' ')
    .replace(/([a-z])([A-Z])/g, '$1 $2');
  return words.replace(/ Id$/, ' ID');
}
