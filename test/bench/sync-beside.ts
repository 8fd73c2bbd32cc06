import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import Database from 'better-sqlite3';

const bin = fileURLToPath(new URL('../../src/cli/crm-kpi.cjs', import.meta.url));
const deals = 400_000;

/** Files of deals, enough for a sync of many seconds, and the settings that read them into a store. */
export async function writeDeals(folder: string, store: string): Promise<void> {
  const settings = `timeZone: Europe/Madrid
currency: EUR
store: ${JSON.stringify(store)}
connections:
  own: { connector: csv, path: ./deals.csv, object: deal }
`;
  await writeFile(join(folder, 'crm-kpi.yaml'), settings);
  const file = createWriteStream(join(folder, 'deals.csv'));
  file.write('id,name,owner_id,amount,currency,created_at,closed_on,outcome,stage\n');
  for (let n = 0; n < deals; n += 1)
    file.write(
      `D${n},Deal ${n},U${n % 200},${1000 + (n % 900)},EUR,2026-03-01T08:00:00Z,2026-05-01,won,closed\n`,
    );
  file.end();
  await once(file, 'finish');
}

export interface RunningSync extends AsyncDisposable {
  /** Rows that it has stored so far. */
  rows(): number;
  isRunning(): boolean;
}

/** `crm-kpi sync --full` in a process of its own, once its first rows stand in the store. */
export async function startSync(folder: string, store: string): Promise<RunningSync> {
  const child = spawn(process.execPath, [bin, 'sync', '--full', '--quiet'], { cwd: folder, stdio: 'ignore' });
  const database = new Database(store, { readonly: true });
  const count = database.prepare<[], number>('SELECT count(*) FROM deal').pluck();
  const rows = () => count.get() ?? 0;
  const isRunning = () => child.exitCode === null && child.signalCode === null;
  const before = rows();
  while (isRunning() && rows() === before) await wait(20);
  return {
    rows,
    isRunning,
    async [Symbol.asyncDispose]() {
      database.close();
      await stop(child);
    },
  };
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGKILL');
  await once(child, 'close');
}
