import type { SqlValue } from '../model/entities.ts';
import type { Zone } from '../model/zone.ts';
import type { Handle } from './database.ts';
import { deriveStates, type StateRules, type StateSource } from './derive-states.ts';
import type { FieldChange } from './history.ts';

const recordsPerTransaction = 500;

interface DerivedTable {
  readonly object: 'deal' | 'ticket';
  readonly table: string;
  /** Columns of the derived table that come from a state's values. */
  readonly columns: readonly string[];
  readonly rules: (handle: Handle) => StateRules;
}

const derivedTables: readonly DerivedTable[] = [
  {
    object: 'deal',
    table: 'deal_state',
    columns: [
      'outcome',
      'pipeline',
      'stage',
      'amount_minor',
      'currency',
      'probability',
      'expected_close_on',
      'next_step',
      'owner_id',
    ],
    rules: (handle) => ({
      fields: [
        'pipeline',
        'stage',
        'amount_minor',
        'currency',
        'probability',
        'expected_close_on',
        'next_step',
        'owner_id',
      ],
      stageField: 'stage',
      outcomeOf: createOutcomes(handle, 'deal', 'stage'),
      present: (deal) => String(deal.outcome ?? 'open'),
      closedAt: (deal, zone) =>
        asInstant(deal.closed_at) ??
        (typeof deal.closed_on === 'string' ? zone.startOf(deal.closed_on) : null),
    }),
  },
  {
    object: 'ticket',
    table: 'ticket_state',
    columns: ['is_closed', 'pipeline', 'status', 'priority', 'category', 'due_at', 'owner_id'],
    rules: (handle) => ({
      fields: ['pipeline', 'status', 'priority', 'category', 'due_at', 'owner_id'],
      stageField: 'status',
      outcomeOf: createOutcomes(handle, 'ticket', 'status'),
      present: (ticket) => (ticket.is_closed === 1 ? 'closed' : 'open'),
      closedAt: (ticket) => asInstant(ticket.last_closed_at),
    }),
  },
];

/** Rebuilds the states of every touched record; returns how many there were. Stops between transactions. */
export async function deriveTouched(handle: Handle, zone: Zone, signal: AbortSignal): Promise<number> {
  let derived = 0;
  for (const table of derivedTables) {
    const deriveSome = prepareDerive(handle, table, zone);
    for (;;) {
      signal.throwIfAborted();
      const count = deriveSome();
      derived += count;
      if (count < recordsPerTransaction) break;
      await new Promise(setImmediate);
    }
  }
  return derived;
}

function prepareDerive(
  handle: Handle,
  { object, table, columns, rules }: DerivedTable,
  zone: Zone,
): () => number {
  const stateRules = rules(handle);
  const touched = handle.prepare<[string, number], { source_id: string; id: string }>(
    'SELECT source_id, id FROM touched WHERE object = ? LIMIT ?',
  );
  const record = handle.prepare<unknown[], StateSource>(
    `SELECT * FROM ${object} WHERE source_id = ? AND id = ? AND deleted_at IS NULL AND merged_into IS NULL AND is_test = 0`,
  );
  const changes = handle.prepare<unknown[], FieldChange>(
    `SELECT field, at, from_value, to_value FROM change
     WHERE source_id = ? AND object = '${object}' AND record_id = ? AND deleted_at IS NULL AND at IS NOT NULL ORDER BY at, id`,
  );
  const clear = handle.prepare(`DELETE FROM ${table} WHERE source_id = ? AND id = ?`);
  const insert = handle.prepare(
    `INSERT INTO ${table} (source_id, id, from_at, to_at, inferred, ${columns.join(', ')})
     VALUES (?, ?, ?, ?, ?, ${columns.map(() => '?').join(', ')})`,
  );
  const done = handle.prepare('DELETE FROM touched WHERE object = ? AND source_id = ? AND id = ?');

  const some = handle.transaction((): number => {
    const keys = touched.all(object, recordsPerTransaction);
    for (const { source_id, id } of keys) {
      clear.run(source_id, id);
      const found = record.get(source_id, id);
      if (found) {
        const told = localizeChanges(changes.all(source_id, id), zone);
        for (const span of deriveStates(found, told, stateRules, zone)) {
          const values: Record<string, SqlValue> = {
            ...span.values,
            is_closed: span.values.outcome === 'closed' ? 1 : 0,
          };
          insert.run(
            source_id,
            id,
            span.from,
            span.to,
            span.inferred ? 1 : 0,
            ...columns.map((column) => values[column] ?? null),
          );
        }
      }
      done.run(object, source_id, id);
    }
    return keys.length;
  });
  return () => some.immediate();
}

/** A history of expected_close_at tells the local days on which the deal was due. */
function localizeChanges(changes: readonly FieldChange[], zone: Zone): readonly FieldChange[] {
  const day = (value: string | null) => (value === null || value === '' ? null : zone.dateOf(Number(value)));
  return changes.map((change) =>
    change.field === 'expected_close_at'
      ? {
          ...change,
          field: 'expected_close_on',
          from_value: day(change.from_value),
          to_value: day(change.to_value),
        }
      : change,
  );
}

function asInstant(value: SqlValue | undefined): number | null {
  return typeof value === 'number' ? value : null;
}

/** Looks up whether a stage is open, won, lost or closed; by key alone where the pipeline does not name it. */
function createOutcomes(handle: Handle, object: string, stageField: string): StateRules['outcomeOf'] {
  const rows = handle
    .prepare<unknown[], { pipeline: string | null; key: string; is_closed: number; is_won: number | null }>(
      'SELECT pipeline, key, is_closed, is_won FROM stage WHERE object = ? ORDER BY source_id, id',
    )
    .all(object);
  const outcomes = new Map<string, string>();
  for (const { pipeline, key, is_closed, is_won } of rows) {
    const closed = object === 'ticket' ? 'closed' : is_won === 1 ? 'won' : 'lost';
    const outcome = is_closed === 1 ? closed : 'open';
    outcomes.set(`${pipeline}\n${key}`, outcome);
    if (!outcomes.has(key)) outcomes.set(key, outcome);
  }
  return (values) => {
    const key = values[stageField];
    return outcomes.get(`${values.pipeline}\n${key}`) ?? outcomes.get(String(key)) ?? null;
  };
}
