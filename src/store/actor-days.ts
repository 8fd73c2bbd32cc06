import { addDays, type Zone } from '../model/zone.ts';
import type { Handle } from './database.ts';

/** Where it stands who wrote when; a row that was made by a rule is nobody's work. */
const sources = [
  { table: 'change', actor: 'actor_id', at: 'at', only: '1' },
  { table: 'deal', actor: 'created_by_id', at: 'created_at', only: '1' },
  { table: 'ticket', actor: 'created_by_id', at: 'created_at', only: '1' },
  { table: 'activity', actor: 'created_by_id', at: 'created_at', only: 'coalesce(@.automated, 0) = 0' },
] as const;

type Source = (typeof sources)[number];

const setting = 'actor_days';
/** More than these are not gone through one by one. */
const mostWrites = 500_000;

/**
 * Brings up to date on which local days people created or changed records. The first time all is read; from then on
 * triggers note what comes and goes, so that no table of activities is gone through again. A first load pays nothing.
 */
export function deriveActorDays(handle: Handle, zone: Zone): void {
  handle.function('local_day', { deterministic: true }, (at: unknown) =>
    typeof at === 'number' ? zone.dateOf(at) : null,
  );
  handle
    .transaction(() => {
      if (isKept(handle, zone) && countWrites(handle) <= mostWrites) takeOver(handle, zone);
      else readAll(handle, zone);
      handle.exec('DELETE FROM actor_write');
    })
    .immediate();
}

/** Where ids are replaced in all tables at once, what was noted of them says nothing any more. */
export function forgetActorDays(handle: Handle): void {
  for (const { table } of sources)
    for (const event of ['inserted', 'updated', 'deleted'])
      handle.exec(`DROP TRIGGER IF EXISTS ${table}_write_${event}`);
  handle.exec(
    `DELETE FROM actor_day; DELETE FROM actor_write; DELETE FROM setting WHERE name = '${setting}'`,
  );
}

function isKept(handle: Handle, zone: Zone): boolean {
  return handle.prepare('SELECT value FROM setting WHERE name = ?').pluck().get(setting) === zone.name;
}

function countWrites(handle: Handle): number {
  return Number(
    handle.prepare('SELECT coalesce(max(rowid) - min(rowid) + 1, 0) FROM actor_write').pluck().get(),
  );
}

function readAll(handle: Handle, zone: Zone): void {
  forgetActorDays(handle);
  const all = sources.map((source) => selectWrites(source)).join(' UNION ALL ');
  handle.exec(
    `INSERT INTO actor_day SELECT source_id, actor_id, local_day(at), count(*), min(at) FROM (${all}) GROUP BY 1, 2, 3`,
  );
  for (const source of sources) noteWrites(handle, source);
  handle.prepare('INSERT INTO setting VALUES (?, ?)').run(setting, zone.name);
}

function selectWrites(source: Source): string {
  const { table, actor, at } = source;
  return `SELECT t.source_id, t.${actor} AS actor_id, t.${at} AS at FROM ${table} t WHERE ${isWrite(source, 't')}`;
}

function isWrite({ actor, at, only }: Source, row: string): string {
  return `${row}.${actor} IS NOT NULL AND ${row}.${at} IS NOT NULL AND ${row}.deleted_at IS NULL
    AND ${row}.merged_into IS NULL AND ${row}.is_test = 0 AND ${only.replace('@', row)}`;
}

function noteWrites(handle: Handle, source: Source): void {
  const { table, actor, at } = source;
  const note = (row: string, step: 1 | -1) =>
    `INSERT INTO actor_write SELECT ${row}.source_id, ${row}.${actor}, ${row}.${at}, ${step} WHERE ${isWrite(source, row)};`;
  const print = (row: string) => `(${row}.${actor}, ${row}.${at}, (${isWrite(source, row)}))`;
  handle.exec(`
    CREATE TRIGGER ${table}_write_inserted AFTER INSERT ON ${table} BEGIN ${note('NEW', 1)} END;
    CREATE TRIGGER ${table}_write_deleted AFTER DELETE ON ${table} BEGIN ${note('OLD', -1)} END;
    CREATE TRIGGER ${table}_write_updated AFTER UPDATE ON ${table} WHEN ${print('OLD')} IS NOT ${print('NEW')}
      BEGIN ${note('OLD', -1)} ${note('NEW', 1)} END;
  `);
}

