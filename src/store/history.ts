import type { SqlValue } from '../model/entities.ts';

/** One change of one field, as stored: references as ids, money in minor units, all as text. */
export interface FieldChange {
  readonly field: string;
  readonly at: number;
  readonly from_value: string | null;
  readonly to_value: string | null;
}

/** What held of a record from an instant on; null also where it is not known. */
export interface RecordState {
  readonly at: number;
  readonly values: Readonly<Record<string, SqlValue>>;
  /** Fields whose value before their first known change is not known. */
  readonly unknown: ReadonlySet<string>;
}

/**
 * The states of a record from its creation on, oldest first, one per instant at which a field changed.
 * `changes` oldest first. A field without changes held its present value all along; one with changes held the first
 * change's `from_value` before it, unknown when that is null. Changes told from before the creation hold at the creation.
 */
export function statesOf(
  createdAt: number,
  present: Readonly<Record<string, SqlValue>>,
  changes: readonly FieldChange[],
): readonly RecordState[] {
  const known = changes.filter((change) => Object.hasOwn(present, change.field));
  const values: Record<string, SqlValue> = { ...present };
  const unknown = new Set<string>();
  for (const change of known.toReversed()) {
    values[change.field] = typed(change, change.from_value, present);
    if (change.from_value === null) unknown.add(change.field);
    else unknown.delete(change.field);
  }
  const states: RecordState[] = [{ at: createdAt, values: { ...values }, unknown: new Set(unknown) }];
  for (const change of known) {
    const at = Math.max(change.at, createdAt);
    values[change.field] = typed(change, change.to_value, present);
    unknown.delete(change.field);
    const state = { at, values: { ...values }, unknown: new Set(unknown) };
    if (states.at(-1)?.at === at) states.pop();
    states.push(state);
  }
  return states;
}

const whole = new Set(['amount_minor', 'due_at']);
const numeric = new Set([...whole, 'probability']);

/** The fields whose text form is a number. */
export function isNumericField(field: string): boolean {
  return numeric.has(field);
}

/** Null where the text is no value of the field's kind. */
function typed(
  { field }: FieldChange,
  value: string | null,
  present: Readonly<Record<string, SqlValue>>,
): SqlValue {
  if (value === null || value === '') return null;
  if (typeof present[field] !== 'number') return value;
  const number = Number(value);
  if (Number.isNaN(number) || (whole.has(field) && !Number.isSafeInteger(number))) return null;
  return number;
}
