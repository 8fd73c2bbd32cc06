import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeWorkspace, type TestWorkspace } from '../../acceptance/cli.ts';
import { agree, startConnect } from '../../cli/connecting.ts';
import { type OtherOrg, startOtherOrg } from './org.ts';
import { html, json, refusal } from './org-answer.ts';
import { activities, deals, queue, seller } from './org-company.ts';
import { addRow, changeRow, type Dialect, purgeRow } from './org-state.ts';

const settingsFor = (url: string) => `currency: CAD
connections:
  crm:
    connector: salesforce
    loginUrl: "${url}"
    auth: { flow: client_credentials, clientId: id, clientSecret: secret }
    publish: true
    fields: { account.category: acme__Segment__c }
publish: { tasks: { max: 2 } }
goals:
  - { kpi: win_rate, every: month, atLeast: 0.60, segments: [company, owner] }
  - { kpi: revenue_won, every: quarter, atLeast: 100000 }
`;

const forms: readonly (readonly [string, Partial<Dialect>])[] = [
  ['as the manuals show it', {}],
  [
    'that leaves out whatever can be left out',
    {
      sparse: true,
      pageSize: 200,
      offset: '-0330',
      limitHeader: false,
      version: 60,
      lineEnd: '\r\n',
      currencies: true,
    },
  ],
  ['with a namespace and pages of 250', { namespace: 'elsewhere', pageSize: 250, offset: '+0545' }],
];

it('ends with 2 where this user is shown nothing, and says what to do', { timeout: 60_000 }, async () => {
  const { org, ...server } = await startOtherOrg({}, () => Date.now());
  await using bare = await startOtherOrg({ hidden: new Set(org.objects.keys()) }, () => Date.now());
  await server[Symbol.asyncDispose]();
  await using workspace = await makeWorkspace(`timeZone: UTC\n${settingsFor(bare.url)}`);
  const { code, stderr } = await workspace.run('run');
  expect(code).toBe(2);
  expect(stderr).toContain('Nothing can be read here.');
  expect(await workspace.run('status')).toMatchObject({ code: 2 });
});

it('signs in by the browser, and reads on with refresh tokens that work once', {
  timeout: 60_000,
}, async () => {
  await using other = await startOtherOrg({ version: 60 }, () => Date.now());
  const direct = 'flow: client_credentials, clientId: id, clientSecret: secret';
  const settings = settingsFor(other.url).replace(direct, 'flow: authorization_code, clientId: id');
  await using workspace = await makeWorkspace(settings);
  const connecting = await startConnect(workspace.folder, ['--no-browser']);
  await fetch(await agree(connecting.url));
  expect(await connecting.ended).toMatchObject({ code: 0 });
  for (const path of [/FROM Case /, /FROM Task /])
    other.faults.push(({ query }) => {
      if (!path.test(query.get('q') ?? '')) return null;
      other.sessions.clear();
      return refusal(401, 'INVALID_SESSION_ID', 'Session expired or invalid');
    });
  expect(await workspace.run('sync')).toMatchObject({ code: 0 });
  expect(other.faults).toEqual([]);
  expect(other.seen.filter((one) => one.endsWith('/oauth2/token'))).toHaveLength(3);
});

