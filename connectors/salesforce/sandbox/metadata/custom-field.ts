import { completeField, type Field, type FieldSpec, unfilterable } from '../schema/fields.ts';
import { all, type Element, textOf } from './xml.ts';

const maxPrecision = 18;
const maxLength = 255;

/** A field of the package, or why the platform refuses it. */
export function readField(element: Element): Field | string {
  const name = textOf(element, 'fullName');
  const label = textOf(element, 'label');
  if (!/^[A-Za-z]\w*__c$/.test(name)) return `The name '${name}' is not a valid custom field name`;
  if (label === '') return `Required field is missing: label`;
  if (label.length > 40) return 'Label: data value too large (max length=40)';
  const spec = readType(element);
  if (typeof spec === 'string') return spec;
  const required = textOf(element, 'required') === 'true';
  const unique = textOf(element, 'unique') === 'true';
  return completeField(name, {
    ...spec,
    label,
    custom: true,
    required,
    nillable: !required && spec.type !== 'boolean',
    unique,
    externalId: textOf(element, 'externalId') === 'true',
    caseSensitive: textOf(element, 'caseSensitive') === 'true',
    secured: !required,
  });
}

function readType(element: Element): FieldSpec | string {
  const type = textOf(element, 'type');
  const length = Number(textOf(element, 'length'));
  const reader = types[type];
  return reader ? reader(element, length) : `Unknown field type: ${type || '(none)'}`;
}

const types: Readonly<Record<string, (element: Element, length: number) => FieldSpec | string>> = {
  Text: (_, length) =>
    length >= 1 && length <= maxLength
      ? { type: 'string', length }
      : `Must specify 'length' between 1 and ${maxLength} for a CustomField of type Text`,
  TextArea: () => ({ type: 'textarea', length: maxLength, ...unfilterable }),
  LongTextArea: (element, length) => {
    if (length < 256 || length > 131_072)
      return "Must specify 'length' for a CustomField of type LongTextArea";
    if (textOf(element, 'visibleLines') === '')
      return "Must specify 'visibleLines' for a CustomField of type LongTextArea";
    return { type: 'textarea', length, ...unfilterable };
  },
  Number: (element) => readNumber(element, 'double'),
  Currency: (element) => readNumber(element, 'currency'),
  Percent: (element) => readNumber(element, 'percent'),
  Date: () => ({ type: 'date' }),
  DateTime: () => ({ type: 'datetime' }),
  Checkbox: (element) =>
    textOf(element, 'defaultValue') === ''
      ? "Must specify 'defaultValue' for a CustomField of type Checkbox"
      : { type: 'boolean' },
  Picklist: readPicklist,
  Lookup: (element) => {
    const to = textOf(element, 'referenceTo');
    if (to === '') return "Must specify 'referenceTo' for a CustomField of type Lookup";
    const relationshipName = textOf(element, 'fullName').replace(/__c$/, '__r');
    return { type: 'reference', length: 18, referenceTo: [to], relationshipName };
  },
  Url: () => ({ type: 'url', length: maxLength }),
  Email: () => ({ type: 'email', length: 80 }),
  Phone: () => ({ type: 'phone', length: 40 }),
};

function readNumber(element: Element, type: 'double' | 'currency' | 'percent'): FieldSpec | string {
  const precision = Number(textOf(element, 'precision'));
  const scale = Number(textOf(element, 'scale') || 'NaN');
  const isSound = precision >= 1 && precision <= maxPrecision && scale >= 0 && scale <= precision;
  return isSound
    ? { type, precision, scale }
    : `Must specify 'precision' (at most ${maxPrecision}) and 'scale'`;
}

function readPicklist(element: Element): FieldSpec | string {
  const set = all(element, 'valueSet')[0];
  const definition = set && all(set, 'valueSetDefinition')[0];
  if (!set || !definition) return "Must specify 'valueSet' for a CustomField of type Picklist";
  const picklist = all(definition, 'value').map((value) => ({
    value: textOf(value, 'fullName'),
    label: textOf(value, 'label') || textOf(value, 'fullName'),
  }));
  return { type: 'picklist', length: maxLength, restricted: textOf(set, 'restricted') === 'true', picklist };
}
