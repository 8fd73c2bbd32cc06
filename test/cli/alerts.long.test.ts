import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeWorkspace } from '../acceptance/cli.ts';
import { listenHook, listenMail } from '../alert/receivers.ts';

const settings = (alerts: string, more = '') => `timeZone: Europe/Madrid
currency: EUR
language: en
connections:
  files: { connector: csv, path: ./deals.csv, object: deal }
kpis: [win_rate]
goals:
  - { kpi: win_rate, every: month, atLeast: 0.5, minN: 5 }
alerts:
${alerts}
${more}`;

const all = '[failure, needs_person, freshness, off_target, recovery]';

/** Deals closed in October 2026: so many won and lost. */
function deals(won: number, lost: number): string {
  const rows = Array.from({ length: won + lost }, (_, index) => {
    const outcome = index < won ? 'won' : 'lost';
    return `${index},${outcome},${outcome},1000,EUR,2026-10-01,2026-10-15`;
  });
  return `id,stage,outcome,amount_minor,currency,created_on,closed_on\n${rows.join('\n')}\n`;
}

const before = ['--as-of', '2026-11-05'];

describe('alerts at the end of a run', () => {
  it('tell a failure once, and once that it is over', { timeout: 60_000 }, async () => {
    await using hook = await listenHook();
    await using workspace = await makeWorkspace(settings(`  - { on: ${all}, webhook: "\${HOOK}" }`), {
      HOOK: hook.url,
    });
    const file = join(workspace.folder, 'deals.csv');
    await writeFile(file, deals(8, 2));
    expect((await workspace.run('run', ...before)).code).toBe(0);
    expect(hook.got).toEqual([]);
    await writeFile(file, 'id,stage\n1,"won\n');
    const failed = await workspace.run('run', ...before);
    expect(failed.code).not.toBe(0);
    await workspace.run('run', ...before);
    expect(hook.got).toHaveLength(1);
    expect(hook.got[0]?.alerts).toMatchObject([
      { state: 'problem', events: expect.arrayContaining(['failure']) },
    ]);
    await writeFile(file, deals(8, 2));
    await workspace.run('run', ...before);
    await workspace.run('run', ...before);
    expect(hook.got).toHaveLength(2);
    expect(hook.got[1]?.alerts).toMatchObject([{ state: 'recovered' }]);
    expect(failed.stdout + failed.stderr).not.toContain('hook-secret');
  });

  it('tell that a KPI turned off target, with evidence, and no customer data', {
    timeout: 60_000,
  }, async () => {
    await using hook = await listenHook();
    await using workspace = await makeWorkspace(settings(`  - { on: [off_target], slack: "\${HOOK}" }`), {
      HOOK: hook.url,
    });
    const file = join(workspace.folder, 'deals.csv');
    await writeFile(file, deals(20, 5));
    await workspace.run('run', ...before);
    expect(hook.got).toEqual([]);
    await writeFile(file, deals(4, 36));
    await workspace.run('run', ...before);
    await workspace.run('run', ...before);
    expect(hook.got).toHaveLength(1);
    expect(hook.got[0]?.text).toContain('Sales conversion: off target');
    expect(hook.got[0]?.text).toContain('2026-10: 10.0 %, target at least 50.0 %');
  });

  it('tell that an object can no longer be read', { timeout: 60_000 }, async () => {
    await using hook = await listenHook();
    await using workspace = await makeWorkspace(settings(`  - { on: [needs_person], webhook: "\${HOOK}" }`), {
      HOOK: hook.url,
    });
    const file = join(workspace.folder, 'deals.csv');
    await writeFile(file, deals(8, 2));
    await workspace.run('run', ...before);
    await rm(file);
    await workspace.run('run', ...before);
    expect(hook.got[0]?.alerts).toMatchObject([
      { key: 'unavailable|files', title: 'files: a person must act' },
    ]);
  });

  it('tell of a damaged store, though nothing can be remembered in it', { timeout: 60_000 }, async () => {
    await using hook = await listenHook();
    await using workspace = await makeWorkspace(settings(`  - { on: [failure], webhook: "\${HOOK}" }`), {
      HOOK: hook.url,
    });
    await mkdir(join(workspace.folder, 'data'));
    await writeFile(
      join(workspace.folder, 'data/crm-kpi.db'),
      'no database at all, but some text '.repeat(200),
    );
    expect((await workspace.run('run', ...before)).code).toBe(2);
    expect(hook.got[0]?.alerts).toMatchObject([
      { state: 'problem', message: expect.stringContaining('damaged') },
    ]);
  });

  it('say nothing of a miss that chance explains', { timeout: 60_000 }, async () => {
    await using hook = await listenHook();
    await using workspace = await makeWorkspace(settings(`  - { on: [off_target], webhook: "\${HOOK}" }`), {
      HOOK: hook.url,
    });
    await writeFile(join(workspace.folder, 'deals.csv'), deals(2, 4));
    await workspace.run('run', ...before);
    expect(hook.got).toEqual([]);
  });

  it('are kept when nobody takes them, shown by status, and sent with the next run', {
    timeout: 60_000,
  }, async () => {
    await using hook = await listenHook();
    await using workspace = await makeWorkspace(
      settings(`  - { on: ${all}, name: ops, webhook: "\${HOOK}" }`),
      {
        HOOK: hook.url,
      },
    );
    hook.status = 503;
    await writeFile(join(workspace.folder, 'deals.csv'), deals(4, 36));
    expect((await workspace.run('run', ...before)).code).toBe(0);
    const shown = await workspace.run('status', '--json');
    expect(shown.code).toBe(3);
    expect(JSON.parse(shown.stdout).alerts.undelivered).toMatchObject([{ target: 'ops', attempts: 1 }]);
    expect(shown.stdout).not.toContain('hook-secret');
    hook.status = 200;
    await workspace.run('run', ...before);
    expect(hook.got).toHaveLength(1);
    expect((await workspace.run('status')).code).toBe(0);
  });

  it('go by mail, signed in', { timeout: 60_000 }, async () => {
    await using mail = await listenMail('mail-secret');
    const email = `{ host: 127.0.0.1, port: ${mail.port}, user: me, password: "\${MAIL}", from: kpi@a.example, to: [ops@a.example, it@a.example] }`;
    await using workspace = await makeWorkspace(settings(`  - { on: [off_target], email: ${email} }`), {
      MAIL: 'mail-secret',
    });
    await writeFile(join(workspace.folder, 'deals.csv'), deals(4, 36));
    const { code, stderr } = await workspace.run('run', ...before);
    expect(code).toBe(0);
    expect(mail.mails).toHaveLength(1);
    expect(mail.mails[0]).toContain('Subject: crm-kpi: Problem: Sales conversion: off target');
    expect(mail.lines.filter((line) => line.startsWith('RCPT'))).toHaveLength(2);
    expect(stderr).not.toContain('mail-secret');
  });
});

