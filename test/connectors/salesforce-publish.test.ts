import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SalesforceSandbox } from '../../connectors/salesforce/sandbox/index.ts';
import type { Connection, Outcome } from '../../src/model/connector.ts';
import type { ResultChange } from '../../src/model/result.ts';
import { result, start, target } from './salesforce-company.ts';
import { openOrg } from './salesforce-org.ts';

const object = 'KPI_Result__c';
let org: SalesforceSandbox;
let connection: Connection;
beforeEach(async () => {
  org = await start();
  connection = await openOrg(org, { auth: org.auth });
  for await (const _ of (await connection.install?.(target))?.apply() ?? []);
});
afterEach(() => org[Symbol.asyncDispose]());

async function publish(changes: readonly ResultChange[]): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for await (const outcome of connection.publish?.(changes, target) ?? []) outcomes.push(outcome);
  return outcomes;
}

const many = (count: number, user: string | null = null) =>
  Array.from({ length: count }, (_, index) => result(`win_rate|2026-10|team:${index}|-`, user));
const withFields = (change: ResultChange, fields: ResultChange['fields']): ResultChange => ({
  ...change,
  fields: { ...change.fields, ...fields },
});
const records = () =>
  new Map(
    org.ids(object).map((id) => {
      const record = org.get(object, id) ?? {};
      return [String(record.Key__c), record];
    }),
  );
const callsTo = (pattern: RegExp) => org.requests.filter(({ path }) => pattern.test(path));
const refused = (outcomes: readonly Outcome[]) => outcomes.filter(({ ok }) => !ok);

describe('large sets', () => {
  it('go by one job, each row with its outcome, each text as it was', async () => {
    const text = 'Nine of fifty;\nthat is "18 %", and\r\nless.';
    const changes = many(2_001).map((change, index) =>
      index === 7 ? withFields(change, { explanation: text, kpi: 'NA' }) : change,
    );
    const outcomes = await publish(changes);
    expect(outcomes).toHaveLength(2_001);
    expect(new Set(outcomes.map(({ key }) => key)).size).toBe(2_001);
    expect(refused(outcomes)).toEqual([]);
    expect(outcomes.every(({ remoteId }) => remoteId?.length === 18)).toBe(true);
    expect(callsTo(/composite\/sobjects/)).toEqual([]);
    const written = records();
    expect(written.get('win_rate|2026-10|team:7|-')).toMatchObject({
      Explanation__c: text.replace('\r\n', '\n'),
      KPI__c: 'NA',
      Value__c: 0.18,
    });
    expect(callsTo(/jobs\/ingest/).filter(({ method }) => method === 'DELETE')).toHaveLength(1);

    const cleared = changes.map((change) => withFields(change, { value: null, current: false }));
    expect(refused(await publish(cleared))).toEqual([]);
    expect(records().size).toBe(2_001);
    expect(records().get('win_rate|2026-10|team:7|-')).toMatchObject({ Value__c: null, Current__c: false });
  });

  it('settle rows that the job refused: data by reason, an inactive owner without', async () => {
    const inactive = org.ids('User').find((id) => org.get('User', id)?.IsActive === false);
    const person = inactive ?? org.ids('User')[0] ?? '';
    org.put('User', { IsActive: false }, person);
    const changes = many(2_001);
    changes[0] = result('win_rate|2026-10|owner:x|-', person);
    changes[1] = withFields(changes[1] ?? result('b'), { status: 'nonsense' });
    const outcomes = await publish(changes);
    expect(refused(outcomes)).toEqual([
      expect.objectContaining({
        key: changes[1]?.key,
        reason: expect.stringContaining('INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST'),
      }),
    ]);
    expect(outcomes).toHaveLength(2_001);
    const record = records().get('win_rate|2026-10|owner:x|-');
    expect(record).toMatchObject({ User__c: person });
    expect(record?.OwnerId).not.toBe(person);
  });

  it('go by calls of 200 where the org takes no job, or the job fails', async () => {
    const refusal = {
      status: 400,
      body: [{ errorCode: 'FeatureNotEnabled', message: 'Async API not enabled' }],
    };
    org.faults.push({
      matches: ({ method, path }) => method === 'POST' && path.endsWith('/jobs/ingest'),
      times: 1,
      act: refusal,
    });
    expect(refused(await publish(many(2_001)))).toEqual([]);
    expect(callsTo(/composite\/sobjects/)).toHaveLength(11);
    org.faults.push({
      matches: ({ method, path }) => method === 'GET' && /\/jobs\/ingest\/\w+$/.test(path),
      times: 1,
      act: { status: 200, body: { state: 'Failed', errorMessage: 'InternalServerError' } },
    });
    expect(refused(await publish(many(2_001)))).toEqual([]);
    expect(records().size).toBe(2_001);
  });

  it('say once what is wrong with the set-up', async () => {
    const results = 'sf__Id,sf__Error,Key__c\n';
    const line = (index: number) =>
      `"","CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY:flow failed:--","win_rate|2026-10|team:${index}|-"\n`;
    org.faults.push(
      {
        matches: ({ path }) => path.endsWith('/successfulResults'),
        times: 1,
        act: { status: 200, body: results },
      },
      {
        matches: ({ path }) => path.endsWith('/failedResults'),
        times: 1,
        act: {
          status: 200,
          body: results + Array.from({ length: 2_001 }, (_, index) => line(index)).join(''),
        },
      },
    );
    await expect(publish(many(2_001))).rejects.toMatchObject({
      kind: 'config',
      message: expect.stringContaining('CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY'),
    });
  });
});

