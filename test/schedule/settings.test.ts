import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { base, loadText, problemsOf } from '../config/workspace.ts';

describe('the settings of the schedule', () => {
  it('are filled in: zone, catch-up, overlap', async () => {
    const { schedule } = await loadText(`${base}schedule:
  - { run: all, cron: "30  2 * * *", jitter: 5m, missed: 12h, overlap: queue, deadline: 1h30m }
  - { run: files, cron: "@daily", timeZone: UTC, missed: skip }
`);
    expect(schedule).toEqual([
      {
        id: 'all 30 2 * * * Europe/Madrid',
        run: 'all',
        connections: [],
        cron: '30  2 * * *',
        timeZone: 'Europe/Madrid',
        jitterMs: 300_000,
        catchUpMs: 43_200_000,
        overlap: 'queue',
        deadlineMs: 5_400_000,
      },
      expect.objectContaining({
        run: 'sync',
        connections: ['files'],
        timeZone: 'UTC',
        catchUpMs: 0,
        overlap: 'skip',
      }),
    ]);
  });

  it('that make no sense are refused with the place and a fix', async () => {
    const problems = await problemsOf(`${base}schedule:
  - { run: al, cron: "61 2 * * *" }
  - { run: sync, connections: [filse], cron: "0 2 * * *", deadline: soon }
`);
    expect(problems).toEqual([
      expect.stringContaining('schedule[0].cron is 61 2 * * *, must have a minute from 0 to 59; it is "61"'),
      expect.stringContaining('schedule[1].deadline is soon, must be a duration such as 2h or 90m'),
    ]);
    const names = await problemsOf(`${base}schedule:
  - { run: al, cron: "1 2 * * *" }
  - { run: sync, connections: [filse], cron: "0 2 * * *" }
`);
    expect(names).toEqual([
      expect.stringContaining('schedule[0].run is al, is no job and no connection'),
      expect.stringContaining('schedule[1].connections[0] is filse, is no connection'),
    ]);
  });
});

describe('the settings of alerts', () => {
  it('become one target for each place, named', async () => {
    const { alerts } = await loadText(
      `${base}alerts:
  - { on: [failure], slack: "\${HOOK}", quietHours: { from: "22:00", to: "7:30" } }
  - { on: [off_target], name: boss, webhook: { url: "https://x.example/", headers: { X-Key: "\${HOOK}" } }, digest: "08:00" }
  - { on: [failure], email: { host: smtp.x.example, port: 465, from: a@x.example, to: b@x.example } }
`,
      { HOOK: 'https://hooks.example/secret' },
    );
    expect(alerts).toMatchObject([
      { name: 'slack-1', quietHours: { fromMinute: 1320, toMinute: 450 }, digestMinute: null },
      {
        name: 'boss',
        channel: { kind: 'webhook', headers: { 'X-Key': 'https://hooks.example/secret' } },
        digestMinute: 480,
      },
      { name: 'email-3', channel: { kind: 'email', secure: true, user: null, to: ['b@x.example'] } },
    ]);
  });

  it('need a place, known events and encryption', async () => {
    const problems = await problemsOf(`${base}alerts:
  - { on: [failure] }
  - { on: [failed], slack: "https://x.example" }
  - { on: [failure], slack: "http://x.example" }
`);
    expect(problems).toEqual([
      expect.stringContaining('must say where to: slack, webhook or email'),
      expect.stringContaining('alerts[1].on[0]'),
      expect.stringContaining('must be an https address; plain http is for this machine only'),
    ]);
  });
});

it('a secret may come as a file of the service manager', async () => {
  const credentials = await mkdtemp(join(tmpdir(), 'crm-kpi-credentials-'));
  try {
    await writeFile(`${credentials}/HOOK`, 'https://hooks.example/from-file\n');
    const settings = await loadText(`${base}alerts: [{ on: [failure], slack: "\${HOOK}" }]\n`, {
      CREDENTIALS_DIRECTORY: credentials,
    });
    expect(settings.alerts[0]?.channel).toEqual({ kind: 'slack', url: 'https://hooks.example/from-file' });
  } finally {
    await rm(credentials, { recursive: true });
  }
});
