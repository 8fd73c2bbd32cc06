import { randomBytes } from 'node:crypto';
import { forgottenPrefix } from '../model/forgotten.ts';
import { type Handle, openHandle } from './database.ts';
import { withStoreErrors } from './explain-error.ts';
import { createTextScrub, type KnownPerson, scrubTexts } from './forget-texts.ts';
import {
  createForgetter,
  hashPerson,
  normalizeName,
  ownerFields,
  type PersonKind,
  personColumns,
  personTables,
  privateColumns,
  readSalt,
} from './forgotten.ts';
import { stopWatching } from './watch.ts';

/** A person as one connection knows them. */
export interface FoundPerson {
  readonly source: string;
  readonly kind: PersonKind;
  readonly id: string;
  readonly name: string | null;
  readonly email: string | null;
}

export interface ForgetRequest {
  readonly persons: readonly FoundPerson[];
  /** Beside those that the store knows. */
  readonly names: readonly string[];
  readonly emails: readonly string[];
  /** What people read in place of the name; a short code is added. */
  readonly label: string;
  readonly at: number;
}

export interface ForgetEnd {
  /** Rows changed or removed, by table. */
  readonly tables: readonly { readonly table: string; readonly rows: number }[];
  /** Records and tasks in the CRMs that name the person, and that the store no longer knows. */
  readonly inCrm: readonly {
    readonly connection: string;
    readonly key: string;
    readonly remoteId: string | null;
  }[];
}

/**
 * Pseudonymises a person in every table, and notes salted hashes so that no sync brings them back. `apply: false`: does
 * it and takes it back, to tell what it would do. The caller holds the run lock.
 */
export function forgetPerson(storePath: string, request: ForgetRequest, apply: boolean): ForgetEnd {
  const handle = openHandle(storePath);
  try {
    return withStoreErrors(storePath, () => {
      handle.pragma('secure_delete = ON');
      handle.exec('BEGIN IMMEDIATE');
      let end: ForgetEnd;
      try {
        end = carryOut(handle, request);
      } catch (error) {
        handle.exec('ROLLBACK');
        throw error;
      }
      handle.exec(apply ? 'COMMIT' : 'ROLLBACK');
      if (apply) wipe(handle);
      return end;
    });
  } finally {
    handle.close();
  }
}

/** Pages that are free, and the log, still hold what stood there. */
function wipe(handle: Handle): void {
  handle.pragma('wal_checkpoint(TRUNCATE)');
  handle.exec('VACUUM');
  handle.pragma('wal_checkpoint(TRUNCATE)');
}

type Count = (table: string, sql: string, ...params: unknown[]) => void;

function carryOut(handle: Handle, request: ForgetRequest): ForgetEnd {
  const tally = new Map<string, number>();
  const count: Count = (table, sql, ...params) => {
    const { changes } = handle.prepare(sql).run(...params);
    if (changes > 0) tally.set(table, (tally.get(table) ?? 0) + changes);
  };
  // What the last evaluation kept names people.
  stopWatching(handle);
  const code = randomBytes(2).toString('hex').toUpperCase();
  const label = `${request.label} ${code}`;
  const known = request.persons.map((person) => ({
    ...person,
    pseudonym: `${forgottenPrefix}${randomBytes(6).toString('hex')}`,
    label,
  }));
  noteHashes(handle, request, known, label);
  const inCrm = known.flatMap((person) => takeFromCrm(handle, count, person));
  for (const person of known) replaceIds(handle, count, person);
  const entries = handle.prepare<unknown[], Parameters<typeof createForgetter>[0][number]>(
    'SELECT * FROM forgotten',
  );
  const scrub = createTextScrub(known, createForgetter(entries.all(), readSalt(handle)));
  for (const { table, rows } of scrubTexts(handle, scrub)) tally.set(table, (tally.get(table) ?? 0) + rows);
  const tables = [...tally].map(([table, rows]) => ({ table, rows }));
  return { tables: tables.sort((a, b) => (a.table < b.table ? -1 : 1)), inCrm };
}

function noteHashes(
  handle: Handle,
  { names, emails, at }: ForgetRequest,
  known: readonly KnownPerson[],
  label: string,
): void {
  const salt = readSalt(handle);
  const note = handle.prepare('INSERT OR REPLACE INTO forgotten VALUES (?, ?, ?, ?, ?, ?, ?)');
  for (const { source, kind, id, pseudonym } of known)
    note.run(source, kind, hashPerson(salt, kind, id), pseudonym, label, 0, at);
  for (const email of new Set([...emails, ...known.flatMap((person) => person.email ?? [])]))
    note.run('', 'email', hashPerson(salt, 'email', email.toLowerCase()), '', label, 0, at);
  for (const name of new Set([...names, ...known.flatMap((person) => person.name ?? [])])) {
    const words = normalizeName(name);
    // One word alone is too many people's.
    if (words.length < 2) continue;
    note.run('', 'name', hashPerson(salt, 'name', words.join(' ')), '', label, words.length, at);
  }
}

