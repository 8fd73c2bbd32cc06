import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeWorkspace, type TestWorkspace } from '../../acceptance/cli.ts';
import { agree, startConnect } from '../../cli/connecting.ts';
import { type OtherPortal, startOtherPortal } from './other-portal.ts';
import { giants } from './portal-company.ts';
import { app, token } from './portal-oauth.ts';
import { addRecord, type PortalRecord, recordsOf, setValues } from './portal-state.ts';

const refused = ['leads', 'campaigns', 'feedback_submissions'];
const privateApp = `{ flow: private_app, accessToken: "${token}" }`;
const signedIn = `{ flow: authorization_code, clientId: "${app.clientId}", clientSecret: "${app.clientSecret}" }`;

const settingsFor = (url: string, auth: string) => `timeZone: Asia/Kolkata
currency: INR
connections:
  crm: { connector: hubspot, baseUrl: "${url}", auth: ${auth}, publish: true, fields: { account.category: segment } }
publish: { tasks: { max: 2 } }
goals:
  - { kpi: win_rate, every: month, atLeast: 0.60, segments: [company, owner] }
  - { kpi: email_open_rate, every: month, atLeast: 0.25 }
  - { kpi: revenue_won, every: quarter, atLeast: 100000 }
`;

const tiers = [
  { tier: 'enterprise', auth: privateApp, form: 'kpi_result' },
  { tier: 'free', auth: signedIn, form: 'CRM KPI board' },
] as const;

