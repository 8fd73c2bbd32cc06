import { readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import { type Handle, openReadOnly } from './database.ts';
import { withStoreErrors } from './explain-error.ts';
import type { FoundPerson } from './forget.ts';
import type { PersonKind } from './forgotten.ts';
import { applicationId } from './schema-version.ts';

export type PersonQuery =
  | { readonly email: string }
  | { readonly source: string; readonly id: string; readonly kind: PersonKind | null };

/** Who is meant, in every connection that knows them; empty: nobody is stored under that name. */
export function findPersons(storePath: string, query: PersonQuery): readonly FoundPerson[] {
  const handle = openReadOnly(storePath);
  try {
    return withStoreErrors(storePath, () => search(handle, query));
  } finally {
    handle.close();
  }
}

function search(handle: Handle, query: PersonQuery): readonly FoundPerson[] {
  if ('email' in query) return ownersByEmail(handle, query.email);
  const { source, id, kind } = query;
  const owner = kind === 'contact' ? [] : ownerById(handle, source, id);
  if (owner.length > 0) {
    const email = owner[0]?.email;
    return email ? ownersByEmail(handle, email) : owner;
  }
  return kind === 'owner' ? [] : contactsById(handle, source, id);
}

const asOwner = "SELECT source_id AS source, 'owner' AS kind, id, name, email FROM actor";

function ownersByEmail(handle: Handle, email: string): readonly FoundPerson[] {
  return handle.prepare<unknown[], FoundPerson>(`${asOwner} WHERE lower(email) = lower(?)`).all(email);
}

function ownerById(handle: Handle, source: string, id: string): readonly FoundPerson[] {
  return handle.prepare<unknown[], FoundPerson>(`${asOwner} WHERE source_id = ? AND id = ?`).all(source, id);
}

/** A lead and the contact that it became are the same person. */
function contactsById(handle: Handle, source: string, id: string): readonly FoundPerson[] {
  const leads = handle
    .prepare<unknown[], { id: string; contact: string | null; name: string | null }>(
      'SELECT id, contact_id AS contact, name FROM lead WHERE source_id = ? AND (id = ? OR contact_id = ?)',
    )
    .all(source, id, id);
  const ids = new Map<string, string | null>();
  for (const lead of leads) {
    ids.set(lead.id, lead.name);
    if (lead.contact !== null && !ids.has(lead.contact)) ids.set(lead.contact, lead.name);
  }
  if (ids.size === 0 && isNamed(handle, source, id)) ids.set(id, null);
  return [...ids].map(([found, name]) => ({ source, kind: 'contact', id: found, name, email: null }));
}

function isNamed(handle: Handle, source: string, id: string): boolean {
  return ['activity', 'campaign_member'].some(
    (table) =>
      handle
        .prepare(`SELECT 1 FROM ${table} WHERE source_id = ? AND person_id = ? LIMIT 1`)
        .get(source, id) !== undefined,
  );
}

export interface OtherCopy {
  readonly path: string;
  /** null: it cannot be looked into. */
  readonly holds: boolean | null;
}

/** Other stores in these folders, backups above all, and whether they know the person. */
export function findCopies(
  storePath: string,
  folders: readonly string[],
  persons: readonly FoundPerson[],
): readonly OtherCopy[] {
  const places = new Set([dirname(storePath), ...folders]);
  const files = [...places].flatMap((folder) => listFiles(folder));
  return files
    .filter((path) => path !== storePath && !/-(wal|shm|journal)$|\.lock$/.test(path))
    .flatMap((path) => {
      const holds = isKnownIn(path, persons);
      return holds === undefined ? [] : [{ path, holds }];
    });
}

function listFiles(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
      .map((name) => join(folder, name))
      .filter((path) => statSync(path, { throwIfNoEntry: false })?.isFile());
  } catch {
    return [];
  }
}

/** undefined: no store of ours. */
function isKnownIn(path: string, persons: readonly FoundPerson[]): boolean | null | undefined {
  let copy: Database.Database;
  try {
    copy = new Database(path, { readonly: true, fileMustExist: true });
  } catch {
    return undefined;
  }
  try {
    if (copy.pragma('application_id', { simple: true }) !== applicationId) return undefined;
    return persons.some((person) => knows(copy, person));
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'SQLITE_NOTADB' ? undefined : null;
  } finally {
    copy.close();
  }
}

function knows(copy: Database.Database, { source, kind, id }: FoundPerson): boolean {
  const places = kind === 'owner' ? ['actor.id'] : ['lead.id', 'lead.contact_id', 'activity.person_id'];
  return places.some((place) => {
    const [table, column] = place.split('.');
    return (
      copy.prepare(`SELECT 1 FROM ${table} WHERE source_id = ? AND ${column} = ? LIMIT 1`).get(source, id) !==
      undefined
    );
  });
}
