import { afterAll, describe, expect, it } from 'vitest';
import type { BulkLimits } from '../../connectors/salesforce/limits.ts';
import type { SalesforceSandbox } from '../../connectors/salesforce/sandbox/index.ts';
import type { Fault, SandboxRequest } from '../../src/sandbox/server.ts';
import { dumpStore } from '../acceptance/store-dump.ts';
import { start } from './salesforce-company.ts';
import { dayMs, openReplica, type Replica, troubles } from './salesforce-reading.ts';

/** Every kind of request that reading makes. */
const kinds: Readonly<Record<string, (request: SandboxRequest, soql: string) => boolean>> = {
  'sign-in': ({ path }) => path.endsWith('/oauth2/token'),
  versions: ({ path }) => /^\/services\/data\/?$/.test(path),
  'list of objects': ({ path }) => path.endsWith('/sobjects'),
  describe: ({ path }) => path.endsWith('/composite'),
  organization: (_, soql) => /FROM Organization/.test(soql),
  'whole object': (_, soql) => /^SELECT .* FROM OpportunityStage/.test(soql),
  'ordered query': (_, soql) => /^SELECT Id, .* FROM (Opportunity|Case|User)\b.*ORDER BY/.test(soql),
  'next page': ({ path }) => /\/query(All)?\/01g/.test(path),
  companions: (_, soql) => /FROM EmailMessage WHERE ParentId IN/.test(soql),
  'touched companions': (_, soql) => /FROM EmailMessage WHERE SystemModstamp/.test(soql),
  count: (_, soql) => /^SELECT count\(\) FROM Opportunity WHERE IsDeleted/.test(soql),
  'sum of amounts': (_, soql) => /SUM\(/.test(soql),
  'log of deletions': ({ path }) => path.includes('/Opportunity/deleted'),
  'sweep of ids': (_, soql) => /^SELECT Id FROM Account .*ORDER BY Id$/.test(soql),
  'new job': ({ path, method }) => method === 'POST' && path.endsWith('/jobs/query'),
  'poll of a job': ({ path, method }) => method === 'GET' && /\/jobs\/query\/\w+$/.test(path),
  "list of a job's sets": ({ path }) => path.endsWith('/resultPages'),
  'results of a job': ({ path }) => path.endsWith('/results'),
  'end of a job': ({ path, method }) => method === 'DELETE' && /\/jobs\/query\/\w+$/.test(path),
};

const html = { 'Content-Type': 'text/html' };
const busy = { errorCode: 'SERVER_UNAVAILABLE', message: 'try later' };
const acts: Readonly<Record<string, Fault['act'] | 'expired'>> = {
  reset: 'reset',
  truncated: 'truncate',
  'answer lost': 'after',
  '503': { status: 503, body: [busy] },
  '500 HTML': { status: 500, headers: html, body: '<html>Service not available</html>' },
  '200 HTML': { status: 200, headers: html, body: '<html>Maintenance</html>' },
  '429': { status: 429, body: [busy] },
  '420 edge page': { status: 420, headers: html, body: '<html>setting things up</html>' },
  'session expired': 'expired',
};

const bulk: BulkLimits = { fromRecords: 100, recordsPerSet: 70, setsAtOnce: 3, pollMs: 1, longestPollMs: 2 };
const combinations = Object.keys(kinds).flatMap((kind) =>
  Object.keys(acts).map((act) => [kind, act] as const),
);
const met = new Set<string>();

/** Plans one failure; returns whether it has happened. */
function plan(org: SalesforceSandbox, kind: string, act: string): () => boolean {
  const matches = kinds[kind];
  const planned = acts[act];
  if (!matches || !planned) throw new TypeError(`no ${kind} or ${act}`);
  let happened = false;
  const fault: Fault = {
    matches(request) {
      if (happened || !matches(request, request.query.get('q') ?? '')) return false;
      happened = true;
      if (planned !== 'expired') return true;
      org.expireTokens();
      return false;
    },
    times: 1,
    act: planned === 'expired' ? 'reset' : planned,
  };
  org.faults.push(fault);
  return () => {
    const index = org.faults.indexOf(fault);
    if (index >= 0) org.faults.splice(index, 1);
    if (happened) met.add(`${kind} x ${act}`);
    return happened;
  };
}

/** When a record was found gone is not the same in two runs; that it is gone, is. */
function contentOf(replica: Replica): string[] {
  return Object.entries(dumpStore(replica.temp.path)).flatMap(([table, rows]) =>
    rows.map((row) => `${table} ${row.replace(/\["deleted_at",\d+\]/, '["deleted_at",1]')}`),
  );
}

/** What people do to an org between two nights. */
function changeOrg(org: SalesforceSandbox, turn: number, how: 'vanish' | 'delete'): void {
  org.advance(dayMs);
  const deals = org.ids('Opportunity');
  org.put('Opportunity', { NextStep: `turn ${turn}` }, deals[turn % deals.length]);
  org.put('Opportunity', { Amount: 1000 + turn }, deals[(turn * 7) % deals.length]);
  const [ticket = ''] = org.ids('Case');
  const mail = { ParentId: ticket, Incoming: false, Status: '3' };
  org.put('EmailMessage', { ...mail, MessageDate: new Date(org.now()).toISOString() });
  const account = org.put('Account', { Name: `Account ${turn}` });
  const [known] = org
    .ids('Account')
    .filter((id) => /^Account \d+$/.test(String(org.get('Account', id)?.Name)));
  org.advance(dayMs);
  if (known !== undefined && known !== account)
    org.remove('Account', known, how === 'vanish' ? 'purge' : how);
  if (how === 'vanish') org.faults.push({ matches: isAccountLog, times: 4, act: emptyLog });
}

const isAccountLog = ({ path }: SandboxRequest) => path.includes('/Account/deleted');
/** Salesforce purges the log of deletions now and then. */
const emptyLog = { status: 200, body: { deletedRecords: [] } };

const settings = { objects: ['deals', 'tickets'] };

describe('after any one failure', () => {
  afterAll(() => {
    process.stdout.write(`fault matrix: ${met.size} of ${combinations.length} combinations happened\n`);
    const missed = combinations.map(([kind, act]) => `${kind} x ${act}`).filter((name) => !met.has(name));
    if (missed.length > 0) process.stdout.write(`not met: ${missed.join(', ')}\n`);
    expect(met.size).toBeGreaterThan(combinations.length * 0.9);
  });

  it.each(Object.keys(kinds))(
    'of "%s", a first run leaves the store as an undisturbed one does',
    async (kind) => {
      // Pages have up to 2,000 records.
      await using org = await start({ size: kind === 'next page' ? 600 : 40 });
      org.sizeResultSets(bulk.recordsPerSet);
      const limits = kind.includes('job') ? { bulk } : {};
      await using undisturbed = await openReplica(org, settings);
      await undisturbed.sync(limits);
      const expected = contentOf(undisturbed);
      for (const act of Object.keys(acts)) {
        await using replica = await openReplica(org, settings);
        const happened = plan(org, kind, act);
        expect([act, ...troubles(await replica.sync(limits))]).toEqual([act]);
        if (!happened()) continue;
        expect([act, ...contentOf(replica)]).toEqual([act, ...expected]);
      }
    },
  );

  it('a nightly run does, too', async () => {
    await using org = await start({ size: 40 });
    org.sizeResultSets(bulk.recordsPerSet);
    await using undisturbed = await openReplica(org, settings);
    await using replica = await openReplica(org, settings);
    await replica.sync();
    for (const [turn, [kind, act]] of combinations.entries()) {
      changeOrg(org, turn, kind === 'sweep of ids' || turn % 4 === 0 ? 'vanish' : 'delete');
      await undisturbed.sync();
      const happened = plan(org, kind, act);
      const found = troubles(await replica.sync());
      expect([kind, act, ...found]).toEqual([kind, act]);
      org.faults.splice(0);
      if (happened())
        expect([kind, act, ...contentOf(replica)]).toEqual([kind, act, ...contentOf(undisturbed)]);
    }
  });
});
