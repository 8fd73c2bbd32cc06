import type { FillCapture, ResultStore } from '../model/result-store.ts';
import type { Handle } from './database.ts';

const dayMs = 86_400_000;
const recentDays = 90;

/** Fields that every record of an object should have, and which of its records are looked at beside the recent ones. */
const rules = {
  deal: {
    fields: [
      't.account_id',
      't.owner_id',
      't.amount_minor',
      'coalesce(t.closed_on, t.expected_close_on)',
      't.source',
    ],
    isOpen: "t.outcome = 'open'",
    pipeline: 't.pipeline',
  },
  ticket: {
    fields: ['t.account_id', 't.owner_id', 't.priority', 't.category', 't.channel'],
    isOpen: 't.is_closed = 0',
    pipeline: 't.pipeline',
  },
  lead: { fields: ['t.owner_id', 't.source', 't.status'], isOpen: 't.closed_at IS NULL', pipeline: 'NULL' },
} as const;

type Counted = keyof typeof rules;

/** What people type to get past a required field. */
const placeholders = "'', '-', '--', '.', '?', 'n/a', 'na', 'none', 'unknown', 'tbd', 'xxx'";

/** How many of the required fields are filled, of records that are open or new: as they are today, since no history tells. */
export function createFillCapture(handle: Handle): Pick<ResultStore, 'captureFill'> {
  return {
    captureFill: (capture) =>
      handle
        .transaction(() => {
          for (const object of Object.keys(rules) as Counted[]) {
            const isNoted = capture.again === true && hasNoted(handle, object, capture);
            if (isNoted) moveOn(handle, object, capture);
            else captureObject(handle, object, capture);
          }
        })
        .immediate(),
  };
}

/** By the last evaluation: one that broke off since may have moved it on already. */
function hasNoted(handle: Handle, object: Counted, { day }: FillCapture): boolean {
  const has = (table: string) =>
    handle.prepare(`SELECT 1 FROM ${table} WHERE day = ? AND object = ? LIMIT 1`).get(day, object) !==
    undefined;
  return has('field_fill') && !has('was_field_fill');
}

function captureObject(handle: Handle, object: Counted, capture: FillCapture): void {
  handle.prepare('DELETE FROM field_fill WHERE day = ? AND object = ?').run(capture.day, object);
  noteCounts(handle, object, { capture, from: `${object} t`, sign: 1 });
}

/** What was written since counted as it was, and counts as it is: a million others are not gone through. */
function moveOn(handle: Handle, object: Counted, capture: FillCapture): void {
  const now = `was_${object} w CROSS JOIN ${object} t ON t.source_id = w.source_id AND t.id = w.id`;
  noteCounts(handle, object, { capture, from: `was_${object} t`, sign: -1, where: 't.existed = 1' });
  noteCounts(handle, object, { capture, from: now, sign: 1 });
  handle
    .prepare('DELETE FROM field_fill WHERE day = ? AND object = ? AND required = 0')
    .run(capture.day, object);
}

interface Counting {
  readonly capture: FillCapture;
  /** With the records as `t`. */
  readonly from: string;
  readonly where?: string;
  readonly sign: 1 | -1;
}

function noteCounts(
  handle: Handle,
  object: Counted,
  { capture, from, where = 'true', sign }: Counting,
): void {
  const { fields, isOpen, pipeline } = rules[object];
  const filled = fields.map(
    (field) => `CASE WHEN ${field} IS NULL OR lower(trim(${field})) IN (${placeholders}) THEN 0 ELSE 1 END`,
  );
  handle
    .prepare(
      `INSERT INTO field_fill (day, source_id, object, owner_id, pipeline, required, filled)
       SELECT ?, t.source_id, ?, coalesce(t.owner_id, ''), coalesce(${pipeline}, ''),
         ${sign} * count(*) * ${fields.length}, ${sign} * sum(${filled.join(' + ')})
       FROM ${from}
       WHERE ${where} AND t.deleted_at IS NULL AND t.merged_into IS NULL AND t.is_test = 0
         AND coalesce(t.created_at, 0) < ? AND (${isOpen} OR t.created_at >= ?)
       GROUP BY t.source_id, t.owner_id, ${pipeline}
       ON CONFLICT DO UPDATE SET required = required + excluded.required, filled = filled + excluded.filled`,
    )
    .run(capture.day, object, capture.asOf, capture.asOf - recentDays * dayMs);
}
