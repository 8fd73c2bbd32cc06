import { randomBytes } from 'node:crypto';
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { parseEnvFile } from '../../config/env-file.ts';
import { RunError } from '../../model/errors.ts';

/** Adds what .env lacks; what stands there stays as it is. The new file is readable by its owner only. */
export function mergeEnv(present: string, wanted: Readonly<Record<string, string>>): string {
  const { values } = parseEnvFile(present);
  const added = Object.entries(wanted).filter(([name]) => !values[name]);
  if (added.length === 0) return present;
  // An empty line of ours from an earlier run gives way to the value.
  const kept = added.reduce(
    (text, [name]) => text.replace(new RegExp(`^${name}=[ \t]*\r?\n`, 'm'), ''),
    present,
  );
  const head =
    kept === ''
      ? '# Secrets of crm-kpi. Keep this file to yourself (mode 0600) and out of version control.\n'
      : kept;
  const start = head.endsWith('\n') ? head : `${head}\n`;
  return start + added.map(([name, value]) => `${name}=${quote(value)}\n`).join('');
}

function quote(value: string): string {
  if (/^[\w.:/@+=-]*$/.test(value)) return value;
  if (!value.includes("'")) return `'${value}'`;
  return `"${value.replace(/[\\"]/g, '\\$&').replaceAll('\n', '\\n')}"`;
}

export async function readIfThere(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw unusable(path, error);
  }
}

/** Whole or not at all. */
export async function writeWhole(path: string, text: string, mode: number): Promise<void> {
  const draft = `${path}.${process.pid}.${randomBytes(4).toString('hex')}`;
  try {
    await mkdir(dirname(path), { recursive: true });
    const file = await open(draft, 'wx', mode);
    await file.writeFile(text).finally(() => file.close());
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true }).catch(() => {});
    throw unusable(path, error);
  }
}

function unusable(path: string, cause: unknown): RunError {
  const reason = cause instanceof Error && 'code' in cause ? ` (${String(cause.code)})` : '';
  return new RunError(
    'config',
    {
      where: path,
      message: `This file cannot be read or written${reason}.`,
      fix: 'Use a folder that this user may write to: --config PATH names another one.',
    },
    { cause },
  );
}
