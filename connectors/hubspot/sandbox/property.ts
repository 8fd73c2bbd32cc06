/** A property definition as the API shows it. */
export interface Property {
  readonly name: string;
  readonly label: string;
  readonly type: PropertyType;
  readonly fieldType: string;
  readonly description: string;
  readonly groupName: string;
  readonly options: readonly Option[];
  readonly displayOrder: number;
  readonly calculated: boolean;
  readonly externalOptions: boolean;
  readonly hasUniqueValue: boolean;
  readonly hidden: boolean;
  readonly hubspotDefined: boolean;
  readonly formField: boolean;
  readonly dataSensitivity: 'non_sensitive';
  readonly modificationMetadata: {
    readonly archivable: boolean;
    readonly readOnlyDefinition: boolean;
    readonly readOnlyOptions?: boolean;
    readonly readOnlyValue: boolean;
  };
  readonly referencedObjectType?: string;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly archived: boolean;
  readonly archivedAt?: string;
}

export interface Option {
  readonly label: string;
  readonly value: string;
  readonly description?: string;
  readonly displayOrder: number;
  readonly hidden: boolean;
}

/** Properties guide: the field types that each type allows. */
export const fieldTypes = {
  string: ['text', 'textarea', 'html', 'phonenumber', 'file'],
  number: ['number', 'calculation_equation'],
  enumeration: ['select', 'radio', 'checkbox', 'booleancheckbox'],
  bool: ['booleancheckbox', 'calculation_equation'],
  date: ['date'],
  datetime: ['date'],
} as const;
export type PropertyType = keyof typeof fieldTypes;

export function isPropertyType(text: string): text is PropertyType {
  return Object.hasOwn(fieldTypes, text);
}

export interface PropertyPart {
  readonly name: string;
  readonly type: PropertyType;
  readonly label?: string;
  readonly fieldType?: string;
  readonly groupName?: string;
  readonly description?: string;
  readonly options?: readonly Option[];
  readonly hasUniqueValue?: boolean;
  readonly externalOptions?: boolean;
  readonly referencedObjectType?: string;
  readonly hidden?: boolean;
}

export interface PropertyOrigin {
  readonly groupName: string;
  readonly hubspotDefined: boolean;
  readonly readOnly: boolean;
  readonly at: number;
}

export function makeProperty(part: PropertyPart, origin: PropertyOrigin): Property {
  const at = new Date(origin.at).toISOString();
  const { hubspotDefined, readOnly } = origin;
  return {
    name: part.name,
    label: part.label ?? toLabel(part.name),
    type: part.type,
    fieldType: part.fieldType ?? fieldTypes[part.type][0],
    description: part.description ?? '',
    groupName: part.groupName ?? origin.groupName,
    options: part.type === 'bool' ? yesNo : (part.options ?? []),
    displayOrder: -1,
    calculated: readOnly,
    externalOptions: part.externalOptions ?? false,
    hasUniqueValue: part.hasUniqueValue ?? false,
    hidden: part.hidden ?? false,
    hubspotDefined,
    formField: !hubspotDefined,
    dataSensitivity: 'non_sensitive',
    modificationMetadata: {
      archivable: !hubspotDefined,
      readOnlyDefinition: hubspotDefined,
      readOnlyValue: readOnly,
    },
    ...(part.referencedObjectType ? { referencedObjectType: part.referencedObjectType } : {}),
    createdAt: at,
    updatedAt: at,
    archived: false,
  };
}

const yesNo: readonly Option[] = [
  { label: 'True', value: 'true', displayOrder: 0, hidden: false },
  { label: 'False', value: 'false', displayOrder: 1, hidden: false },
];

export function makeOptions(values: readonly (string | readonly [string, string])[]): Option[] {
  return values.map((entry, displayOrder) => {
    const [value, label] = typeof entry === 'string' ? [entry, toLabel(entry)] : entry;
    return { label, value, displayOrder, hidden: false };
  });
}

/** `hs_ticket_priority` becomes `Ticket priority`. */
function toLabel(name: string): string {
  const words = name.replace(/^hs_/, '').replaceAll('_', ' ').toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}
