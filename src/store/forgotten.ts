import { createHmac, randomBytes } from 'node:crypto';
import type { Batch } from '../model/connector.ts';
import { type EntityRow, entityTables, type SqlValue, type TableName } from '../model/entities.ts';
import type { Handle } from './database.ts';

export type PersonKind = 'owner' | 'contact';

/** Columns that hold people's ids, in whatever table they stand. */
export const personColumns: Readonly<Record<PersonKind, readonly string[]>> = {
  owner: ['owner_id', 'created_by_id', 'actor_id', 'manager_id'],
  contact: ['person_id', 'contact_id'],
};

/** Whose own records these tables hold. */
export const personTables: Readonly<Partial<Record<TableName, PersonKind>>> = {
  actor: 'owner',
  lead: 'contact',
};

/** What such a record tells of the person beside ids and the name. */
export const privateColumns: Readonly<Record<string, readonly string[]>> = {
  actor: ['email', 'last_login_at', 'time_zone'],
  lead: [],
};

interface Entry {
  readonly source_id: string;
  readonly kind: PersonKind | 'email' | 'name';
  readonly hash: string;
  readonly pseudonym: string;
  readonly label: string;
  readonly words: number;
}

/** Recognises forgotten people in what a CRM delivers, by salted hashes alone. */
export interface Forgetter {
  readonly idOf: (source: string, kind: PersonKind, id: string) => string;
  readonly labelOf: (pseudonym: string) => string | null;
  readonly scrub: (text: string) => string;
}

export function hashPerson(salt: string, kind: Entry['kind'], text: string): string {
  return createHmac('sha256', salt).update(`${kind}\n${text}`).digest('base64url').slice(0, 27);
}

/** Letters alone tell names apart: no case, no accents. */
export function normalizeName(text: string): readonly string[] {
  return [
    ...text
      .normalize('NFD')
      .replace(/\p{M}/gu, '')
      .toLowerCase()
      .matchAll(/[\p{L}\p{N}]+/gu),
  ].map(([word]) => word);
}

/** The salt of the list, made with its first entry. */
export function readSalt(handle: Handle): string {
  const name = 'forgotten_salt';
  handle.prepare('INSERT OR IGNORE INTO setting VALUES (?, ?)').run(name, randomBytes(32).toString('hex'));
  return String(handle.prepare('SELECT value FROM setting WHERE name = ?').pluck().get(name));
}

/** null: nobody asked to be forgotten, and nothing is looked at. */
export function readForgetter(handle: Handle): Forgetter | null {
  const entries = handle.prepare<unknown[], Entry>('SELECT * FROM forgotten').all();
  return entries.length === 0 ? null : createForgetter(entries, readSalt(handle));
}

/** Ids of which most repeat: owners. */
const mostKnown = 50_000;

export function createForgetter(entries: readonly Entry[], salt: string): Forgetter {
  const byHash = new Map(entries.map((entry) => [`${entry.source_id}\n${entry.hash}`, entry]));
  const labels = new Map(entries.map(({ pseudonym, label }) => [pseudonym, label]));
  const known = new Map<string, string>();
  return {
    idOf(source, kind, id) {
      const key = `${source}\n${kind}\n${id}`;
      const found = known.get(key);
      if (found !== undefined) return found;
      if (known.size >= mostKnown) known.clear();
      const mapped = byHash.get(`${source}\n${hashPerson(salt, kind, id)}`)?.pseudonym ?? id;
      known.set(key, mapped);
      return mapped;
    },
    labelOf: (pseudonym) => labels.get(pseudonym) ?? null,
    scrub: createScrub(
      entries,
      (kind, text) => byHash.get(`\n${hashPerson(salt, kind, text)}`)?.label ?? null,
    ),
  };
}

const emailPattern = /[\p{L}\p{N}._%+-]+@[\p{L}\p{N}.-]+\.\p{L}{2,}/gu;
const wordPattern = /[\p{L}\p{N}\p{M}]+/gu;

/** Puts the label in the place of names and addresses. */
function createScrub(
  entries: readonly Entry[],
  find: (kind: 'email' | 'name', text: string) => string | null,
): Forgetter['scrub'] {
  const lengths = [...new Set(entries.filter(({ kind }) => kind === 'name').map(({ words }) => words))];
  lengths.sort((a, b) => b - a);
  const hasEmails = entries.some(({ kind }) => kind === 'email');
  return (text) => {
    const mailed =
      hasEmails && text.includes('@')
        ? text.replace(emailPattern, (address) => find('email', address.toLowerCase()) ?? address)
        : text;
    let scrubbed = mailed;
    for (const length of lengths) scrubbed = scrubNames(scrubbed, length, (name) => find('name', name));
    return scrubbed;
  };
}

