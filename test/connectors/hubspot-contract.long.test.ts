import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type HubSpotSandbox, startSandbox } from '../../connectors/hubspot/sandbox/index.ts';
import type { Fault } from '../../src/sandbox/server.ts';
import { type ConnectorHarness, skippedCases, testConnector } from '../connector-contract.ts';
import { openAt } from './hubspot-open.ts';
import { change, schema } from './hubspot-result-schema.ts';

describe('the contract of connectors', () => {
  let portal: HubSpotSandbox;
  const harness = harnessOf(() => portal);

  beforeAll(async () => {
    const now = Date.parse('2026-03-10T12:00:00Z');
    const where = { currency: 'EUR', timeZone: 'Europe/Madrid', tier: 'enterprise', without: [] };
    portal = await startSandbox({ port: 0, data: null, seed: 7, size: 40, now, ...where });
    Object.assign(portal.limits, { tenSecondly: 1e9, searchPerSecond: 1e9 });
    await using connection = await harness.open();
    for await (const _ of (await connection.install?.(schema))?.apply() ?? []);
  }, 60_000);
  afterAll(() => portal[Symbol.asyncDispose]());

  it.each(testConnector(harness).map((one) => [one.name, one]))('%s', (_, { run }) => run(), 60_000);

  it('leaves out what this sandbox cannot do', () => {
    expect(skippedCases(harness)).toEqual([
      'two records changed at the same instant are both read, though a run came between them',
    ]);
  });
});

const changeable: Readonly<Record<string, Record<string, unknown>>> = {
  deals: { dealname: 'Changed' },
  companies: { name: 'Changed' },
  tickets: { subject: 'Changed' },
  calls: { hs_call_title: 'Changed' },
  tasks: { hs_task_subject: 'Changed' },
  leads: { hs_lead_name: 'Changed' },
};

function harnessOf(get: () => HubSpotSandbox): ConnectorHarness {
  let turn = 0;
  const isPage = (path: string) => /\/objects\/\w+(\/search)?$/.test(path);
  /** Until it is taken back. */
  const inject = (matches: Fault['matches'], act: Fault['act']) => {
    const fault: Fault = { matches, times: 10_000, act };
    get().faults.push(fault);
    return () => void get().faults.splice(get().faults.indexOf(fault), 1);
  };
  return {
    open: (signal) => openAt(get(), { unpaced: true, ...(signal ? { signal } : {}) }),
    async change(stream) {
      const fields = changeable[stream];
      if (!fields) return null;
      get().advance(3_600_000);
      const ids = get().ids(stream);
      turn += 1;
      return get().put(stream, fields, ids[turn % ids.length]);
    },
    async remove(stream) {
      const [id] = changeable[stream] ? get().ids(stream) : [];
      if (id === undefined) return null;
      get().advance(3_600_000);
      get().remove(stream, id);
      return id;
    },
    failNextPage() {
      const act = { status: 503, body: '' };
      get().faults.push({ matches: ({ path }) => isPage(path), times: 2, act });
    },
    repeatPageToken: () => {
      const body = {
        total: 9_999,
        results: [{ id: '1', properties: {} }],
        paging: { next: { after: '700' } },
      };
      return inject(({ path }) => isPage(path), { status: 200, body });
    },
    async denyPermission(stream) {
      // Without leads, contacts are read in their place.
      if (!changeable[stream] || stream === 'leads') return null;
      const errors = [{ context: { requiredGranularScopes: ['crm.objects.read'] } }];
      const body = { status: 'error', category: 'MISSING_SCOPES', errors };
      const undo = inject(({ path }) => path.includes(`/objects/${stream}`), { status: 403, body });
      return async () => undo();
    },
    openRefused: () => openAt({ url: get().url, auth: { flow: 'private_app', accessToken: 'wrong' } }),
    publishing: {
      target: schema,
      changes: () => Array.from({ length: 12 }, (_, index) => change(`contract|2026-02|team:${index}|-`)),
      remoteKeys: async () =>
        get()
          .ids('kpi_result')
          .map((id) => {
            const shown = get().get('kpi_result', id) as { properties: Record<string, string> } | undefined;
            return shown?.properties.crmkpi_key ?? '';
          }),
    },
  };
}
