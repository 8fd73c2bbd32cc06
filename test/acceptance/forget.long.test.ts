import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { makeWorkspace, type TestWorkspace } from './cli.ts';
import { crms, goals, sandboxDefaults } from './crms.ts';

const asOf = ['--as-of', '2026-11-20T08:00:00Z'] as const;

interface Person {
  readonly id: string;
  readonly name: string;
  readonly email: string | null;
}

interface ForgetJson {
  readonly tables: readonly { readonly table: string; readonly rows: number }[];
  readonly inCrm: readonly { readonly key: string; readonly remoteId: string | null }[];
  readonly backups: readonly { readonly path: string; readonly holds: boolean }[];
  readonly applied: boolean;
}

function query<T>(folder: string, sql: string): readonly T[] {
  const handle = new Database(join(folder, 'data', 'crm-kpi.db'), { readonly: true });
  try {
    return handle.prepare<unknown[], T>(sql).all();
  } finally {
    handle.close();
  }
}

const totals = (folder: string) =>
  query(
    folder,
    `SELECT r.kpi, r.period_label, r.segment_kind, CASE r.segment_kind WHEN 'owner' THEN '' ELSE r.segment_id END AS id,
       r.num, r.den, r.value, r.n FROM result_newest w JOIN result r ON r.id = w.id WHERE r.state = 'current' ORDER BY 1, 2, 3, 4, 5, 6, 7, 8`,
  );

/** Which of the words stand in the bytes of which file of the folder. */
async function findTraces(folder: string, words: readonly string[]): Promise<readonly string[]> {
  const names = (await readdir(folder)).filter(
    (name) => name.startsWith('crm-kpi.db') && !name.includes('.bak'),
  );
  const found = await Promise.all(
    names.map(async (name) => {
      const bytes = await readFile(join(folder, name));
      return words.filter((word) => bytes.includes(word)).map((word) => `${name}: ${word}`);
    }),
  );
  return found.flat();
}

function busiestOwner({ folder }: TestWorkspace): Person {
  const [owner] = query<Person>(
    folder,
    `SELECT a.id, a.name, a.email FROM actor a JOIN deal d ON d.owner_id = a.id WHERE a.name LIKE '% %' AND a.kind = 'user'
       AND a.name NOT IN (SELECT name FROM lead WHERE name IS NOT NULL)
     GROUP BY a.id ORDER BY count(*) DESC LIMIT 1`,
  );
  if (!owner) throw new Error('no owner');
  return owner;
}

describe.each(crms)('forget on $name', (crm) => {
  it('leaves no trace of an owner, keeps the totals, and the next sync brings nobody back', {
    timeout: 240_000,
  }, async () => {
    await using sandbox = await crm.start(sandboxDefaults);
    await using workspace = await makeWorkspace(`${crm.settings(sandbox)}${goals}`, crm.secret(sandbox));
    const data = join(workspace.folder, 'data');
    await workspace.json('install', 'crm', '--yes');
    await workspace.json('run', ...asOf);
    const owner = busiestOwner(workspace);
    const words = [
      owner.name,
      ...(owner.email ? [owner.email] : []),
      ...(/[A-Za-z]/.test(owner.id) ? [owner.id] : []),
    ];
    const backup = join(data, 'before.bak');
    await workspace.json('backup', backup);
    const before = totals(workspace.folder);
    expect((await findTraces(data, words)).length).toBeGreaterThan(0);

    expect(await workspace.run('forget', `crm:${owner.id}`)).toMatchObject({ code: 2 });
    const dry = await workspace.json<ForgetJson>('forget', `crm:${owner.id}`, '--dry-run');
    expect(dry.applied).toBe(false);
    expect((await findTraces(data, words)).length).toBeGreaterThan(0);

    const done = await workspace.json<ForgetJson>('forget', `crm:${owner.id}`, '--yes');
    expect(done).toMatchObject({ applied: true, tables: dry.tables });
    expect(done.tables.map(({ table }) => table)).toEqual(
      expect.arrayContaining(['actor', 'deal', 'result', 'published']),
    );
    expect(done.inCrm.length).toBeGreaterThan(0);
    expect(done.inCrm.every(({ key }) => key.includes(`owner:${owner.id}`))).toBe(true);
    expect(done.backups).toContainEqual({ path: backup, holds: true });
    expect(await findTraces(data, words)).toEqual([]);

    // A quiet night, then everything read anew.
    await workspace.json('run', ...asOf);
    await workspace.json('sync', '--full');
    const last = await workspace.json<{ publish: { records: number; written: number } }>('run', ...asOf);
    expect(last.publish.written).toBe(0);
    expect(await findTraces(data, words)).toEqual([]);
    expect(query(workspace.folder, `SELECT 1 FROM deal WHERE owner_id = '${owner.id}'`)).toEqual([]);
    expect(totals(workspace.folder)).toEqual(before);
  });

  it('forgets a lead by its id, and says so of one that nobody knows', { timeout: 240_000 }, async () => {
    await using sandbox = await crm.start(sandboxDefaults);
    await using workspace = await makeWorkspace(`${crm.settings(sandbox)}${goals}`, crm.secret(sandbox));
    const data = join(workspace.folder, 'data');
    await workspace.json('install', 'crm', '--yes');
    await workspace.json('sync');
    const [lead] = query<{ id: string; name: string | null }>(
      workspace.folder,
      `SELECT id, name FROM lead WHERE name IS NULL OR (SELECT count(*) FROM lead o WHERE o.name = lead.name) = 1
         AND name NOT IN (SELECT name FROM actor WHERE name IS NOT NULL) ORDER BY name IS NULL, id LIMIT 1`,
    );
    expect(lead).toBeDefined();
    await workspace.json('forget', `crm:${lead?.id}`, '--as', 'contact', '--yes', '--name', 'Ana Ruiz Vega');
    await workspace.json('sync', '--full');
    for (const place of ['lead.id', 'campaign_member.person_id', 'activity.person_id']) {
      const [table, column] = place.split('.');
      expect(
        query(workspace.folder, `SELECT 1 FROM ${table} WHERE ${column} = '${lead?.id}'`),
        place,
      ).toEqual([]);
    }
    if (lead?.name?.includes(' ')) expect(await findTraces(data, [lead.name])).toEqual([]);
    expect(await workspace.run('forget', 'nobody@example.com', '--yes')).toMatchObject({ code: 2 });
  });
});
