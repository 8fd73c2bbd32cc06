import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RunError } from '../../src/model/errors.ts';
import { findNdjson, readNdjson } from '../../src/sandbox/ndjson.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ndjson-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function write(name: string, content: string | Buffer): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

async function readAll(path: string): Promise<unknown[]> {
  const records: unknown[] = [];
  for await (const record of readNdjson(path)) records.push(record);
  return records;
}

async function failureOf(promise: Promise<unknown>): Promise<RunError> {
  const error = await promise.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (error instanceof RunError) return error;
  throw new Error('expected a RunError', { cause: error });
}

describe('readNdjson', () => {
  it('reads plain and compressed files alike', async () => {
    const text = '\uFEFF{"id":1}\r\n\n{"id":2,"name":"Ñ"}';
    const expected = [{ id: 1 }, { id: 2, name: 'Ñ' }];
    expect(await readAll(write('a.ndjson', text))).toEqual(expected);
    expect(await readAll(write('b.ndjson.gz', gzipSync(text)))).toEqual(expected);
    expect(await readAll(write('empty.ndjson', ''))).toEqual([]);
  });

  it('names the file and the line of a broken record, and quotes nothing of it', async () => {
    const path = write('a.ndjson', '{"id":1}\n\n{"name":"Secret Ltd"\n');
    const error = await failureOf(readAll(path));
    expect(error.where).toBe(`${path}:3`);
    expect(error.message).toBe(`${path}:3 is not valid JSON.`);
    expect(error.kind).toBe('config');
  });

  it('refuses JSON that is not an object', async () => {
    expect((await failureOf(readAll(write('a.ndjson', '[1]')))).message).toContain('not an object');
  });

  it('notices a compressed file that was cut off, or is none', async () => {
    const lines = Array.from({ length: 5000 }, (_, id) => JSON.stringify({ id, at: Math.sin(id) })).join(
      '\n',
    );
    const whole = gzipSync(lines);
    const cut = write('cut.ndjson.gz', whole.subarray(0, whole.length / 2));
    expect((await failureOf(readAll(cut))).message).toMatch(/cut\.ndjson\.gz:\d+ cannot be read/);
    expect((await failureOf(readAll(write('no.ndjson.gz', '{"id":1}')))).message).toContain('cannot be read');
  });

  it('says so when there is no such file', async () => {
    expect((await failureOf(readAll(join(folder, 'none.ndjson')))).message).toContain(
      'none.ndjson:1 cannot be read',
    );
  });

  it('may be left before the end', async () => {
    const path = write('a.ndjson', '{"id":1}\n{"id":2}\nbroken\n');
    for await (const record of readNdjson(path)) {
      expect(record).toEqual({ id: 1 });
      break;
    }
  });
});

describe('findNdjson', () => {
  it('maps each object to its file and passes other files over', async () => {
    write('deals.ndjson.gz', gzipSync(''));
    write('Account.ndjson', '');
    write('README.md', '');
    expect([...(await findNdjson(folder))]).toEqual([
      ['Account', join(folder, 'Account.ndjson')],
      ['deals', join(folder, 'deals.ndjson.gz')],
    ]);
  });

  it('refuses a folder without data, a missing one, and an object with two files', async () => {
    expect((await failureOf(findNdjson(folder))).message).toContain('has no .ndjson');
    expect((await failureOf(findNdjson(join(folder, 'x')))).message).toContain('cannot be read as a folder');
    write('deals.ndjson', '');
    write('deals.ndjson.gz', gzipSync(''));
    expect((await failureOf(findNdjson(folder))).message).toContain('holds the same object as');
  });
});
