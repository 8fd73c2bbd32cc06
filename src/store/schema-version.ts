import { readdirSync } from 'node:fs';
import type Database from 'better-sqlite3';
import { RunError } from '../model/errors.ts';

export const migrations = new URL('./migrations/', import.meta.url);
/** "crmk": tells our files from other SQLite databases. */
export const applicationId = 0x63726d6b;

/** Before anything is written: another program's database and a newer store stay as they are. */
export function refuseForeign(handle: Database.Database, path: string): void {
  const objects = handle.prepare('SELECT count(*) FROM sqlite_schema').pluck().get();
  if (objects !== 0 && handle.pragma('application_id', { simple: true }) !== applicationId) {
    throw new RunError('store', {
      where: path,
      message: 'The file is a database of another program, not a crm-kpi store. Nothing was changed.',
      fix: 'Name another file under `store` in crm-kpi.yaml.',
    });
  }
  const stored = versionOf(handle);
  const known = migrationFiles().length;
  if (stored <= known) return;
  throw new RunError('store', {
    where: path,
    message: `The store was written by a newer crm-kpi (its version is ${stored}, this program knows ${known}).`,
    fix: 'Upgrade crm-kpi on this machine, or name another file under `store` in crm-kpi.yaml. Nothing was changed.',
  });
}

export function versionOf(handle: Database.Database): number {
  return Number(handle.pragma('user_version', { simple: true }));
}

/** In the order in which they apply. */
export function migrationFiles(): readonly string[] {
  return readdirSync(migrations)
    .filter((name) => name.endsWith('.sql'))
    .sort();
}
