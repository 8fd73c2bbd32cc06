import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';

export interface CsvFile {
  readonly path: string;
  /** For messages. */
  readonly name: string;
  /** Changes with the file. */
  readonly stamp: string;
  /** epoch ms of the last change */
  readonly changedAt: number;
}

/** The files that a path names, by name; none where there is no such folder. */
export async function listFiles(folder: string, path: string): Promise<readonly CsvFile[]> {
  const whole = resolve(folder, path);
  const files: CsvFile[] = [];
  for (const name of await matchNames(dirname(whole), basename(whole))) {
    const full = join(dirname(whole), name);
    const info = await stat(full).catch(() => null);
    if (!info?.isFile()) continue;
    // The change time too: a copy may keep size and modification time.
    const stamp = `${name}|${info.size}|${info.mtimeMs}|${info.ctimeMs}`;
    files.push({ path: full, name, stamp, changedAt: Math.max(info.mtimeMs, info.ctimeMs) });
  }
  return files;
}

async function matchNames(folder: string, pattern: string): Promise<readonly string[]> {
  if (!pattern.includes('*')) return [pattern];
  const parts = pattern.split('*').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  const matcher = new RegExp(`^(?!\\.)${parts.join('.*')}$`, 's');
  const names = await readdir(folder).catch(() => []);
  return names.filter((name) => matcher.test(name)).sort();
}

/** Two changes within this time may leave the same stamp. */
const stampResolutionMs = 2000;

/** Stands for files so young that they may still change without a trace: they are read again. */
export const unsettled = 'unsettled';

/** The state of all files, and of the rules by which they were read. */
export function stateOf(files: readonly CsvFile[], rules: readonly string[], now: number): string {
  if (files.some((file) => file.changedAt > now - stampResolutionMs)) return unsettled;
  const hash = createHash('sha256').update(JSON.stringify([rules, files.map((file) => file.stamp)]));
  return hash.digest('hex').slice(0, 32);
}

/** Text of a file in chunks; throws a TypeError at bytes that are not UTF-8. */
export async function* readText(file: CsvFile, signal: AbortSignal): AsyncGenerator<string, void> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  for await (const bytes of createReadStream(file.path)) {
    signal.throwIfAborted();
    yield decoder.decode(bytes as Buffer, { stream: true });
  }
  yield decoder.decode();
}
