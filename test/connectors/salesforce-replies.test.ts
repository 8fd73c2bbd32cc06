import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SalesforceSandbox } from '../../connectors/salesforce/sandbox/index.ts';
import { start } from './salesforce-company.ts';
import { openReplica, type Replica } from './salesforce-reading.ts';

interface Ticket {
  readonly first_reply_at: number | null;
  readonly reply_count: number | null;
  readonly due_at: number | null;
  readonly deleted_at: number | null;
}

let org: SalesforceSandbox;
let replica: Replica;
const hour = 3_600_000;
const iso = (at: number) => new Date(at).toISOString();

beforeEach(async () => {
  org = await start();
  replica = await openReplica(org, { objects: ['tickets'] });
});
afterEach(async () => {
  await replica[Symbol.asyncDispose]();
  await org[Symbol.asyncDispose]();
});

function ticket(id: string): Ticket | undefined {
  return replica.temp.sql<Ticket>(`SELECT * FROM ticket WHERE id = '${id}'`)[0];
}

function seconds(at: number): number {
  return Math.floor(at / 1000) * 1000;
}

describe('first replies and due dates of cases', () => {
  it('come from outbound e-mails and milestones, for every case of the first run', async () => {
    await replica.sync();
    const mails = org.ids('EmailMessage').map((id) => org.get('EmailMessage', id) ?? {});
    const answered = new Set(
      mails.filter(({ Incoming }) => Incoming === false).map(({ ParentId }) => ParentId),
    );
    const rows = replica.temp.sql<Ticket & { id: string }>('SELECT * FROM ticket');
    expect(rows.length).toBeGreaterThan(20);
    for (const row of rows)
      expect([row.id, row.first_reply_at !== null]).toEqual([row.id, answered.has(row.id)]);
    expect(rows.filter(({ due_at }) => due_at !== null).length).toBe(org.ids('CaseMilestone').length);
  });

  it('are the earliest of e-mail and public comment, drafts and the customer’s own mails left out', async () => {
    const id = org.put('Case', { Subject: 'Help', Status: 'New' });
    await replica.sync();
    expect(ticket(id)).toMatchObject({ first_reply_at: null, reply_count: 0 });
    const created = org.now();
    const mail = { ParentId: id, Subject: 'Re' };
    org.put('EmailMessage', { ...mail, Incoming: true, Status: '0', MessageDate: iso(created + hour) });
    org.put('EmailMessage', { ...mail, Incoming: false, Status: '5', MessageDate: iso(created + hour) });
    org.put('EmailMessage', { ...mail, Incoming: false, Status: '3', MessageDate: iso(created + 3 * hour) });
    org.advance(2 * hour);
    org.put('CaseComment', { ParentId: id, IsPublished: false, CommentBody: 'for us' });
    const commented = org.now();
    org.put('CaseComment', { ParentId: id, IsPublished: true, CommentBody: 'for them' });
    org.advance(24 * hour);
    await replica.sync();
    expect(ticket(id)).toMatchObject({
      first_reply_at: seconds(commented),
      reply_count: 2,
      deleted_at: null,
    });
  });

  it('follow a reply that is deleted, though the case itself has not changed', async () => {
    const id = org.put('Case', { Subject: 'Help', Status: 'New' });
    const message = { ParentId: id, Incoming: false, Status: '3', MessageDate: iso(org.now()) };
    const reply = org.put('EmailMessage', message);
    await replica.sync();
    expect(ticket(id)?.reply_count).toBe(1);
    org.advance(24 * hour);
    org.remove('EmailMessage', reply);
    await replica.sync();
    expect(ticket(id)).toMatchObject({ first_reply_at: null, reply_count: 0 });
  });

  it('are left as they were, and the cases read all the same, where Salesforce refuses to tell', async () => {
    await replica.sync();
    const known = replica.temp.sql<{ n: number }>('SELECT count(first_reply_at) AS n FROM ticket')[0]?.n;
    org.advance(24 * hour);
    const [id = ''] = org.ids('Case');
    org.put('Case', { Subject: 'Changed' }, id);
    org.faults.push({
      matches: ({ query }) => /FROM EmailMessage/.test(query.get('q') ?? ''),
      times: 100,
      act: { status: 400, body: [{ errorCode: 'INVALID_FIELD', message: 'no such column' }] },
    });
    const report = await replica.sync();
    expect(report.streams.find(({ object }) => object === 'Case')).toMatchObject({ error: null, written: 1 });
    expect(replica.temp.sql<{ n: number }>('SELECT count(first_reply_at) AS n FROM ticket')[0]?.n).toBe(
      known,
    );
    expect(replica.events.find(({ event }) => event === 'companion.refused')).toBeDefined();
  });

  it('are named in check, and the rest is read, where the org has none of it', async () => {
    for (const name of ['EmailMessage', 'CaseComment', 'CaseMilestone']) org.hide(name);
    const report = await replica.sync();
    expect(report.errors).toEqual([]);
    expect(replica.temp.sql<Ticket>('SELECT * FROM ticket')[0]).toMatchObject({
      first_reply_at: null,
      due_at: null,
    });
  });
});
