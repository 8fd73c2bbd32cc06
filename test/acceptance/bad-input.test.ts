import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { createZone } from '../../src/model/zone.ts';
import { acquireRunLock } from '../../src/store/lock.ts';
import { openStore } from '../../src/store/open.ts';
import { makeWorkspace, runCli } from './cli.ts';

const settings = `timeZone: UTC
currency: EUR
connections:
  surveys: { connector: csv, path: ./answers.csv, object: survey_answer }
goals:
  - { kpi: csat, every: month, atLeast: 0.8 }
`;
const answers =
  'id,audience,kind,answered_at,score,scale_min,scale_max\n1,customer,csat,2026-10-05T10:00:00Z,5,1,5\n';

async function makeSurveys(text = settings) {
  const workspace = await makeWorkspace(text);
  await writeFile(join(workspace.folder, 'answers.csv'), answers);
  return workspace;
}

function countOf(text: string, pattern: RegExp): number {
  return [...text.matchAll(pattern)].length;
}

describe('bad settings', () => {
  it('prints each of five mistakes with file, line, path, value, rule and fix', async () => {
    await using workspace = await makeSurveys(`timeZone: Europe/Madird
currency: EURO
weekstart: monday
connections:
  surveys: { connector: cvs, path: ./answers.csv, object: survey_answer }
goals:
  - { kpi: csat, every: fortnight, atLeast: 0.8 }
`);
    const { code, stderr, stdout } = await workspace.run('run');
    expect(code).toBe(2);
    expect(stdout).toBe('');
    for (const [line, path] of [
      [1, 'timeZone'],
      [2, 'currency'],
      [3, 'weekstart'],
      [5, 'connections.surveys.connector'],
      [7, 'goals'],
    ] as const) {
      expect(stderr).toMatch(new RegExp(`crm-kpi\\.yaml:${line} ${path}`));
    }
    expect(countOf(stderr, /Fix: /g)).toBe(5);
    expect(stderr).not.toMatch(/\n\s+at /);
  });

  it('says where it looked when there are none', async () => {
    await using workspace = await makeSurveys();
    const { code, stderr } = await runCli(['run'], { cwd: join(workspace.folder, '..') });
    expect(code).toBe(2);
    expect(stderr).toContain('There is no settings file here');
  });

  it('refuses an unknown flag and suggests the right one', async () => {
    await using workspace = await makeSurveys();
    const { code, stderr } = await workspace.run('publish', '--dry-rn');
    expect(code).toBe(2);
    expect(stderr).toContain('--dry-run');
  });
});

describe('a KPI file', () => {
  const header = (id: string) =>
    `/*\nid: ${id}\nlabel: { en: Mine, es: Mio }\ndomain: sales   unit: count   better: higher   kind: flow\ndimensions: [owner]\n*/\n`;
  const files = [
    ['writes', `delete from deal`],
    ['asks a vendor', `select source_id, 'deal' as object, id, created_at as at, 1 as num from Opportunity`],
    ['lacks a column', `select source_id, 'deal' as object, created_at as at, 1 as num from deal`],
    [
      'divides',
      `select source_id, 'deal' as object, id, created_at as at, amount_minor / probability as num from deal`,
    ],
  ] as const;

  it.each(files)('that %s is refused with its name and line', async (what, sql) => {
    await using workspace = await makeSurveys();
    await mkdir(join(workspace.folder, 'kpis'));
    await writeFile(join(workspace.folder, 'kpis', 'mine.sql'), `${header('mine')}${sql}\n`);
    const { code, stderr } = await workspace.run('evaluate');
    expect(code, what).toBe(2);
    expect(stderr).toMatch(/mine\.sql:\d+/);
    expect(stderr).not.toMatch(/\n\s+at /);
  });

  it('of the workspace is computed like ours', async () => {
    await using workspace = await makeSurveys();
    await mkdir(join(workspace.folder, 'kpis'));
    const sql = `select source_id, 'survey_answer' as object, id, answered_at as at, 1 as num from survey_answer`;
    await writeFile(join(workspace.folder, 'kpis', 'mine.sql'), `${header('mine')}${sql}\n`);
    await workspace.json('run', '--as-of', '2026-11-15');
    const results = await workspace.json<{ value: number }[]>(
      'results',
      '--as-of',
      '2026-11-15',
      '--kpi',
      'mine',
      '--period',
      '2026-10',
      '--segment',
      'company',
    );
    expect(results).toMatchObject([{ value: 1 }]);
  });
});

describe('a store', () => {
  it('written by a newer version is refused and left alone', async () => {
    await using workspace = await makeSurveys();
    await workspace.json('run');
    const path = join(workspace.folder, 'data', 'crm-kpi.db');
    const handle = new Database(path);
    handle.pragma('user_version = 999');
    handle.close();
    const { code, stderr } = await workspace.run('run');
    expect(code).toBe(2);
    expect(stderr).toContain('newer crm-kpi');
    const after = new Database(path, { readonly: true });
    expect(after.pragma('user_version', { simple: true })).toBe(999);
    after.close();
  });

  it('that another process is writing is waited for, then reported, and nothing is lost', {
    timeout: 60_000,
  }, async () => {
    await using workspace = await makeSurveys();
    await workspace.json('run');
    const holder = new Database(join(workspace.folder, 'data', 'crm-kpi.db'));
    holder.exec('BEGIN IMMEDIATE');
    const { code, stderr } = await workspace.run('run');
    holder.exec('ROLLBACK');
    holder.close();
    expect(code).toBe(2);
    expect(stderr).toContain('Another process is writing');
    await workspace.json('run');
  });

  it('that another job holds ends this one with 4 and says who has it', async () => {
    await using workspace = await makeSurveys();
    const path = join(workspace.folder, 'data', 'crm-kpi.db');
    await openStore(path, createZone('UTC'))[Symbol.asyncDispose]();
    const lock = acquireRunLock(path, { job: 'run', at: Date.now(), pid: process.pid });
    const { code, stdout } = await workspace.run('run', '--json');
    lock.release();
    expect(code).toBe(4);
    expect(JSON.parse(stdout).error).toMatchObject({
      kind: 'stopped',
      message: expect.stringContaining(`process ${process.pid}`),
    });
  });

  it('that is no database is named, not overwritten', async () => {
    await using workspace = await makeSurveys();
    await mkdir(join(workspace.folder, 'data'));
    await writeFile(
      join(workspace.folder, 'data', 'crm-kpi.db'),
      'these are my notes, not a database\n'.repeat(100),
    );
    const { code, stderr } = await workspace.run('run');
    expect(code).toBe(2);
    expect(stderr).toContain('no crm-kpi store');
  });
});
