import type { ResultField, ResultSchema } from '../../src/model/connector.ts';
import type { ResultChange } from '../../src/model/result.ts';
import { toText } from './values.ts';
import type { Shape } from './write-env.ts';

/** The fields that a change sets, as the REST API takes them. */
export function toFields(
  change: ResultChange,
  { target, key }: Shape,
  { withOwner }: { readonly withOwner: boolean },
): Record<string, string | number | boolean | null> {
  const record: Record<string, string | number | boolean | null> = { [key.apiName]: change.key };
  for (const field of target.fields) {
    const value = change.fields[field.name];
    if (field.kind !== 'key' && value !== undefined) record[field.apiName] = toFieldValue(field, value);
  }
  const ownerId = withOwner ? ownerOf(change, target) : null;
  return ownerId === null ? record : { ...record, OwnerId: ownerId };
}

function toFieldValue(
  field: ResultField,
  value: string | number | boolean | null,
): string | number | boolean | null {
  if (value === null) return field.kind === 'bool' ? false : null;
  // A queue has results too, but a lookup to User takes nobody else (Object Reference: id prefix 005).
  if (field.kind === 'user') return isUserId(value) ? value : null;
  if (field.kind === 'instant' && typeof value === 'number') return new Date(value).toISOString();
  if (field.kind === 'text') return String(value).slice(0, 255);
  if (field.kind === 'longtext') return String(value).slice(0, 32_768);
  return value;
}

/** A person's result belongs to that person: the private sharing model then shows it to them and their managers. */
export function ownerOf(change: ResultChange, target: ResultSchema): string | null {
  const field = target.fields.find((one) => one.kind === 'user');
  const id = field ? toText(change.fields[field.name]) : null;
  return isUserId(id) ? id : null;
}

function isUserId(id: string | number | boolean | null): id is string {
  return typeof id === 'string' && id.startsWith('005');
}