/** Records that speak of the person are no longer ours to keep; their keys are told, so that they can be removed there. */
function takeFromCrm(handle: Handle, count: Count, { source, kind, id }: KnownPerson): ForgetEnd['inCrm'] {
  if (kind !== 'owner') return [];
  const mine = `source_id = ? AND instr(key, ?) > 0`;
  const segment = `|owner:${id}|`;
  const records = handle
    .prepare<unknown[], { connection: string; key: string; remoteId: string | null }>(
      `SELECT source_id AS connection, key, remote_id AS remoteId FROM published WHERE ${mine}`,
    )
    .all(source, segment);
  for (const table of ['published', 'refused'])
    count(table, `DELETE FROM ${table} WHERE ${mine}`, source, segment);
  const series = `%\n${source}\n${id}\n%`;
  const tasks = handle
    .prepare<unknown[], { connection: string; key: string; remoteId: string | null }>(
      'SELECT source_id AS connection, key, remote_id AS remoteId FROM result_task WHERE series LIKE ? OR instr(key, ?) > 0',
    )
    .all(series, segment);
  count('result_task', 'DELETE FROM result_task WHERE series LIKE ? OR instr(key, ?) > 0', series, segment);
  return [...records, ...tasks];
}

function replaceIds(handle: Handle, count: Count, person: KnownPerson): void {
  const { source, kind, id, pseudonym, label } = person;
  for (const { table, column, place } of idColumns(handle, kind))
    count(
      table,
      `UPDATE ${table} SET ${column} = ? WHERE ${place} = ? AND ${column} = ?`,
      pseudonym,
      source,
      id,
    );
  for (const [table, owned] of Object.entries(personTables)) {
    if (owned !== kind) continue;
    const cleared = ['name', ...(privateColumns[table] ?? [])].map(
      (name) => `${name} = ${name === 'name' ? '?' : 'NULL'}`,
    );
    count(
      table,
      `UPDATE ${table} SET id = ?, ${cleared.join(', ')} WHERE source_id = ? AND id = ?`,
      pseudonym,
      label,
      source,
      id,
    );
    for (const beside of ['change', 'dimension'])
      count(
        beside,
        `UPDATE ${beside} SET record_id = ? WHERE source_id = ? AND object = '${table}' AND record_id = ?`,
        pseudonym,
        source,
        id,
      );
    count(
      'touched',
      `UPDATE touched SET id = ? WHERE object = '${table}' AND source_id = ? AND id = ?`,
      pseudonym,
      source,
      id,
    );
  }
  if (kind === 'owner') replaceOwner(handle, count, person);
}

interface IdColumn {
  readonly table: string;
  readonly column: string;
  /** The column that names the connection. */
  readonly place: string;
}

function idColumns(handle: Handle, kind: PersonKind): readonly IdColumn[] {
  const rows = handle
    .prepare<unknown[], { table: string; column: string; places: string }>(
      `SELECT t.name AS "table", c.name AS "column", (SELECT group_concat(p.name) FROM pragma_table_info(t.name) p
         WHERE p.name IN ('source_id', 'owner_source')) AS places
       FROM sqlite_schema t, pragma_table_info(t.name) c
       WHERE t.type = 'table' AND c.name IN (SELECT value FROM json_each(?))`,
    )
    .all(JSON.stringify(personColumns[kind]));
  return rows.flatMap(({ table, column, places }) =>
    places ? [{ table, column, place: places.split(',')[0] ?? '' }] : [],
  );
}

function replaceOwner(handle: Handle, count: Count, { source, id, pseudonym, label }: KnownPerson): void {
  count('actor_state', 'UPDATE actor_state SET id = ? WHERE source_id = ? AND id = ?', pseudonym, source, id);
  for (const column of ['from_value', 'to_value'])
    count(
      'change',
      `UPDATE change SET ${column} = ? WHERE source_id = ? AND ${column} = ? AND field IN (SELECT value FROM json_each(?))`,
      pseudonym,
      source,
      id,
      JSON.stringify(ownerFields),
    );
  const mine = "segment_kind = 'owner' AND segment_source = ? AND segment_id = ?";
  count('result_newest', `UPDATE result_newest SET segment_id = ? WHERE ${mine}`, pseudonym, source, id);
  for (const table of ['result', 'finding', 'action'])
    count(
      table,
      `UPDATE ${table} SET segment_id = ?, segment_name = ? WHERE ${mine}`,
      pseudonym,
      label,
      source,
      id,
    );
  count(
    'action',
    'UPDATE action SET owner_name = ? WHERE owner_source = ? AND owner_id = ?',
    label,
    source,
    pseudonym,
  );
  count(
    'survey_answer',
    'UPDATE survey_answer SET comment = NULL WHERE source_id = ? AND owner_id = ? AND comment IS NOT NULL',
    source,
    pseudonym,
  );
  const segment = handle
    .prepare<unknown[], string>('SELECT DISTINCT segment FROM baseline WHERE segment LIKE ?')
    .pluck();
  for (const text of segment.all(`owner\n${source}\n${id}%`))
    if (text.split('\n')[2] === id)
      count(
        'baseline',
        'UPDATE baseline SET segment = ? WHERE segment = ?',
        ['owner', source, pseudonym].join('\n'),
        text,
      );
}
