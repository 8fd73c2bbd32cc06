import { existsSync } from 'node:fs';
import type { Check } from '../../model/connector.ts';
import { RunError } from '../../model/errors.ts';
import type { Settings } from '../../model/settings.ts';
import { examineStore, type StoreExamination } from '../../store/examine.ts';
import { findRunHolder } from '../../store/lock.ts';
import type { CommandContext, ExitCode } from '../context.ts';
import { readSettings } from '../read-settings.ts';
import { formatTable } from '../table.ts';

/** Examines the store's file: damage, size, indexes, orphans. Changes nothing. */
export async function run(context: CommandContext): Promise<ExitCode> {
  const { settings } = await readSettings(context);
  if (!existsSync(settings.store)) {
    throw new RunError('store', {
      where: settings.store,
      message: 'There is no store yet.',
      fix: 'Run `crm-kpi run` first.',
    });
  }
  const found = examineStore(settings.store);
  const checks = [...judge(found, settings), lockCheck(settings.store)];
  if (context.flags.json) context.out(JSON.stringify({ checks, ...found }));
  else print(context, found, checks);
  return checks.some(({ ok, severity }) => !ok && severity === 'error') ? 2 : 0;
}

function judge(found: StoreExamination, settings: Settings): readonly Check[] {
  return [
    damageCheck(found),
    versionCheck(found),
    indexCheck(found),
    orphanCheck(found),
    diskCheck(found),
    strayCheck(found, settings),
  ];
}

function fine(check: string, message: string): Check {
  return { check, ok: true, severity: 'info', message, fix: null };
}

function damageCheck({ damage }: StoreExamination): Check {
  if (damage === null) return fine('integrity', 'every page and index is well');
  return {
    check: 'integrity',
    ok: false,
    severity: 'error',
    message: `the file is damaged: ${damage}`,
    fix: 'Put back a backup (crm-kpi restore FILE), or move the file away and run again to build a new store from the CRM.',
  };
}

function versionCheck({ version, newestVersion }: StoreExamination): Check {
  if (version === newestVersion) return fine('version', `tables of version ${version}, the newest`);
  return {
    check: 'version',
    ok: false,
    severity: 'warning',
    message: `tables of version ${version}; this program brings them to ${newestVersion}`,
    fix: 'The next run upgrades them, after a backup beside the store.',
  };
}

function indexCheck({ missingIndexes }: StoreExamination): Check {
  if (missingIndexes.length === 0) return fine('indexes', 'all there');
  return {
    check: 'indexes',
    ok: false,
    severity: 'error',
    message: `missing: ${missingIndexes.join(', ')}; runs are slow without them`,
    fix: 'Somebody changed the file. Put back a backup, or move the file away and run again to build a new store.',
  };
}

function orphanCheck({ orphans }: StoreExamination): Check {
  if (orphans.length === 0) return fine('orphans', 'none');
  return {
    check: 'orphans',
    ok: false,
    severity: 'error',
    message: orphans.map(({ table, rows }) => `${rows} rows of ${table} have no record`).join('; '),
    fix: 'Somebody changed the file. Run `crm-kpi sync --full` to read every record again.',
  };
}

/** A copy, which an upgrade makes, needs as much room again. */
function diskCheck({ bytes, freeBytes }: StoreExamination): Check {
  const message = `the store has ${megabytes(bytes)}, the disk ${megabytes(freeBytes)} left`;
  if (freeBytes > bytes) return fine('disk', message);
  return {
    check: 'disk',
    ok: false,
    severity: 'warning',
    message: `${message}: too little for a backup before an upgrade`,
    fix: 'Free some space, or move the store (`store` in crm-kpi.yaml).',
  };
}

function strayCheck({ connections }: StoreExamination, settings: Settings): Check {
  const stray = connections.filter((name) => !settings.connections.some((known) => known.name === name));
  if (stray.length === 0) return fine('connections', 'all stored ones are in the settings');
  return {
    check: 'connections',
    ok: false,
    severity: 'warning',
    message: `stored, but not in the settings: ${stray.join(', ')}`,
    fix: `If it has another name now: crm-kpi connections rename ${stray[0]} NEW. If it is gone: crm-kpi connections remove ${stray[0]}`,
  };
}

function lockCheck(storePath: string): Check {
  const holder = findRunHolder(storePath);
  return fine('lock', holder === null ? 'no job is running' : `held by ${holder}`);
}

function print(context: CommandContext, found: StoreExamination, checks: readonly Check[]): void {
  for (const { ok, severity, check, message, fix } of checks) {
    const mark = ok ? 'ok   ' : severity === 'error' ? 'ERROR' : 'look ';
    context.out(`${mark}  ${check}: ${message}${fix === null ? '' : `\n       Fix: ${fix}`}`);
  }
  const { logBytes, unusedBytes, tables } = found;
  context.out(`\nWrite-ahead log ${megabytes(logBytes)}, unused pages ${megabytes(unusedBytes)}.\n`);
  const held = tables.filter(({ rows }) => rows > 0);
  const lines = held.map(({ table, rows, bytes }) => [
    table,
    `${rows}`,
    megabytes(bytes),
    `${Math.round(bytes / rows)}`,
  ]);
  context.out(formatTable(['Table', '>Rows', '>Size', '>Bytes a row'], lines));
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
