import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { makeWorkspace } from './cli.ts';
import { crms, goals, sandboxDefaults } from './crms.ts';

const retention = 'retention: { activities: 12 months, tickets: 1 year, deals: 3 years }\n';
const asOf = ['--as-of', '2026-11-20T08:00:00Z'] as const;
const ages = {
  activity: {
    day: '2025-11-01',
    open: "status = 'open'",
    last: 'max(coalesce(starts_at, 0), coalesce(done_at, 0), coalesce(unixepoch(due_on) * 1000, 0))',
  },
  ticket: { day: '2025-11-01', open: 'is_closed = 0', last: 'coalesce(last_closed_at, reopened_at, 0)' },
} as const;

function openFile(folder: string): Database.Database {
  return new Database(join(folder, 'data', 'crm-kpi.db'));
}

/** The newest row of every series, as readers see it. */
function readResults(folder: string): readonly string[] {
  const handle = openFile(folder);
  try {
    return handle
      .prepare<unknown[], string>(
        `SELECT json_array(r.kpi, r.grain, r.period_label, r.segment_kind, r.segment_id, r.goal, r.num, r.den, r.value, r.n,
           r.status, r.stage, r.state) FROM result_newest w JOIN result r ON r.id = w.id ORDER BY 1`,
      )
      .pluck()
      .all();
  } finally {
    handle.close();
  }
}

function count(folder: string, sql: string): number {
  const handle = openFile(folder);
  try {
    return Number(handle.prepare(sql).pluck().get());
  } finally {
    handle.close();
  }
}

describe.each(crms)('retention on $name', (crm) => {
  it('lets old records go and leaves every result and the proof of completeness as they were', {
    timeout: 240_000,
  }, async () => {
    await using sandbox = await crm.start(sandboxDefaults);
    await using workspace = await makeWorkspace(`${crm.settings(sandbox)}${goals}`, crm.secret(sandbox));
    const { folder } = workspace;
    await workspace.json('install', 'crm', '--yes');
    await workspace.json('run', ...asOf);
    const before = readResults(folder);
    const heldBefore = count(folder, 'SELECT count(*) FROM activity');
    await appendFile(join(folder, 'crm-kpi.yaml'), retention);

    await workspace.json('run', ...asOf);
    expect(count(folder, 'SELECT count(*) FROM purged')).toBeGreaterThan(100);
    expect(count(folder, 'SELECT count(*) FROM activity')).toBeLessThan(heldBefore);
    for (const [table, { day, open, last }] of Object.entries(ages)) {
      const old = `${last} < unixepoch('${day}') * 1000 AND created_at < unixepoch('${day}') * 1000`;
      const kept = `SELECT count(*) FROM ${table} WHERE ${old} AND NOT (${open}) AND deleted_at IS NULL`;
      expect(count(folder, kept), table).toBe(0);
    }
    expect(readResults(folder)).toEqual(before);

    // Nothing changed; then everything is read and computed anew: both end well and say the same.
    for (const fresh of [false, true]) {
      const handle = openFile(folder);
      if (fresh) handle.exec('DELETE FROM evaluation_state; UPDATE stream SET cursor = NULL');
      handle.close();
      const run = await workspace.json<{
        sync: { object: string; complete: { ours: number; theirs: number } | null }[];
      }>('run', ...asOf);
      for (const { object, complete } of run.sync)
        if (complete) expect(complete.ours, object).toBe(complete.theirs);
      expect(readResults(folder), fresh ? 'read anew' : 'a quiet night').toEqual(before);
    }
    expect(await workspace.run('doctor')).toMatchObject({ code: 0 });
  });
});
