import { describe, expect, it } from 'vitest';
import { makeWorkspace } from './cli.ts';
import { crms, goals, sandboxDefaults } from './crms.ts';

interface RunJson {
  readonly outcome: string;
  readonly sync: readonly {
    readonly object: string;
    readonly rows: number;
    readonly written: number;
    readonly complete: { ours: number; theirs: number } | null;
  }[];
  readonly publish: {
    readonly creates: number;
    readonly updates: number;
    readonly deletes: number;
    readonly written: number;
  };
}

describe.each(crms)('the nightly job on $name', (crm) => {
  it('writes nothing the second time when nothing changed', { timeout: 120_000 }, async () => {
    await using sandbox = await crm.start(sandboxDefaults);
    await using workspace = await makeWorkspace(`${crm.settings(sandbox)}${goals}`, crm.secret(sandbox));
    await workspace.json('install', 'crm', '--yes');
    const first = await workspace.json<RunJson>('run');
    const changes = sandbox.requests.length;
    const second = await workspace.json<RunJson>('run');
    const written = (run: RunJson) => run.sync.reduce((sum, stream) => sum + stream.written, 0);
    expect(first.publish.creates).toBeGreaterThan(10);
    expect(first.publish.written).toBe(first.publish.creates);
    expect(written(first)).toBeGreaterThan(1000);
    expect(written(second)).toBe(0);
    expect(second.publish).toMatchObject({ creates: 0, updates: 0, deletes: 0, written: 0 });
    for (const { object, complete } of second.sync)
      if (complete) expect(complete.ours, object).toBe(complete.theirs);
    process.stderr.write(
      `${crm.name}: ${changes} requests the first night, ${sandbox.requests.length - changes} the second\n`,
    );
  });

  it('says so when the results have no place to go', { timeout: 120_000 }, async () => {
    await using sandbox = await crm.start(sandboxDefaults);
    await using workspace = await makeWorkspace(`${crm.settings(sandbox)}${goals}`, crm.secret(sandbox));
    const { code, stdout, stderr } = await workspace.run('run', '--json');
    expect(code).toBe(2);
    expect(JSON.parse(stdout).errors[0].fix).toContain('crm-kpi install crm');
    expect(stdout + stderr).not.toContain(Object.values(crm.secret(sandbox))[0]);
  });
});
