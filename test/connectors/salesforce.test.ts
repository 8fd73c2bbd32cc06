import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SalesforceSandbox } from '../../connectors/salesforce/sandbox/index.ts';
import type { Batch, Connection, OpenContext } from '../../src/model/connector.ts';
import type { ResultChange } from '../../src/model/result.ts';
import { resultSchema } from '../../src/publish/fields.ts';
import { now, result, start } from './salesforce-company.ts';
import { openOrg } from './salesforce-org.ts';

const target = resultSchema('en');

async function readStream(
  connection: Connection,
  name: string,
  cursor: string | null = null,
): Promise<Batch[]> {
  const stream = (await connection.streams()).find((one) => one.name === name);
  if (!stream) throw new TypeError(`no stream ${name}`);
  const batches: Batch[] = [];
  for await (const batch of connection.read(stream, cursor, { signal: new AbortController().signal }))
    batches.push(batch);
  return batches;
}

function rowsOf(batches: readonly Batch[], table: string) {
  return batches.flatMap((batch) =>
    batch.tables.flatMap((group) => (group.table === table ? [...group.rows] : [])),
  );
}

async function install(connection: Connection) {
  const plan = await connection.install?.(target);
  const done = [];
  for await (const step of plan?.apply() ?? []) done.push(step);
  return { steps: plan?.steps ?? [], done };
}

async function publish(connection: Connection, changes: readonly ResultChange[]) {
  const outcomes = [];
  for await (const outcome of connection.publish?.(changes, target) ?? []) outcomes.push(outcome);
  return outcomes;
}

let sandbox: SalesforceSandbox;
beforeEach(async () => {
  sandbox = await start();
});
afterEach(() => sandbox[Symbol.asyncDispose]());

function open(context: Partial<OpenContext> = {}): Promise<Connection> {
  return openOrg(sandbox, { auth: sandbox.auth, context });
}

