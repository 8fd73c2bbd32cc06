import type { FillCapture, ResultStore } from '../model/result-store.ts';
import type { Handle } from './database.ts';

const dayMs = 86_400_000;
const recentDays = 90;

/** Fields that every record of an object should have, and which of its records are looked at beside the recent ones. */
const rules = {
  deal: {
    fields: ['account_id', 'owner_id', 'amount_minor', 'coalesce(closed_on, expected_close_on)', 'source'],
    isOpen: "outcome = 'open'",
    pipeline: 'pipeline',
  },
  ticket: {
    fields: ['account_id', 'owner_id', 'priority', 'category', 'channel'],
    isOpen: 'is_closed = 0',
    pipeline: 'pipeline',
  },
  lead: { fields: ['owner_id', 'source', 'status'], isOpen: 'closed_at IS NULL', pipeline: 'NULL' },
} as const;

/** What people type to get past a required field. */
const placeholders = "'', '-', '--', '.', '?', 'n/a', 'na', 'none', 'unknown', 'tbd', 'xxx'";

/** How many of the required fields are filled, of records that are open or new: as they are today, since no history tells. */
export function createFillCapture(handle: Handle): Pick<ResultStore, 'captureFill'> {
  return {
    captureFill: (capture) =>
      handle
        .transaction(() => {
          for (const object of Object.keys(rules) as (keyof typeof rules)[])
            if (!isNoted(handle, object, capture)) captureObject(handle, object, capture);
        })
        .immediate(),
  };
}

function isNoted(handle: Handle, object: string, { day, unwritten }: FillCapture): boolean {
  if (!unwritten?.has(object)) return false;
  const noted = handle.prepare('SELECT 1 FROM field_fill WHERE day = ? AND object = ? LIMIT 1');
  return noted.get(day, object) !== undefined;
}

function captureObject(handle: Handle, object: keyof typeof rules, { day, asOf }: FillCapture): void {
  const { fields, isOpen, pipeline } = rules[object];
  const filled = fields.map(
    (field) => `CASE WHEN ${field} IS NULL OR lower(trim(${field})) IN (${placeholders}) THEN 0 ELSE 1 END`,
  );
  handle.prepare('DELETE FROM field_fill WHERE day = ? AND object = ?').run(day, object);
  handle
    .prepare(
      `INSERT INTO field_fill (day, source_id, object, owner_id, pipeline, required, filled)
       SELECT ?, source_id, ?, coalesce(owner_id, ''), coalesce(${pipeline}, ''), count(*) * ${fields.length},
         sum(${filled.join(' + ')})
       FROM ${object}
       WHERE deleted_at IS NULL AND merged_into IS NULL AND is_test = 0
         AND coalesce(created_at, 0) < ? AND (${isOpen} OR created_at >= ?)
       GROUP BY source_id, owner_id, ${pipeline}`,
    )
    .run(day, object, asOf, asOf - recentDays * dayMs);
}
