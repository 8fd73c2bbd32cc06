import type { SqlValue } from '../model/entities.ts';
import type { Zone } from '../model/zone.ts';
import { deriveActorDays } from './actor-days.ts';
import { prepareActor } from './actor-states.ts';
import { deriveBenefits, deriveCosts } from './cost-days.ts';
import type { Handle } from './database.ts';
import { prepareBackdated } from './derive-backdated.ts';
import { deriveCustomers, noteCustomers } from './derive-customers.ts';
import { createOutcomes } from './derive-outcomes.ts';
import { deriveStates, type StateRules, type StateSource, type StateSpan } from './derive-states.ts';
import { prepareVisits } from './derive-visits.ts';
import type { FieldChange } from './history.ts';
import { datedNextSteps } from './stage-visits.ts';
import { prepareAgents } from './ticket-agents.ts';
import { deriveTold } from './told-fields.ts';

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
      'next_step_at',
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
        asInstant(deal.closed_at) ?? (isDate(deal.closed_on) ? zone.startOf(deal.closed_on) : null),
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

/** Rebuilds what follows from every touched record; returns how many there were. Stops between transactions. */
export async function deriveTouched(handle: Handle, zone: Zone, signal: AbortSignal): Promise<number> {
  let derived = 0;
  noteWholes(handle);
  const records = derivedTables.map((table) => ({
    object: table.object,
    deriveOne: prepareOne(handle, table, zone),
  }));
  for (const record of [...records, { object: 'actor', deriveOne: prepareActor(handle) }]) {
    const deriveSome = prepareDerive(handle, record);
    for (;;) {
      signal.throwIfAborted();
      const count = deriveSome();
      derived += count;
      if (count < recordsPerTransaction) break;
      await new Promise(setImmediate);
    }
  }
  deriveWholes(handle, zone);
  deriveActorDays(handle, zone);
  return derived;
}

/** What follows from several records, the objects that it follows from, and under which name it is noted as due. */
const wholes = [
  { name: 'customer', objects: ['account', 'contract'], derive: deriveCustomers },
  { name: 'costs', objects: ['campaign'], derive: deriveCosts },
  { name: 'benefits', objects: ['entry'], derive: deriveBenefits },
  { name: 'told', objects: [], derive: deriveTold },
] as const;

/** Noted before the records are done one by one: a crash in between must not forget them. */
function noteWholes(handle: Handle): void {
  handle.transaction(() => noteCustomers(handle)).immediate();
  const any = handle.prepare('SELECT 1 FROM touched WHERE object = ? LIMIT 1').pluck();
  const note = handle.prepare("INSERT OR IGNORE INTO touched VALUES (?, '', '')");
  const hasEntries = any.get('entry') !== undefined;
  if (hasEntries || any.get('campaign') !== undefined) note.run('costs');
  if (hasEntries) note.run('benefits');
  if (any.get('ticket') !== undefined) note.run('told');
}

function deriveWholes(handle: Handle, zone: Zone): void {
  const noted = handle.prepare('SELECT 1 FROM touched WHERE object = ? LIMIT 1').pluck();
  const done = handle.prepare('DELETE FROM touched WHERE object = ?');
  for (const { name, objects, derive } of wholes) {
    if (noted.get(name) !== undefined)
      handle
        .transaction(() => {
          derive(handle, zone);
          done.run(name);
        })
        .immediate();
    for (const object of objects) done.run(object);
  }
}

type DeriveOne = (key: { readonly source_id: string; readonly id: string }) => void;

function prepareDerive(
  handle: Handle,
  { object, deriveOne }: { readonly object: string; readonly deriveOne: DeriveOne },
): () => number {
  const touched = handle.prepare<[string, number], { source_id: string; id: string }>(
    'SELECT source_id, id FROM touched WHERE object = ? LIMIT ?',
  );
  const done = handle.prepare('DELETE FROM touched WHERE object = ? AND source_id = ? AND id = ?');
  const some = handle.transaction((): number => {
    const keys = touched.all(object, recordsPerTransaction);
    for (const key of keys) {
      deriveOne(key);
      done.run(object, key.source_id, key.id);
    }
    return keys.length;
  });
  return () => some.immediate();
}

/** Replaces the states of one record; one that is gone has none. */
function prepareOne(handle: Handle, derived: DerivedTable, zone: Zone): DeriveOne {
  const { object, table, rules } = derived;
  const stateRules = rules(handle);
  const record = handle.prepare<unknown[], StateSource>(
    `SELECT * FROM ${object} WHERE source_id = ? AND id = ? AND deleted_at IS NULL AND merged_into IS NULL AND is_test = 0`,
  );
  const changes = handle.prepare<unknown[], FieldChange>(
    `SELECT field, at, from_value, to_value FROM change
     WHERE source_id = ? AND object = '${object}' AND record_id = ? AND field IS NOT NULL AND at IS NOT NULL
       AND deleted_at IS NULL ORDER BY at, id`,
  );
  const clear = handle
    .prepare<unknown[], string | null>(
      `DELETE FROM ${table} WHERE source_id = ? AND id = ? RETURNING owner_id`,
    )
    .pluck();
  const insert = prepareInsert(handle, derived);
  const moveAgents = object === 'ticket' ? prepareAgents(handle) : null;
  const saveVisits = object === 'deal' ? prepareVisits(handle) : null;
  const saveBackdated = object === 'deal' ? prepareBackdated(handle, zone) : null;
  return ({ source_id, id }) => {
    const owners = clear.all(source_id, id);
    const found = record.get(source_id, id);
    const told = found ? localizeChanges(changes.all(source_id, id), zone) : [];
    const spans = found ? deriveStates(found, told, stateRules, zone) : [];
    const dated = datedNextSteps(
      spans,
      told.some(({ field }) => field === 'next_step'),
    );
    for (const [place, span] of spans.entries()) {
      const values = { ...span.values, next_step_at: dated[place] ?? null };
      insert(source_id, id, { ...span, values });
    }
    moveAgents?.({ source: source_id, before: owners, now: spans.map(({ values }) => values.owner_id) });
    saveVisits?.({ source: source_id, id, spans });
    saveBackdated?.({ source: source_id, id, spans, closedOn: found?.closed_on });
  };
}

function prepareInsert(handle: Handle, { table, columns }: DerivedTable) {
  const insert = handle.prepare(
    `INSERT INTO ${table} (source_id, id, from_at, to_at, inferred, ${columns.join(', ')})
     VALUES (?, ?, ?, ?, ?, ${columns.map(() => '?').join(', ')})`,
  );
  return (source: string, id: string, span: StateSpan): void => {
    const values: Record<string, SqlValue> = {
      ...span.values,
      is_closed: span.values.outcome === 'closed' ? 1 : 0,
    };
    const own = columns.map((column) => values[column] ?? null);
    insert.run(source, id, span.from, span.to, span.inferred ? 1 : 0, ...own);
  };
}

/** A history of expected_close_at tells the local days on which the deal was due. */
function localizeChanges(changes: readonly FieldChange[], zone: Zone): readonly FieldChange[] {
  const day = (value: string | null) =>
    value === null || value === '' || !Number.isSafeInteger(Number(value))
      ? null
      : zone.dateOf(Number(value));
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

function isDate(value: SqlValue | undefined): value is string {
  return typeof value === 'string' && !Number.isNaN(Date.parse(`${value}T00:00:00Z`));
}
