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
  readonly outcomeOf: (values: Readonly<Record<string, SqlValue>>) => string | null;
  /** The record's present outcome. */
  readonly present: (record: StateSource) => string;
  /** When it closed, by its own dates; null while open or not known. */
  readonly closedAt: (record: StateSource, zone: Zone) => number | null;
}

interface JudgedState extends RecordState {
  readonly outcome: string;
  readonly inferred: boolean;
}

/**
 * The spans of a record's states. Where the history does not reach back, or does not agree with the record, only
 * open or closed is concluded, from the created and closed dates (kpis: never amount or stage).
 */
export function deriveStates(
  record: StateSource,
  changes: readonly FieldChange[],
  rules: StateRules,
  zone: Zone,
): readonly StateSpan[] {
  const createdAt = Number(record.created_at ?? record.updated_at ?? 0);
  const present = presentValues(record, rules.fields);
  const outcome = rules.present(record);
  const closedAt = outcome === 'open' ? null : Math.max(rules.closedAt(record, zone) ?? createdAt, createdAt);
  const told = changes.some((change) => change.field === rules.stageField);
  const history = told
    ? statesOf(createdAt, present, changes)
    : withUnknownStage(statesOf(createdAt, present, changes), rules.stageField, outcome);
  const judged = history.flatMap((state) => judgeState(state, { rules, outcome, closedAt }));
  return toSpans(agreeWithPresent(judged, { present, outcome, closedAt, record }));
}

function presentValues(record: StateSource, fields: readonly string[]): Record<string, SqlValue> {
  const present: Record<string, SqlValue> = {};
  // A null number must still be read as a number from the history.
  for (const field of fields) present[field] = record[field] ?? (isNumericField(field) ? Number.NaN : null);
  return present;
}

/** Without any stage history, a closed record's earlier stages are not known; an open one stands where it stands. */
function withUnknownStage(
  states: readonly RecordState[],
  stageField: string,
  outcome: string,
): readonly RecordState[] {
  if (outcome === 'open') return states;
  return states.map((state) => ({
    ...state,
    values: { ...state.values, [stageField]: null },
    unknown: new Set([...state.unknown, stageField]),
  }));
}

interface Present {
  readonly rules: StateRules;
  readonly outcome: string;
  readonly closedAt: number | null;
}

/** One state, or two where the record closed, by its dates, while its stage is not known. */
function judgeState(state: RecordState, { rules, outcome, closedAt }: Present): readonly JudgedState[] {
  const stageKnown = !state.unknown.has(rules.stageField);
  const told = stageKnown ? rules.outcomeOf(state.values) : null;
  if (told !== null) return [{ ...state, outcome: told, inferred: false }];
  const closed = closedAt !== null && state.at >= closedAt;
  return [{ ...state, outcome: closed ? outcome : 'open', inferred: true }];
}

function agreeWithPresent(
  states: readonly JudgedState[],
  at: {
    present: Readonly<Record<string, SqlValue>>;
    outcome: string;
    closedAt: number | null;
    record: StateSource;
  },
): readonly JudgedState[] {
  const closing = (instant: number): JudgedState => ({
    at: instant,
    values: at.present,
    unknown: new Set(),
    outcome: at.outcome,
    inferred: true,
  });
  const firstTold = states.find((state) => !state.inferred);
  const agreed = [...states];
  // Imported as closed: the dates tell more than the moment of the import.
  if (at.closedAt !== null && firstTold?.outcome !== 'open') {
    const instant = Math.min(at.closedAt, firstTold?.at ?? at.closedAt);
    const later = agreed.findIndex((state) => state.at >= instant);
    const place = later === -1 ? agreed.length : later;
    const exact = agreed[place];
    agreed.splice(
      place,
      exact?.at === instant && exact.inferred ? 1 : 0,
      ...(exact?.at === instant && !exact.inferred ? [] : [closing(instant)]),
    );
  }
  const last = agreed.at(-1);
  if (last && last.outcome !== at.outcome) {
    const instant =
      at.outcome === 'open' ? Number(at.record.updated_at ?? last.at) : (at.closedAt ?? last.at);
    agreed.push(closing(Math.max(instant, last.at)));
  }
  return agreed;
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
    const last = spans.at(-1);
    if (last && last.from === state.at) spans.pop();
    const previous = spans.at(-1);
    if (previous && previous.print === print) {
      previous.to = null;
      continue;
    }
    if (previous) previous.to = state.at;
    spans.push({ from: state.at, to: null, values, inferred: state.inferred, print });
  }
  return spans;
}