describe('storage', () => {
  function leave(megabytes: number) {
    org.faults.push({
      matches: ({ path }) => path.endsWith('/limits'),
      times: 1,
      act: { status: 200, body: { DataStorageMB: { Max: 5, Remaining: megabytes } } },
    });
  }

  it('that does not suffice is told before anything is written', async () => {
    leave(1);
    await expect(publish(many(600))).rejects.toMatchObject({
      kind: 'config',
      message: expect.stringContaining('600 new records take 2 MB, and the org has 1 MB'),
    });
    expect(org.ids(object)).toEqual([]);
  });

  it('is not asked of records that stand there already', async () => {
    await publish(many(600));
    leave(0);
    expect(refused(await publish(many(600)))).toEqual([]);
  });

  it('that runs out on the way stops the rest', async () => {
    org.faults.push({
      matches: ({ path }) => path.includes('/composite/sobjects'),
      times: 1,
      act: {
        status: 200,
        body: many(200).map(() => ({
          success: false,
          errors: [{ statusCode: 'STORAGE_LIMIT_EXCEEDED', message: '' }],
        })),
      },
    });
    await expect(publish(many(400))).rejects.toMatchObject({
      kind: 'config',
      fix: expect.stringContaining('Storage'),
    });
  });
});

describe('single records', () => {
  it('whose values Salesforce cannot read do not spoil the others of their request', async () => {
    const changes = many(20);
    changes[13] = withFields(changes[13] ?? result('n'), { value: 'many' });
    const outcomes = await publish(changes);
    expect(refused(outcomes).map(({ key }) => key)).toEqual([changes[13].key]);
    expect(records().size).toBe(19);
  });

  it('that stay locked are tried in ever smaller groups, then told', async () => {
    const locked = { success: false, errors: [{ statusCode: 'UNABLE_TO_LOCK_ROW', message: 'locked' }] };
    const sizes: number[] = [];
    for (let attempt = 0; attempt < 2; attempt += 1) {
      org.faults.push({
        matches: ({ path, body }) => {
          if (!path.includes('/composite/sobjects')) return false;
          sizes.push(JSON.parse(body.toString('utf8')).records.length);
          return true;
        },
        times: 1,
        act: { status: 200, body: many(60).map(() => locked) },
      });
    }
    expect(refused(await publish(many(60)))).toEqual([]);
    expect(sizes).toEqual([60, 50]);
    expect(records().size).toBe(60);
  });
});

it('a job whose answers are lost leaves each result once', { timeout: 30_000 }, async () => {
  const steps = [
    ['POST', /\/jobs\/ingest$/],
    ['PUT', /\/batches$/],
    ['PATCH', /\/jobs\/ingest\/\w+$/],
    ['GET', /\/jobs\/ingest\/\w+$/],
    ['GET', /successfulResults$/],
    ['GET', /failedResults$/],
    ['DELETE', /\/jobs\/ingest\/\w+$/],
  ] as const;
  for (const [method, path] of steps) {
    org.faults.push({
      matches: (request) => request.method === method && path.test(request.path),
      times: 1,
      act: 'after',
    });
  }
  const outcomes = await publish(many(2_001));
  expect(org.faults).toEqual([]);
  expect(outcomes).toHaveLength(2_001);
  expect(refused(outcomes)).toEqual([]);
  expect(records().size).toBe(2_001);
});
