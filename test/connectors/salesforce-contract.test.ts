import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SalesforceSandbox } from '../../connectors/salesforce/sandbox/index.ts';
import { type ConnectorHarness, skippedCases, testConnector } from '../connector-contract.ts';
import { result, start, target } from './salesforce-company.ts';
import { openOrg } from './salesforce-org.ts';

describe('the contract of connectors', () => {
  let org: SalesforceSandbox;
  let harness: ConnectorHarness;
  beforeAll(async () => {
    org = await start({ size: 600 });
    harness = harnessOf(() => org);
    for await (const _ of (await (await harness.open()).install?.(target))?.apply() ?? []);
  }, 60_000);
  afterAll(() => org[Symbol.asyncDispose]());

  const cases = testConnector(harnessOf(() => org));
  it.each(cases.map(({ name }) => name))(
    '%s',
    (name) =>
      testConnector(harness)
        .find((one) => one.name === name)
        ?.run(),
    60_000,
  );

  it('leaves out what this sandbox cannot do', () => {
    expect(skippedCases(harness)).toEqual([]);
  });
});

const changeable: Readonly<Record<string, Record<string, unknown>>> = {
  Opportunity: { NextStep: 'Call' },
  Case: { Subject: 'Changed' },
  Account: { Name: 'Changed' },
  Lead: { Company: 'Changed' },
  Task: { Subject: 'Changed' },
  Event: { Subject: 'Changed' },
};

function harnessOf(get: () => SalesforceSandbox): ConnectorHarness {
  let turn = 0;
  const touch = (stream: string): string | null => {
    const fields = changeable[stream];
    // Salesforce refuses changes of converted leads.
    const ids = get()
      .ids(stream)
      .filter((id) => get().get(stream, id)?.IsConverted !== true);
    turn += 1;
    return fields ? get().put(stream, fields, ids[turn % ids.length]) : null;
  };
  return {
    open: (signal) => openOrg(get(), { auth: get().auth, ...(signal ? { signal } : {}) }),
    async change(stream) {
      if (changeable[stream]) get().advance(3_600_000);
      return touch(stream);
    },
    changeAtSameInstant: async (stream) => touch(stream),
    async remove(stream) {
      const [id] = changeable[stream] ? get().ids(stream) : [];
      if (id === undefined) return null;
      get().advance(3_600_000);
      get().remove(stream, id);
      return id;
    },
    failNextPage() {
      get().faults.push({
        matches: ({ path }) => /\/query(All)?(\/|$)/.test(path),
        times: 2,
        act: { status: 503, body: '' },
      });
    },
    repeatPageToken: () => repeatPages(get()),
    async denyPermission(stream) {
      const fault = {
        matches: ({ path }: { path: string }) =>
          path.endsWith('/composite') || path.endsWith(`/sobjects/${stream}/describe`),
        times: 1_000,
        act: {
          status: 404,
          body: [{ errorCode: 'NOT_FOUND', message: 'The requested resource does not exist' }],
        },
      };
      if (!changeable[stream]) return null;
      get().faults.push(fault);
      return async () => void get().faults.splice(get().faults.indexOf(fault), 1);
    },
    openRefused: () => openOrg(get(), { auth: { ...get().auth, clientSecret: 'wrong' } }),
    publishing: {
      target,
      changes: () => Array.from({ length: 12 }, (_, index) => result(`contract|2026-10|team:${index}|-`)),
      remoteKeys: async () =>
        get()
          .ids('KPI_Result__c')
          .map((id) => String(get().get('KPI_Result__c', id)?.Key__c)),
    },
  };
}

/** Every page of every query names the same next one. */
function repeatPages(org: SalesforceSandbox): () => void {
  const next = '/services/data/v66.0/query/01g5e0000000001EAA-2000';
  const fault = {
    matches: ({ path }: { path: string }) => /\/query(All)?(\/|$)/.test(path),
    times: 1_000,
    act: { status: 200, body: { totalSize: 9_999, done: false, nextRecordsUrl: next, records: [] } },
  };
  org.faults.push(fault);
  return () => void org.faults.splice(org.faults.indexOf(fault), 1);
}
