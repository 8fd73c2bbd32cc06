import type { ResultField, ResultSchema } from '../../src/model/connector.ts';
import type { ResultRecord } from '../../src/model/result.ts';

/** Unique property by which records are found again. */
export const keyProperty = 'crmkpi_key';
export const nameProperty = 'kpi_name';
export const objectName = 'kpi_result';
/** HubSpot's own: whose record it is. */
export const ownerProperty = 'hubspot_owner_id';
export const groupName = 'crmkpi';
/** Stands in the description of everything that this program creates, and of nothing else. */
export const marker = 'crm-kpi';

/** A property as the API takes it (developer documentation, "Properties"). */
export interface PropertyDraft {
  readonly name: string;
  readonly label: string;
  readonly type: 'string' | 'number' | 'date' | 'datetime' | 'bool' | 'enumeration';
  readonly fieldType: 'text' | 'textarea' | 'number' | 'date' | 'booleancheckbox' | 'select';
  readonly description: string;
  readonly hasUniqueValue?: boolean;
  readonly options?: readonly {
    readonly label: string;
    readonly value: string;
    readonly displayOrder: number;
    readonly hidden: boolean;
  }[];
}

const forms = {
  key: ['string', 'text'],
  text: ['string', 'text'],
  longtext: ['string', 'textarea'],
  number: ['number', 'number'],
  date: ['date', 'date'],
  instant: ['datetime', 'date'],
  bool: ['bool', 'booleancheckbox'],
  pick: ['enumeration', 'select'],
  user: ['string', 'text'],
} as const satisfies Record<
  ResultField['kind'],
  readonly [PropertyDraft['type'], PropertyDraft['fieldType']]
>;

export function toProperty(field: ResultField): PropertyDraft {
  const [type, fieldType] = forms[field.kind];
  return {
    name: propertyName(field),
    label: field.label,
    type,
    fieldType,
    description: `Written by ${marker}.`,
    ...(field.kind === 'key' ? { hasUniqueValue: true } : {}),
    ...optionsOf(field),
  };
}

function optionsOf(field: ResultField): Pick<PropertyDraft, 'options'> {
  const values =
    field.kind === 'bool'
      ? [
          { value: 'true', label: 'Yes' },
          { value: 'false', label: 'No' },
        ]
      : field.kind === 'pick'
        ? (field.values ?? [])
        : null;
  if (values === null) return {};
  return {
    options: values.map(({ value, label }, displayOrder) => ({ label, value, displayOrder, hidden: false })),
  };
}

export function propertyName(field: Pick<ResultField, 'name' | 'kind'>): string {
  return field.kind === 'key' ? keyProperty : field.name.toLowerCase();
}

/** What people see as a record's name. */
function nameDraft(language: ResultSchema['language']): PropertyDraft {
  return {
    name: nameProperty,
    label: language === 'es' ? 'Resultado' : 'Result',
    type: 'string',
    fieldType: 'text',
    description: `Written by ${marker}.`,
  };
}

export function allProperties(schema: ResultSchema): readonly PropertyDraft[] {
  return [nameDraft(schema.language), ...schema.fields.map(toProperty)];
}

/** A change's fields as property values: all text, empty text where there is none. */
export function toProperties(fields: ResultRecord, schema: ResultSchema): Readonly<Record<string, string>> {
  const properties: Record<string, string> = {};
  for (const field of schema.fields) {
    const value = fields[field.name];
    if (field.kind === 'key' || value === undefined) continue;
    properties[propertyName(field)] = toText(value, field.kind);
  }
  return properties;
}

function toText(value: string | number | boolean | null, kind: ResultField['kind']): string {
  if (value === null) return '';
  if (kind === 'instant' && typeof value === 'number') return new Date(value).toISOString();
  return String(value);
}

/** `Win rate · 2026-10 · Ana Ruiz`; undefined for a change that does not carry these fields. */
export function displayName(fields: ResultRecord): string | undefined {
  const parts = [fields.label ?? fields.kpi, fields.period_label, fields.segment_name];
  const words = parts.filter((part) => typeof part === 'string' && part !== '');
  return fields.label === undefined && fields.kpi === undefined ? undefined : words.join(' · ');
}
