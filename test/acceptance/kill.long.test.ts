import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createRandom } from '../../src/sandbox/random.ts';
import { makeWorkspace, runCli } from './cli.ts';
import { type Crm, crms, goals, sandboxDefaults } from './crms.ts';
import { dumpStore } from './store-dump.ts';

const trials = 12;
const asOf = ['--as-of', '2026-11-20T08:00:00Z'] as const;

interface Ended {
  readonly store: ReturnType<typeof dumpStore>;
  readonly keys: readonly string[];
  readonly ms: number;
  readonly killed: boolean;
}

/** One whole job on a sandbox of its own, killed once after `killAfterMs`, then run to its end. */
async function runJob(crm: Crm, killAfterMs: number | null): Promise<Ended> {
  await using sandbox = await crm.start(sandboxDefaults);
  await using workspace = await makeWorkspace(`${crm.settings(sandbox)}${goals}`, crm.secret(sandbox));
  await workspace.json('install', 'crm', '--yes');
  let killed = false;
  if (killAfterMs !== null) {
    const options = { cwd: workspace.folder, env: crm.secret(sandbox), killAfterMs };
    killed = (await runCli(['run', ...asOf], options)).code === null;
  }
  const startedAt = performance.now();
  await workspace.json('run', ...asOf);
  const ms = performance.now() - startedAt;
  const keys = sandbox.ids(crm.resultObject).map((id) => crm.keyOf(sandbox.get(crm.resultObject, id) ?? {}));
  return { store: dumpStore(join(workspace.folder, 'data', 'crm-kpi.db')), keys: keys.sort(), ms, killed };
}

/** Rows that only one of the stores has; a few per table say enough. */
function differences(expected: Ended['store'], found: Ended['store']): readonly string[] {
  return Object.keys(expected).flatMap((table) => {
    const [left, right] = [new Set(expected[table]), new Set(found[table])];
    const lost = [...left].filter((row) => !right.has(row)).map((row) => `${table} lacks ${row}`);
    const extra = [...right].filter((row) => !left.has(row)).map((row) => `${table} has ${row}`);
    return [...lost.slice(0, 3), ...extra.slice(0, 3)];
  });
}

describe.each(crms)('a run on $name that is killed', (crm) => {
  it('leaves, once run again, the store and the CRM of an undisturbed run', {
    timeout: 900_000,
  }, async () => {
    const undisturbed = await runJob(crm, null);
    expect(undisturbed.keys.length).toBeGreaterThan(10);
    expect(new Set(undisturbed.keys).size).toBe(undisturbed.keys.length);
    const random = createRandom(20);
    let killed = 0;
    for (let trial = 0; trial < trials; trial++) {
      const at = undisturbed.ms * (0.1 + (0.9 * (trial + random.next())) / trials);
      const disturbed = await runJob(crm, at);
      killed += disturbed.killed ? 1 : 0;
      expect(differences(undisturbed.store, disturbed.store), `killed after ${at} ms`).toEqual([]);
      expect(disturbed.keys, `killed after ${at} ms`).toEqual(undisturbed.keys);
    }
    process.stderr.write(
      `${crm.name}: ${killed} of ${trials} runs were killed before they ended (${Math.round(undisturbed.ms)} ms)\n`,
    );
    expect(killed).toBeGreaterThanOrEqual(trials / 4);
  });
});
