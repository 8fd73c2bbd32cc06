import { describe, expect, it } from 'vitest';
import { makeWorkspace } from '../acceptance/cli.ts';

const settings = `timeZone: Europe/Madrid
currency: EUR
connections:
  own: { connector: csv, path: ./*.csv, object: deal }
reports:
  - { name: monthly, kpis: [win_rate] }
`;

describe('the commands serve and report', () => {
  it('refuse what would show the figures to a network without a login', async () => {
    await using workspace = await makeWorkspace(settings);
    const { code, stdout } = await workspace.run('serve', '--host', '0.0.0.0', '--json');
    expect(code).toBe(2);
    expect(JSON.parse(stdout).error.fix).toContain('crm-kpi serve --hash-password');
  });

  it('name the endings that a report can have, and the reports that are saved', async () => {
    await using workspace = await makeWorkspace(settings);
    const ending = await workspace.run('report', '--out', 'x.docx', '--json');
    expect(ending.code).toBe(2);
    expect(JSON.parse(ending.stdout).error.fix).toBe('End it with one of: .html, .pdf, .xlsx, .csv.');
    const empty = await workspace.run('report', '--out', 'x.csv', '--name', 'monthly', '--json');
    expect(empty.code).toBe(2);
    expect(JSON.parse(empty.stdout).error.message).toContain('Nothing was evaluated');
  });

  it('tell which KPI of a saved report does not exist', async () => {
    await using workspace = await makeWorkspace(settings.replace('win_rate', 'win_rat'));
    const { code, stderr } = await workspace.run('serve', '--port', '0');
    expect(code).toBe(2);
    expect(stderr).toMatch(/reports\[?\.?0\]?\.kpis/);
  });
});