describe.each(tiers)('another portal, $tier', { timeout: 120_000 }, ({ tier, auth, form }) => {
  let other: OtherPortal;
  let workspace: TestWorkspace;
  beforeAll(async () => {
    other = await startOtherPortal({ tier, refused }, () => Date.now());
    workspace = await makeWorkspace(settingsFor(other.url, auth));
  });
  afterAll(async () => {
    await workspace[Symbol.asyncDispose]();
    await other[Symbol.asyncDispose]();
  });

  const living = (type: string) =>
    [...recordsOf(other.portal, type).values()].filter((one) => one.archivedAt === null);
  const query = (sql: string): unknown[] => {
    const db = new Database(join(workspace.folder, 'data/crm-kpi.db'), { readonly: true });
    try {
      return db.prepare(sql).raw().all();
    } finally {
      db.close();
    }
  };
  const find = (type: string, id: string): PortalRecord => {
    const record = recordsOf(other.portal, type).get(id);
    if (!record) throw new Error(`no ${type} ${id}`);
    return record;
  };

  it.runIf(auth === signedIn)('connects an app whose newest token path is not there', async () => {
    const connecting = await startConnect(workspace.folder, ['--no-browser']);
    const page = await agree(connecting.url);
    await fetch(page);
    expect(await connecting.ended).toMatchObject({ code: 0 });
  });

  it('checks without an error, and names what is refused in each of its forms', async () => {
    const { code, stdout } = await workspace.run('check', 'crm');
    expect(code).toBe(0);
    for (const name of ['marketing_campaigns', 'feedback_submissions'])
      expect(stdout).toContain(`permission ${name}`);
    expect(stdout).toContain(form);
  });

  it('installs where definitions come back without their description, once', async () => {
    expect(await workspace.run('install', 'crm', '--yes')).toMatchObject({ code: 0 });
    const again = await workspace.run('install', 'crm', '--yes');
    expect(again).toMatchObject({ code: 0 });
    expect(again.stderr).toContain('Nothing to do.');
  });

  it('reads everything, also where ids repeat between objects, and a page for people comes in between', async () => {
    other.faults.push(({ path }) => (path.endsWith('/objects/deals') ? 'html' : null));
    other.faults.push(({ path }) => (path.endsWith('/tickets/search') ? { status: 429, body: {} } : null));
    expect(await workspace.run('run')).toMatchObject({ code: 0 });
    const kinds = query(
      'SELECT kind, count(*) FROM activity WHERE is_test = 0 AND deleted_at IS NULL GROUP BY kind ORDER BY kind',
    );
    expect(kinds).toEqual(['call', 'email', 'meeting', 'note', 'task'].map((kind) => [kind, 90]));
    expect(query('SELECT id FROM account ORDER BY id')).toEqual([...giants].sort().map((id) => [id]));
    expect(query('SELECT count(DISTINCT account_id), count(*) FROM deal')).toEqual([[2, 120]]);
    expect(query("SELECT outcome FROM deal WHERE id = '50'")).toEqual([['lost']]);
    expect(query("SELECT name FROM deal WHERE id = '7'")).toEqual([[null]]);
    const status = await workspace.json<{
      connections: { objects: { object: string; complete: unknown }[] }[];
    }>('status');
    const deals = status.connections[0]?.objects.find(({ object }) => object === 'deals');
    expect(deals?.complete).toMatchObject({ ours: 120, theirs: 120 });
  });

  it('explains a figure with the page of the record, whatever id it is stored under', async () => {
    const { facts } = await workspace.json<{ facts: { object: string; id: string; url: string }[] }>(
      ...['explain', 'win_rate', '--period', '2026', '--limit', '3'],
    );
    for (const { id, url } of facts)
      expect(url).toBe(`https://app-eu1.hubspot.com/contacts/7/record/0-3/${id}`);
  });

  it('writes results once: the answer tells neither key nor trace', async () => {
    const { stdout } = await workspace.run('publish', '--json');
    expect(JSON.parse(stdout)).toMatchObject({ publish: { written: 0, refused: 0 } });
    expect(other.portal.complaints).toEqual([]);
  });

  it('follows changes, deletions and merges of merges', async () => {
    const { portal } = other;
    setValues(portal, find('deals', '101'), {
      values: { dealstage: 'closedwon', closedate: new Date().toISOString() },
    });
    addRecord(portal, 'calls', {
      id: '91',
      values: { hs_timestamp: String(Date.now()), hs_call_status: 'COMPLETED' },
    });
    addRecord(portal, 'deals', {
      id: '121',
      values: { dealname: 'New', pipeline: 'default', dealstage: '77001' },
    });
    find('emails', '5').archivedAt = Date.now();
    find('tickets', '3').archivedAt = Date.now();
    // 21 went into 22, and 22 into 23.
    for (const [loser, winner] of [
      ['21', '22'],
      ['22', '23'],
    ] as const) {
      portal.merged.set(`contacts ${loser}`, winner);
      const merged = find('contacts', winner).values.get('hs_merged_object_ids');
      setValues(portal, find('contacts', winner), {
        values: { hs_merged_object_ids: [merged, loser].filter(Boolean).join(';') },
      });
    }
    expect(await workspace.run('sync')).toMatchObject({ code: 0 });
    expect(query('SELECT count(*) FROM activity WHERE deleted_at IS NULL AND is_test = 0')).toEqual([[450]]);
    expect(query('SELECT kind FROM activity WHERE deleted_at IS NOT NULL')).toEqual([['email']]);
    expect(query('SELECT id, merged_into FROM lead WHERE deleted_at IS NOT NULL ORDER BY id')).toEqual([
      ['21', '23'],
      ['22', '23'],
    ]);
    expect(other.portal.complaints).toEqual([]);
  });

  it('removes all that it made', async () => {
    const { code } = await workspace.run('unpublish', 'crm', '--yes');
    expect(code).toBe(0);
    expect(other.portal.schemas).toEqual([]);
    expect(
      living('tasks').filter(({ values }) => values.get('hs_task_subject')?.includes('crm-kpi')),
    ).toEqual([]);
    expect(living('notes').filter(({ values }) => values.get('hs_note_body')?.includes('crm-kpi'))).toEqual(
      [],
    );
    expect(living('companies')).toHaveLength(giants.length);
    const names = [...(other.portal.properties.get('companies')?.keys() ?? [])];
    expect(names.filter((name) => name.startsWith('crmkpi'))).toEqual([]);
  });
});
