import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeWorkspace } from '../acceptance/cli.ts';
import { listenHook, listenMail } from '../alert/receivers.ts';

const password = 'correct horse';

/** Nine deals closed in October 2026, three of them won; no browser on the path. */
async function openDeals(send: string) {
  const workspace = await makeWorkspace(
    `timeZone: Europe/Madrid
currency: EUR
connections:
  own: { connector: csv, path: ./deals.csv, object: deal }
goals:
  - { kpi: win_rate, every: month, atLeast: 0.2 }
serve: { url: "https://kpi.example.com" }
reports:
  - name: monthly
    title: Monthly <review>
    period: 2026-10
    send: ${send}
`,
    { MAIL_PASSWORD: password, PATH: '/nowhere' },
  );
  const rows = Array.from(
    { length: 9 },
    (_, index) => `d${index},2026-09-0${index + 1},2026-10-0${index + 1},${index < 3 ? 'won' : 'lost'},EUR`,
  );
  await writeFile(
    join(workspace.folder, 'deals.csv'),
    ['id,created_on,closed_on,outcome,currency', ...rows].join('\n'),
  );
  await workspace.json('run');
  return workspace;
}

const mailTo = (port: number) =>
  `{ host: 127.0.0.1, port: ${port}, user: kpi, password: "\${MAIL_PASSWORD}", from: kpi@example.com, to: [a@example.com, b@example.com] }`;

/** The parts of a mail whose encodings are undone. */
function readMail(mail: string): string {
  return mail
    .replace(/=\n/g, '')
    .replace(/(?:=[0-9A-F]{2})+/g, (bytes) => Buffer.from(bytes.replaceAll('=', ''), 'hex').toString());
}

describe('report --send', { timeout: 60_000 }, () => {
  it('mails the page as the body with its figures, other formats attached', async () => {
    await using mail = await listenMail(password);
    await using workspace = await openDeals(
      `{ formats: [html, xlsx, csv, pdf], email: ${mailTo(mail.port)} }`,
    );
    const sent = await workspace.json('report', '--name', 'monthly', '--send');
    expect(sent).toEqual({
      report: 'monthly',
      sent: [{ target: 'report monthly by email', kind: 'email', ok: true, problem: null }],
    });
    const [text = ''] = mail.mails.map(readMail);
    expect(mail.lines.filter((line) => /^RCPT/.test(line))).toHaveLength(2);
    expect(text).toContain('Subject: Monthly <review>, October 2026');
    expect(text).toMatch(/Sales conversion, October 2026: 33\.3\s%/);
    expect(text).toContain('https://kpi.example.com/files/report.html?name=monthly');
    expect(text).toMatch(/<h1>Monthly &lt;review&gt;<\/h1>[\s\S]*<svg/);
    expect(text).toContain('filename=monthly.xlsx');
    expect(text).toContain('filename=monthly.csv');
    expect(text).toContain('monthly.pdf: A PDF is printed by Chromium or Chrome');
    expect(mail.mails).toHaveLength(1);
  });

  it('keeps what cannot be delivered, shows it in status, and sends it later', async () => {
    await using hook = await listenHook();
    hook.status = 503;
    await using workspace = await openDeals(`{ webhook: "${hook.url}" }`);
    const failed = await workspace.run('report', '--name', 'monthly', '--send');
    expect(failed.code).toBe(3);
    expect(failed.stderr).toContain('Not sent, it is tried again: report monthly by webhook');
    const status = await workspace.run('status', '--json');
    expect(status.code).toBe(3);
    expect(JSON.parse(status.stdout).alerts.undelivered).toMatchObject([
      { target: 'report monthly by webhook', title: 'monthly', attempts: 1 },
    ]);
    expect((await workspace.run('status')).stdout).toContain('not delivered to report monthly by webhook');
    await workspace.run('report', '--name', 'monthly', '--send');
    hook.status = 200;
    expect(await workspace.json('alerts', 'send')).toEqual({ waiting: 0, undelivered: 0 });
    expect(hook.got).toMatchObject([
      {
        report: {
          name: 'monthly',
          url: 'https://kpi.example.com/files/report.html?name=monthly',
          figures: [{ kpi: 'win_rate', value: 3 / 9, period: '2026-10' }],
        },
      },
    ]);
    expect((await workspace.run('status', '--json')).code).toBe(0);
  });

  it('is a job of the schedule, also of those that are printed', async () => {
    await using workspace = await openDeals(
      '{ cron: "0 7 1 * *", timeZone: UTC, slack: "https://hooks.slack.example/x" }',
    );
    const { files } = await workspace.json<{ files: { text: string }[] }>('schedule', 'print', 'crontab');
    expect(files[0]?.text).toMatch(/30 2 \* \* \* .* run /);
    expect(files[0]?.text).toMatch(/0 7 1 \* \* .*report --name monthly --send/);
    const { schedule } = await workspace.json<{ schedule: object[] }>('status');
    expect(schedule).toMatchObject([{ run: 'report monthly', cron: '0 7 1 * *', isMissing: false }]);
  });

  it('says what is missing', async () => {
    await using workspace = await makeWorkspace(`timeZone: UTC
currency: EUR
connections:
  own: { connector: csv, path: ./*.csv, object: deal }
reports:
  - { name: monthly }
`);
    const nobody = await workspace.run('report', '--name', 'monthly', '--send', '--json');
    expect([nobody.code, JSON.parse(nobody.stdout).error.message]).toEqual([
      2,
      'The settings do not say to whom this report is sent.',
    ]);
    const nowhere = await workspace.run('report', '--json');
    expect([nowhere.code, JSON.parse(nowhere.stdout).error.fix]).toEqual([
      2,
      'Give --out FILE.html (or .pdf, .xlsx, .csv), or --name NAME --send.',
    ]);
  });
});