function scrubNames(text: string, length: number, find: (name: string) => string | null): string {
  const words = [...text.matchAll(wordPattern)];
  let scrubbed = '';
  let from = 0;
  for (let at = 0; at + length <= words.length; at++) {
    const [first, last] = [words[at], words[at + length - 1]];
    if (!first || !last || first.index < from) continue;
    const end = last.index + last[0].length;
    const label = find(normalizeName(text.slice(first.index, end)).join(' '));
    if (label === null) continue;
    scrubbed += text.slice(from, first.index) + label;
    from = end;
  }
  return scrubbed + text.slice(from);
}

/** The batch without the people on the list. */
export function forgetInBatch(
  batch: Batch,
  forgetter: Forgetter,
  place: { source: string; table: TableName },
): Batch {
  const { source, table } = place;
  const own = personTables[table];
  const idOf = (id: string) => (own ? forgetter.idOf(source, own, id) : id);
  return {
    ...batch,
    tables: batch.tables.map(
      (group) =>
        ({
          table: group.table,
          rows: group.rows.map((row) => forgetInRow(row, forgetter, { source, table: group.table })),
        }) as (typeof batch.tables)[number],
    ),
    deleted: batch.deleted.map((gone) => ({ ...gone, id: idOf(gone.id) })),
    ...(batch.merged && { merged: batch.merged.map(({ id, into }) => ({ id: idOf(id), into: idOf(into) })) }),
    ...(batch.complete && { complete: batch.complete.map(idOf) }),
    ...(batch.memberships && {
      memberships: batch.memberships.map((membership) => ({
        ...membership,
        actorId: forgetter.idOf(source, 'owner', membership.actorId),
      })),
    }),
  };
}

type Loose = Readonly<Record<string, SqlValue | undefined>>;

function forgetInRow(
  row: EntityRow,
  forgetter: Forgetter,
  place: { source: string; table: TableName },
): Loose & { readonly id: string } {
  const { source, table } = place;
  const given: Loose = row;
  const changed: Record<string, SqlValue | undefined> = { ...given };
  const idOf = (kind: PersonKind, id: SqlValue | undefined) =>
    typeof id === 'string' ? forgetter.idOf(source, kind, id) : id;
  for (const kind of ['owner', 'contact'] as const)
    for (const name of personColumns[kind]) if (name in given) changed[name] = idOf(kind, given[name]);
  for (const name of textColumns(table)) {
    const text = given[name];
    if (typeof text === 'string') changed[name] = forgetter.scrub(text);
  }
  if (table === 'change') Object.assign(changed, changeOfPerson(given, idOf));
  if (table === 'dimension' && given.object === 'actor') changed.record_id = idOf('owner', given.record_id);
  const own = personTables[table];
  const id = own ? idOf(own, row.id) : row.id;
  const isOwn = own !== undefined && id !== row.id;
  if (isOwn) hideOwn(changed, { table, label: forgetter.labelOf(String(id)) });
  if (table === 'survey_answer' && changed.owner_id !== given.owner_id) changed.comment = null;
  return { ...changed, id: isOwn ? String(id) : row.id };
}

function hideOwn(
  row: Record<string, SqlValue | undefined>,
  { table, label }: { readonly table: TableName; readonly label: string | null },
): void {
  if ('name' in row) row.name = label;
  for (const name of privateColumns[table] ?? []) if (name in row) row[name] = null;
}

const textColumnsOf = new Map<TableName, readonly string[]>(
  Object.entries(entityTables).map(([table, columns]) => [
    table as TableName,
    Object.entries(columns)
      .filter(([name, [kind]]) => kind === 'text' && !isNeverName(table, name))
      .map(([name]) => name),
  ]),
);

/** Another person of the same name keeps theirs. */
function isNeverName(table: string, column: string): boolean {
  return (
    (table in personTables && column === 'name') ||
    /^(object|field|kind|status|outcome|currency|origin)$/.test(column)
  );
}

function textColumns(table: TableName): readonly string[] {
  return textColumnsOf.get(table) ?? [];
}

/** Values of a history that name a person. */
export const ownerFields: readonly string[] = ['owner_id', 'created_by_id', 'manager_id', 'actor_id'];

function changeOfPerson(
  row: Loose,
  idOf: (kind: PersonKind, id: SqlValue | undefined) => SqlValue | undefined,
): Loose {
  const changed: Record<string, SqlValue | undefined> = {};
  if (row.object === 'actor') changed.record_id = idOf('owner', row.record_id);
  if (row.object === 'lead') changed.record_id = idOf('contact', row.record_id);
  if (typeof row.field === 'string' && ownerFields.includes(row.field)) {
    changed.from_value = idOf('owner', row.from_value);
    changed.to_value = idOf('owner', row.to_value);
  }
  return changed;
}
