import type { ResultChange } from '../../src/model/result.ts';
import { SalesforceFailure } from './failure.ts';
import { isRecord, toNumber, toText } from './values.ts';
import { type Shape, storageProblem, type WriteEnv } from './write-env.ts';

/** A record of a custom object takes 2 KB, whatever it holds (Help: record size overview). */
const recordsPerMegabyte = 512;
/** The storage left is told in whole megabytes: fewer records than this say nothing. */
const smallestForecast = 50;

/** Refuses before anything is written what would fill the org half-way. */
export async function requireStorage(
  env: WriteEnv,
  changes: readonly ResultChange[],
  shape: Shape,
): Promise<void> {
  const creates = changes.filter((change) => change.change === 'create');
  if (creates.length < smallestForecast) return;
  const leftMegabytes = await readStorageLeft(env);
  if (leftMegabytes === null || creates.length <= leftMegabytes * recordsPerMegabyte) return;
  // After the loss of a store everything looks new, although it stands there.
  const known = await readKeys(env, shape.key.apiName);
  const needed = creates.filter((change) => !known.has(change.key.toLowerCase())).length;
  if (needed <= leftMegabytes * recordsPerMegabyte) return;
  throw storageProblem(
    env,
    `${needed} new records take ${Math.ceil(needed / recordsPerMegabyte)} MB, and the org has ${leftMegabytes} MB of data storage left; nothing was written`,
  );
}

/** null: this user may not see the limits (that takes "View Setup and Configuration"). */
async function readStorageLeft({ api }: WriteEnv): Promise<number | null> {
  try {
    const { DataStorageMB: storage } = await api.get('/limits');
    return isRecord(storage) ? toNumber(storage.Remaining) : null;
  } catch (error) {
    if (error instanceof SalesforceFailure && error.status < 500) return null;
    throw error;
  }
}

async function readKeys({ api, objectName }: WriteEnv, keyField: string): Promise<ReadonlySet<string>> {
  const keys = new Set<string>();
  let page = await api.query(`SELECT Id, ${keyField} FROM ${objectName}`);
  for (;;) {
    for (const record of page.records) keys.add(toText(record[keyField])?.toLowerCase() ?? '');
    if (page.nextUrl === null) return keys;
    page = await api.nextPage(page.nextUrl);
  }
}
