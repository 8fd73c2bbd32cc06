import type { SqlValue } from '../model/entities.ts';
import type { Zone } from '../model/zone.ts';
import { type FieldChange, isNumericField, type RecordState, statesOf } from './history.ts';

/** A record of deal or ticket, as far as its states need it. */
export type StateSource = Readonly<Record<string, SqlValue>>;

export interface StateSpan {
  readonly from: number;
  readonly to: number | null;
  readonly values: Readonly<Record<string, SqlValue>>;
  /** Concluded from created and closed dates, not told by a history. */
  readonly inferred: boolean;
}

/** What distinguishes the states of deals from those of tickets. */
export interface StateRules {
  readonly fields: readonly string[];
  /** Column that holds the stage key: stage or status. */
  readonly stageField: string;
  /** open, won, lost, or closed; null for an unknown stage. */
  readonly outcomeOf: (values: Readonly<Record<string, SqlValue>>, source: string) => string | null;
  /** The record's present outcome. */
  readonly present: (record: StateSource) => string;
  /** When it closed, by its own dates; null while open or not known. */
  readonly closedAt: (record: StateSource, zone: Zone) => number | null;
}

interface JudgedState {
  readonly at: number;
  readonly values: Readonly<Record<string, SqlValue>>;
  readonly outcome: string;
  readonly inferred: boolean;
}

/** What the record itself says. */
interface Present {
  readonly record: StateSource;
  readonly rules: StateRules;
  readonly values: Readonly<Record<string, SqlValue>>;
  readonly outcome: string;
  readonly closedAt: number | null;
  /** Whether a history of its stages is known at all. */
  readonly told: boolean;
}

/**
 * The spans of a record's states. Where the history does not reach back, or does not agree with the record, only
 * open or closed is concluded, from the created and closed dates; amounts and stages of the past never are.
 */
export function deriveStates(
  record: StateSource,
  changes: readonly FieldChange[],
  rules: StateRules,
  zone: Zone,
): readonly StateSpan[] {
  const createdAt = firstInstant(record, changes);
  const outcome = rules.present(record);
  const present: Present = {
    record,
    rules,
    values: presentValues(record, rules.fields),
    outcome,
    closedAt: outcome === 'open' ? null : Math.max(rules.closedAt(record, zone) ?? createdAt, createdAt),
    told: changes.some((change) => change.field === rules.stageField),
  };
  const states = statesOf(createdAt, present.values, changes);
  return toSpans(endAsPresent(judgeStates(states, present), present));
}

function firstInstant(record: StateSource, changes: readonly FieldChange[]): number {
  if (record.created_at !== null && record.created_at !== undefined) return Number(record.created_at);
  const known = [changes[0]?.at, record.updated_at].filter((at) => typeof at === 'number');
  return known.length > 0 ? Math.min(...known) : 0;
}

function presentValues(record: StateSource, fields: readonly string[]): Record<string, SqlValue> {
  const present: Record<string, SqlValue> = {};
  // A null number must still be read as a number from the history.
  for (const field of fields) present[field] = record[field] ?? (isNumericField(field) ? Number.NaN : null);
  return present;
}

/** Open or closed for each state: as its stage says, else by the record's dates. */
function judgeStates(states: readonly RecordState[], present: Present): readonly JudgedState[] {
  const judged: JudgedState[] = [];
  let opensLater = false;
  let until = Number.POSITIVE_INFINITY;
  for (const state of states.toReversed()) {
    const outcome = toldOutcome(state, present);
    if (outcome === null) judged.push(...inferStates(state, { until, opensLater, present }));
    else judged.push({ at: state.at, values: state.values, outcome, inferred: false });
    opensLater ||= outcome === 'open';
    until = state.at;
  }
  return judged.reverse();
}

function toldOutcome(state: RecordState, { record, rules, told, values, outcome }: Present): string | null {
  if (!told || state.unknown.has(rules.stageField)) return null;
  const meaning = rules.outcomeOf(state.values, String(record.source_id));
  if (meaning !== null) return meaning;
  // A stage that the CRM no longer lists means what the record in it says.
  return state.values[rules.stageField] === values[rules.stageField] ? outcome : null;
}

/** One state, or two (the later one first) where the record closed, by its dates, while its stage is not known. */
function inferStates(
  state: RecordState,
  { until, opensLater, present }: { until: number; opensLater: boolean; present: Present },
): readonly JudgedState[] {
  const { rules, closedAt, outcome, told, values } = present;
  const stage = rules.stageField;
  const inferred = true;
  // Dates of a record that was open later tell of its last closing only.
  const closes = closedAt !== null && !opensLater && closedAt < until;
  // Without any history a closed record's earlier stages are not known; an open one stands where it stands.
  const openValues = told || closedAt === null ? state.values : { ...state.values, [stage]: null };
  const open = { at: state.at, values: openValues, outcome: 'open', inferred };
  if (!closes) return [open];
  const closedValues = told ? state.values : { ...state.values, [stage]: values[stage] ?? null };
  const closed = { at: Math.max(closedAt, state.at), values: closedValues, outcome, inferred };
  return closed.at === state.at ? [closed] : [closed, open];
}

/** The last state is the record's own; where the history ends otherwise, something in it is missing. */
function endAsPresent(states: readonly JudgedState[], present: Present): readonly JudgedState[] {
  const { record, values, outcome } = present;
  const told = states.at(-1);
  if (!told) return states;
  const ended = told.outcome === outcome ? states : [...states, turnTo(told, present)];
  const last = ended.at(-1) ?? told;
  const updatedAt = Number(record.updated_at ?? last.at);
  // A history newer than the record: the record has only not been read again yet.
  if (updatedAt < last.at) return ended;
  const differing = Object.entries(values).filter(([field, value]) => {
    const known = Number.isNaN(value) ? null : value;
    return known !== last.values[field] && (outcome === 'open' || known !== null);
  });
  if (differing.length === 0) return ended;
  return [...ended, { ...last, at: updatedAt, values: { ...last.values, ...Object.fromEntries(differing) } }];
}

/** The record's present outcome from its date on, with the values in force then: what changed since came later. */
function turnTo(last: JudgedState, { record, rules, values, outcome, closedAt }: Present): JudgedState {
  const stage = rules.stageField;
  const at = Math.max(closedAt ?? Number(record.updated_at ?? last.at), last.at);
  return { at, values: { ...last.values, [stage]: values[stage] ?? null }, outcome, inferred: true };
}

function toSpans(states: readonly JudgedState[]): readonly StateSpan[] {
  const spans: {
    from: number;
    to: number | null;
    values: Record<string, SqlValue>;
    inferred: boolean;
    print: string;
  }[] = [];
  for (const state of states) {
    const values: Record<string, SqlValue> = { outcome: state.outcome };
    for (const [field, value] of Object.entries(state.values))
      values[field] = Number.isNaN(value) ? null : value;
    const print = JSON.stringify([values, state.inferred]);
    if (spans.at(-1)?.from === state.at) spans.pop();
    const previous = spans.at(-1);
    if (previous) previous.to = previous.print === print ? null : state.at;
    if (previous?.print === print) continue;
    spans.push({ from: state.at, to: null, values, inferred: state.inferred, print });
  }
  return spans;
}