describe('alerts test', () => {
  it('sends a test to the one that is named', { timeout: 60_000 }, async () => {
    await using hook = await listenHook();
    const alerts = `  - { on: [failure], name: one, webhook: "\${HOOK}" }\n  - { on: [failure], name: two, webhook: "\${HOOK}" }`;
    await using workspace = await makeWorkspace(settings(alerts), { HOOK: hook.url });
    const { code, stdout } = await workspace.run('alerts', 'test', '--to', 'two');
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'two: a test was sent.\n' });
    expect(hook.got[0]?.alerts).toMatchObject([{ state: 'test' }]);
    expect((await workspace.run('alerts', 'test', '--to', 'three')).code).toBe(2);
  });

  it('says what is wrong: a refused message, a redirect, a wrong password', { timeout: 60_000 }, async () => {
    await using hook = await listenHook();
    await using mail = await listenMail('right');
    const email = `{ host: 127.0.0.1, port: ${mail.port}, user: me, password: wrong, from: a@a.example, to: b@a.example }`;
    await using workspace = await makeWorkspace(
      settings(`  - { on: [failure], webhook: "\${HOOK}" }\n  - { on: [failure], email: ${email} }`),
      { HOOK: hook.url },
    );
    hook.status = 302;
    const { code, stderr } = await workspace.run('alerts', 'test');
    expect(code).toBe(2);
    expect(stderr).toContain('refused with status 302');
    expect(stderr).toContain('The mail server refused the user name or password.');
    expect(stderr).not.toContain('hook-secret');
  });

  it('refuses plain http to other machines', { timeout: 60_000 }, async () => {
    await using workspace = await makeWorkspace(
      settings('  - { on: [failure], slack: "http://hooks.example/x" }'),
    );
    const { code, stderr } = await workspace.run('alerts', 'test');
    expect(code).toBe(2);
    expect(stderr).toContain('must be an https address');
  });
});