describe('an org', () => {
  it('is named with its time zone, and its own objects counted as read', async () => {
    const connection = await open();
    expect(await connection.account()).toMatchObject({ timeZone: 'Europe/Madrid', currency: null });
    for (const stream of (await connection.streams()).filter(({ comparable }) => comparable)) {
      const rows = rowsOf(await readStream(connection, stream.name), stream.table);
      const counted = await connection.count?.(stream);
      expect({ name: stream.name, rows: rows.length }).toEqual({ name: stream.name, rows: counted?.rows });
    }
  });

  it('is checked without an error, and told to install the target', async () => {
    const problems = [];
    for await (const check of (await open()).check()) if (!check.ok) problems.push(check);
    expect(problems.filter(({ severity }) => severity === 'error')).toEqual([]);
    expect(problems.find(({ check }) => check === 'target')?.fix).toContain('crm-kpi install sales');
  });

  it('says what a deletion, permanent or not, leaves behind', async () => {
    const connection = await open();
    const cursor = (await readStream(connection, 'Opportunity')).at(-1)?.cursor ?? null;
    const [bin = '', gone = ''] = sandbox.ids('Opportunity');
    sandbox.advance(3_600_000);
    sandbox.remove('Opportunity', bin);
    sandbox.remove('Opportunity', gone, 'delete');
    sandbox.remove('Opportunity', gone, 'purge');
    sandbox.advance(3_600_000);
    const later = await readStream(await open(), 'Opportunity', cursor);
    expect(rowsOf(later, 'deal')).toEqual([
      expect.objectContaining({ id: bin, deleted_at: expect.any(Number) }),
    ]);
    expect(later.flatMap((batch) => batch.deleted.map(({ id }) => id))).toContain(gone);
  });

  it('reads a meeting again when it has ended, although nothing stamps it', async () => {
    const starts = new Date(now + 3_600_000).toISOString();
    const ends = new Date(now + 7_200_000).toISOString();
    const id = sandbox.put('Event', {
      Subject: 'Visit',
      StartDateTime: starts,
      EndDateTime: ends,
      DurationInMinutes: 60,
    });
    const first = await readStream(await open(), 'Event');
    expect(rowsOf(first, 'activity').find((row) => row.id === id)).toMatchObject({
      status: 'open',
      done_at: null,
    });
    sandbox.advance(26 * 3_600_000);
    const later = await readStream(await open(), 'Event', first.at(-1)?.cursor ?? null);
    expect(rowsOf(later, 'activity').find((row) => row.id === id)).toMatchObject({
      status: 'done',
      done_at: now + 7_200_000,
    });
  });

  it('feeds a table from the object that the settings name, and drops what has left it', async () => {
    const entities = {
      survey_answer: {
        object: 'Case',
        where: 'CSAT__c != null',
        answered_at: 'ClosedDate',
        score: 'CSAT__c',
        scale_min: 1,
        scale_max: 5,
      },
    };
    const connection = await open({ entities });
    const first = await readStream(connection, 'Case as survey_answer');
    const [answer] = rowsOf(first, 'survey_answer');
    expect(answer).toMatchObject({ ticket_id: answer?.id, kind: 'csat', audience: 'customer', scale_max: 5 });
    sandbox.advance(3_600_000);
    sandbox.put('Case', { CSAT__c: null }, answer?.id);
    const later = await readStream(
      await open({ entities }),
      'Case as survey_answer',
      first.at(-1)?.cursor ?? null,
    );
    expect(later.flatMap((batch) => batch.deleted.map(({ id }) => id))).toEqual([answer?.id]);
  });

  it('goes on without a hidden field and names what is missing then', async () => {
    await using limited = await start({ without: ['Opportunity.Amount', 'Lead'] });
    const connection = await openOrg(limited, { auth: limited.auth });
    const [deal] = rowsOf(await readStream(connection, 'Opportunity'), 'deal');
    expect(deal).toMatchObject({ stage: expect.any(String) });
    // Left out rather than null: what was read while the field was readable stays.
    expect(deal).not.toHaveProperty('amount_minor');
    const checks = [];
    for await (const check of connection.check()) if (!check.ok) checks.push(check.check);
    expect(checks).toEqual(expect.arrayContaining(['permission Lead', 'field Opportunity.Amount']));
  });

  it('is read on after its sessions have ended', async () => {
    await using large = await start({ size: 1_000 });
    const connection = await openOrg(large, { auth: large.auth });
    const stream = (await connection.streams()).find(({ name }) => name === 'OpportunityHistory');
    const ids = new Set<string>();
    let expired = false;
    if (!stream) throw new TypeError('no stream');
    for await (const batch of connection.read(stream, null, { signal: new AbortController().signal })) {
      for (const row of rowsOf([batch], 'change')) ids.add(row.id.split(':')[0] ?? '');
      if (!expired) large.expireTokens();
      expired = true;
    }
    expect(ids.size).toBe(large.ids('OpportunityHistory').length);
  });

  it('signs in with a JWT', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'crm-kpi-'));
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    await writeFile(join(folder, 'key.pem'), privateKey.export({ type: 'pkcs8', format: 'pem' }));
    sandbox.registerPublicKey(publicKey.export({ type: 'spki', format: 'pem' }).toString());
    const user = sandbox
      .ids('User')
      .map((id) => sandbox.get('User', id))
      .find((one) => one?.IsActive === true);
    const auth = {
      flow: 'jwt_bearer',
      clientId: sandbox.auth.clientId,
      username: user?.Username,
      privateKeyFile: 'key.pem',
    };
    const connection = await openOrg(sandbox, { auth, context: { folder } });
    expect((await connection.account()).name).not.toBe('');
    await rm(folder, { recursive: true });
  });
});

describe('write-back', () => {
  it('installs once, publishes, and installs nothing the second time', async () => {
    const connection = await open();
    const first = await install(connection);
    expect(first.done).toHaveLength(first.steps.length);
    const owner = sandbox.ids('User').find((id) => sandbox.get('User', id)?.IsActive === true) ?? '';
    const keys = ['win_rate|2026-10|company|-', `win_rate|2026-10|owner:${owner}|-`];
    const outcomes = await publish(connection, [result(keys[0] ?? ''), result(keys[1] ?? '', owner)]);
    expect(outcomes.map(({ key, ok }) => [key, ok])).toEqual(keys.map((key) => [key, true]));
    const records = sandbox.ids('KPI_Result__c').map((id) => sandbox.get('KPI_Result__c', id));
    expect(records.find((record) => record?.User__c === owner)).toMatchObject({
      OwnerId: owner,
      Value__c: 0.18,
    });
    const second = await (await open()).install?.(target);
    expect(second?.steps.filter((step) => step.change !== 'none')).toEqual([]);
  }, 30_000);

  it("leaves an inactive person's result with the integration user", async () => {
    const connection = await open();
    await install(connection);
    const person = sandbox.ids('User').find((id) => sandbox.get('User', id)?.IsActive === false) ?? '';
    expect(person).not.toBe('');
    expect(await publish(connection, [result('k', person)])).toMatchObject([{ key: 'k', ok: true }]);
    const [record] = sandbox.ids('KPI_Result__c').map((id) => sandbox.get('KPI_Result__c', id));
    expect(record).toMatchObject({ User__c: person });
    expect(record?.OwnerId).not.toBe(person);
  }, 30_000);
});