interface DayMoves {
  readonly source: string;
  readonly actor: string;
  readonly day: string;
  readonly more: number;
  /** The first of those that came, and of those that went. */
  readonly cameAt: number | null;
  readonly wentAt: number | null;
}

function takeOver(handle: Handle, zone: Zone): void {
  const moves = handle
    .prepare<unknown[], DayMoves>(
      `SELECT source_id AS source, actor_id AS actor, local_day(at) AS day, sum(step) AS more,
         min(at) FILTER (WHERE step = 1) AS cameAt, min(at) FILTER (WHERE step = -1) AS wentAt
       FROM actor_write GROUP BY 1, 2, 3`,
    )
    .all();
  const move = prepareMove(handle);
  const unsure = moves.filter(move);
  if (unsure.length > 0) findFirst(handle, zone, unsure);
}

/** True where the first write of a day went: which is the first now, only the records tell. */
function prepareMove(handle: Handle): (moves: DayMoves) => boolean {
  const where = 'WHERE source_id = ? AND actor_id = ? AND day = ?';
  const known = handle.prepare<unknown[], { writes: number; first_at: number }>(
    `SELECT writes, first_at FROM actor_day ${where}`,
  );
  const insert = handle.prepare('INSERT INTO actor_day VALUES (?, ?, ?, ?, ?)');
  const update = handle.prepare(`UPDATE actor_day SET writes = ?, first_at = ? ${where}`);
  const remove = handle.prepare(`DELETE FROM actor_day ${where}`);
  return ({ source, actor, day, more, cameAt, wentAt }) => {
    const before = known.get(source, actor, day);
    const writes = (before?.writes ?? 0) + more;
    if (writes <= 0) {
      remove.run(source, actor, day);
      return false;
    }
    const firstAt = Math.min(
      before?.first_at ?? Number.POSITIVE_INFINITY,
      cameAt ?? Number.POSITIVE_INFINITY,
    );
    if (before) update.run(writes, firstAt, source, actor, day);
    else insert.run(source, actor, day, writes, firstAt);
    return wentAt !== null && wentAt <= firstAt;
  };
}

/** One pass over the tables for all such days. */
function findFirst(handle: Handle, zone: Zone, days: readonly DayMoves[]): void {
  handle.exec(
    'CREATE TEMP TABLE asked_day (source_id, actor_id, day, from_at, until_at, PRIMARY KEY (source_id, actor_id, day)) WITHOUT ROWID',
  );
  const ask = handle.prepare('INSERT INTO temp.asked_day VALUES (?, ?, ?, ?, ?)');
  let [fromAt, untilAt] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const { source, actor, day } of days) {
    const [startAt, endAt] = [zone.startOf(day), zone.startOf(addDays(day, 1))];
    ask.run(source, actor, day, startAt, endAt);
    [fromAt, untilAt] = [Math.min(fromAt, startAt), Math.max(untilAt, endAt)];
  }
  const found = sources
    .map(
      (source) => `${selectWrites(source)} AND t.${source.at} >= ${fromAt} AND t.${source.at} < ${untilAt}`,
    )
    .join(' UNION ALL ');
  handle.exec(
    `UPDATE actor_day SET first_at = f.first_at FROM (
       SELECT d.source_id, d.actor_id, d.day, min(w.at) AS first_at FROM (${found}) w
       JOIN temp.asked_day d ON d.source_id = w.source_id AND d.actor_id = w.actor_id AND w.at >= d.from_at AND w.at < d.until_at
       GROUP BY 1, 2, 3
     ) f WHERE f.source_id = actor_day.source_id AND f.actor_id = actor_day.actor_id AND f.day = actor_day.day`,
  );
  handle.exec('DROP TABLE temp.asked_day');
}
