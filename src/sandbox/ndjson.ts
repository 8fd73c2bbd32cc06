import { createReadStream } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { PassThrough, pipeline, type Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { RunError } from '../model/errors.ts';

const ending = /\.ndjson(\.gz)?$/;

/** A folder's files by the object that each holds: `deals.ndjson.gz` is `deals`. */
export async function findNdjson(folder: string): Promise<ReadonlyMap<string, string>> {
  const names = await listFolder(folder);
  const files = new Map<string, string>();
  for (const name of names.filter((name) => ending.test(name)).sort()) {
    const object = name.replace(ending, '');
    const other = files.get(object);
    if (other)
      throw problem(join(folder, name), `holds the same object as ${other}`, 'Keep one of the two files.');
    files.set(object, join(folder, name));
  }
  if (files.size > 0) return files;
  throw problem(
    folder,
    'has no .ndjson or .ndjson.gz file',
    'Name the folder that holds one file per object.',
  );
}

async function listFolder(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (cause) {
    throw problem(folder, 'cannot be read as a folder', 'Check the path and its permissions.', cause);
  }
}

/** The records of one file, one line at a time; empty lines are passed over. */
export async function* readNdjson(path: string): AsyncIterable<Record<string, unknown>> {
  const source = openText(path);
  const lines = createInterface({ input: source, crlfDelay: Number.POSITIVE_INFINITY });
  let line = 0;
  try {
    for await (const text of linesOf(lines, source)) {
      line += 1;
      const bare = line === 1 ? text.replace(/^\uFEFF/, '') : text;
      if (bare.trim() !== '') yield parseLine(bare, `${path}:${line}`);
    }
  } catch (cause) {
    if (cause instanceof RunError) throw cause;
    throw problem(
      `${path}:${line + 1}`,
      'cannot be read',
      'Check that the file is there and complete.',
      cause,
    );
  } finally {
    lines.close();
    source.destroy();
  }
}

function openText(path: string): Readable {
  const file = createReadStream(path);
  // pipeline hands an error of the file or of gunzip on to the stream that is read.
  const target = path.endsWith('.gz') ? createGunzip() : new PassThrough();
  return pipeline(file, target, () => undefined);
}

/** readline ends quietly when its input fails; this does not. */
async function* linesOf(lines: AsyncIterable<string>, source: Readable): AsyncIterable<string> {
  let failure: Error | null = null;
  source.once('error', (error: Error) => {
    failure = error;
  });
  yield* lines;
  if (failure) throw failure;
}

/** The parser's own message quotes the line, which may hold customer data: it stays out. */
function parseLine(text: string, where: string): Record<string, unknown> {
  const fix = 'Each line must be one whole JSON object.';
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw problem(where, 'is not valid JSON', fix);
  }
  if (isRecord(value)) return value;
  throw problem(where, 'is JSON, but not an object', fix);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function problem(where: string, rule: string, fix: string, cause?: unknown): RunError {
  return new RunError('config', { where, message: `${where} ${rule}.`, fix }, { cause });
}
