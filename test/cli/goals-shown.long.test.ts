import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { makeWorkspace } from '../acceptance/cli.ts';

const settings = `timeZone: Europe/Madrid
currency: EUR
segments: [company]
connections:
  files: { connector: csv, path: ./*.csv }
goals:
  - { kpi: case_resolution_hours, every: month, atMost: 24 }
  - { kpi: case_resolution_hours, every: month, atMost: 60, statistic: p90, id: slow }
  - { kpi: deals_won, every: month, atLeast: 3, segments: [company, owner] }
  - { kpi: revenue_won, every: month, atLeast: { from: quotas } }
`;
const asOf = ['--as-of', '2026-02-20T12:00:00Z'] as const;

it('tells goals of one duration apart, explains the first of them, and says which goals ask for nothing', async () => {
  await using workspace = await makeWorkspace(settings);
  const write = (file: string, lines: readonly string[]) =>
    writeFile(join(workspace.folder, file), `${lines.join('\n')}\n`);
  const tickets = Array.from(
    { length: 10 },
    (_, i) => `t${i},2026-01-05T08:00:00Z,2026-01-0${6 + (i % 3)}T08:00:00Z,1`,
  );
  await write('ticket.csv', ['id,created_at,last_closed_at,is_closed', ...tickets]);
  await write('deal.csv', [
    'id,outcome,closed_on,amount_minor,currency,owner_id,created_at',
    'd1,won,2026-01-10,10000,EUR,u1,2026-01-01T00:00:00Z',
  ]);
  await workspace.json('run', ...asOf);
  const { stdout, stderr } = await workspace.run('results', ...asOf);
  expect(stdout).toMatch(/^Resolution time +2026-01 +Company +48\.0 h +≤ 24\.0 h/m);
  expect(stdout).toMatch(/^Resolution time, p90 +2026-01 +Company +72\.0 h +≤ 60\.0 h/m);
  const told = `${stdout}${stderr}`.split('\n').filter((line) => line.startsWith('No target: '));
  expect(told).toEqual([
    'No target: Sales made (deals_won.month): parts of a sum need targets of their own: give those of owner with by: or a file.',
    'No target: Revenue won (revenue_won.month): it takes the quotas of the CRMs, and none stands there for 2026-01 and 2026-02; a quota counts that covers a single month to the day.',
  ]);
  const explained = await workspace.json<{ result: { goal: string; value: number } }>(
    ...['explain', 'case_resolution_hours', '--period', '2026-01', ...asOf],
  );
  expect(explained.result).toMatchObject({ goal: 'case_resolution_hours.month.p50.calendar', value: 48 });
}, 60_000);