describe.each(forms)('another org, %s', { timeout: 120_000 }, (_, dialect) => {
  let other: OtherOrg;
  let workspace: TestWorkspace;
  beforeAll(async () => {
    other = await startOtherOrg(dialect, () => Date.now());
    workspace = await makeWorkspace(settingsFor(other.url));
  });
  afterAll(async () => {
    await workspace[Symbol.asyncDispose]();
    await other[Symbol.asyncDispose]();
  });

  const rowsOf = (name: string) => [...(other.org.objects.get(name)?.rows.values() ?? [])];
  const objectName = dialect.namespace ? `${dialect.namespace}__KPI_Result__c` : 'KPI_Result__c';
  const query = (sql: string): unknown[] => {
    const db = new Database(join(workspace.folder, 'data/crm-kpi.db'), { readonly: true });
    try {
      return db.prepare(sql).raw().all();
    } finally {
      db.close();
    }
  };

  it('checks, and names each object that this org has not, with what is lost', async () => {
    const { code, stdout } = await workspace.run('check', 'crm');
    // The history of deals is part of every org: who does not see it lacks a permission.
    expect(code).toBe(2);
    expect(stdout.match(/^FAILED .*$/gm)).toEqual([
      expect.stringContaining('permission OpportunityHistory: Salesforce does not show OpportunityHistory'),
    ]);
    expect(stdout).toContain(
      'CaseMilestone: not there, or not readable for this user: cases have no due date',
    );
    expect(stdout).toContain(`API ${Math.min(66, dialect.version ?? 68)}.0`);
    expect(stdout).toContain('setting timeZone: America/St_Johns');
  });

  it('installs what this org takes, and says what it refuses', async () => {
    const { code, stderr } = await workspace.run('install', 'crm', '--yes');
    expect(code).toBe(0);
    expect(stderr).toContain('Not available for deploy for this organization');
    const again = await workspace.run('install', 'crm', '--dry-run');
    expect(again.stdout.match(/^(create|update) .*/gm)).toEqual([
      expect.stringContaining('reports in folder'),
      expect.stringContaining('reports of the records'),
    ]);
  });

  it('reads everything, whatever comes between', async () => {
    const on = (sign: RegExp, act: () => ReturnType<typeof html>) =>
      other.faults.push(({ path, query }) => (sign.test(`${path} ${query.get('q')}`) ? act() : null));
    on(/FROM Opportunity /, () => html(200));
    on(/FROM Case /, () => html(503));
    on(/FROM Lead /, () => refusal(400, 'SERVER_UNAVAILABLE'));
    on(/FROM Account /, () => refusal(403, 'REQUEST_LIMIT_EXCEEDED', 'ConcurrentRequests Limit exceeded.'));
    on(/FROM Task /, () => {
      other.sessions.clear();
      return refusal(401, 'INVALID_SESSION_ID', 'Session expired or invalid');
    });
    on(/query\/0r8/, () =>
      json(400, [{ errorCode: 'INVALID_QUERY_LOCATOR', message: 'invalid query locator' }]),
    );
    expect(await workspace.run('run')).toMatchObject({ code: 0 });
    expect(query('SELECT count(*), count(amount_minor), sum(length(name) > 100) FROM deal')).toEqual([
      [deals, deals - Math.ceil(deals / 7), 0],
    ]);
    expect(query('SELECT DISTINCT amount_minor FROM deal WHERE amount_minor IS NOT NULL')).toEqual([
      [1_500_000_000],
    ]);
    expect(query('SELECT kind, count(*) FROM activity GROUP BY kind ORDER BY kind')).toEqual([
      ['call', activities - 6],
      ['meeting', activities - 6],
    ]);
    const created = rowsOf('Opportunity').map((row) => row.get('CreatedDate'));
    expect(query('SELECT min(created_at), max(created_at) FROM deal')).toEqual([
      [Math.min(...created.map(Number)), Math.max(...created.map(Number))],
    ]);
    expect(query('SELECT DISTINCT category FROM account ORDER BY 1')).toEqual([['Big'], ['Small']]);
    expect(query('SELECT kind FROM actor ORDER BY kind, name')).toEqual([
      ['queue'],
      ['user'],
      ['user'],
      ['user'],
    ]);
    expect(query(`SELECT count(*) FROM ticket WHERE owner_id = '${queue}'`)).toEqual([[60]]);
    expect(query('SELECT DISTINCT currency FROM deal ORDER BY 1')).toEqual(
      dialect.currencies ? [['CAD'], ['USD']] : [['CAD']],
    );
    // Where one page holds all there is no locator to lose.
    expect(other.faults).toHaveLength(dialect.pageSize ? 0 : 1);
    other.faults.length = 0;
  });

  it('proves that it has all, and says what a person has to do', async () => {
    const status = await workspace.run('status', '--json');
    const { connections, needsPerson } = JSON.parse(status.stdout);
    const found = new Map(
      connections[0].objects.map((one: { object: string; complete: unknown }) => [one.object, one.complete]),
    );
    expect(found.get('Opportunity')).toMatchObject({ ours: deals, theirs: deals });
    expect(found.get('Task')).toMatchObject({ ours: activities - 6, theirs: activities - 6 });
    expect(JSON.stringify(needsPerson)).toContain('OpportunityHistory');
  });

  it('writes results once, to the person whom they speak of', async () => {
    const written = rowsOf(objectName);
    expect(written.length).toBeGreaterThan(10);
    expect(written.some((row) => row.get('OwnerId') === seller)).toBe(true);
    const { stdout } = await workspace.run('publish', '--json');
    expect(JSON.parse(stdout)).toMatchObject({ publish: { written: 0, refused: 0 } });
    expect(other.org.complaints).toEqual([]);
  });

  it('explains a figure with the page of each record', async () => {
    const { facts } = await workspace.json<{ facts: { object: string; id: string; url: string }[] }>(
      ...['explain', 'win_rate', '--period', '2026', '--limit', '3'],
    );
    expect(facts).toHaveLength(3);
    for (const { id, url } of facts)
      expect(url).toBe(`${other.url}/instance/lightning/r/Opportunity/${id}/view`);
  });

  it('follows changes, the recycle bin, merges, hard deletes told by short ids, and a lost role', async () => {
    const { org } = other;
    const [first, second] = rowsOf('Opportunity');
    const [loser, winner] = rowsOf('Account');
    const ada = org.objects.get('User')?.rows.get(seller);
    if (!first || !second || !loser || !winner || !ada) throw new Error('an empty org');
    changeRow(org, first, { Amount: 12_345_678, Name: 'Changed' });
    changeRow(org, second, { IsDeleted: true });
    changeRow(org, loser, { IsDeleted: true, MasterRecordId: winner.get('Id') ?? null });
    changeRow(org, ada, { UserRoleId: null });
    addRow(org, 'Lead', { Name: 'New', OwnerId: queue, Status: 'Open' });
    const members = org.objects.get('CampaignMember');
    const gone = [...(members?.rows.keys() ?? [])].slice(0, 3);
    for (const id of gone) if (members) purgeRow(org, members, id);
    expect(await workspace.run('sync')).toMatchObject({ code: 0 });
    const id = `'${first.get('Id')}'`;
    expect(query(`SELECT name, amount_minor FROM deal WHERE id = ${id}`)).toEqual([
      ['Changed', 1_234_567_800],
    ]);
    expect(query('SELECT id FROM deal WHERE deleted_at IS NOT NULL')).toEqual([[second.get('Id')]]);
    expect(query(`SELECT merged_into FROM account WHERE id = '${loser.get('Id')}'`)).toEqual([
      [winner.get('Id')],
    ]);
    expect(query('SELECT id FROM campaign_member WHERE deleted_at IS NOT NULL ORDER BY id')).toEqual(
      gone.sort().map((one) => [one]),
    );
    expect(query('SELECT count(*) FROM lead')).toEqual([[41]]);
    expect(
      query(`SELECT count(*) FROM team_member WHERE actor_id = '${seller}' AND valid_to IS NULL`),
    ).toEqual([[0]]);
  });

  it('removes all that it made', async () => {
    const { code } = await workspace.run('unpublish', 'crm', '--yes');
    expect(code).toBe(0);
    expect([...other.org.objects.keys()].filter((name) => name.includes('KPI'))).toEqual([]);
    expect(rowsOf('PermissionSet')).toEqual([]);
    expect(rowsOf('Task').filter((row) => row.get('IsDeleted') !== true)).toHaveLength(activities);
    expect(other.org.complaints).toEqual([]);
  });
});
