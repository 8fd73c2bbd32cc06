import { afterEach, describe, expect, it } from 'vitest';
import { type HubSpotSandbox, startSandbox } from '../../connectors/hubspot/sandbox/index.ts';
import { hold, openAt, readInto, rowsOf } from './hubspot-open.ts';

const hourMs = 3_600_000;
const started: HubSpotSandbox[] = [];

afterEach(async () => {
  for (const sandbox of started.splice(0)) await sandbox[Symbol.asyncDispose]();
});

async function start(options: { readonly without?: string[] } = {}): Promise<HubSpotSandbox> {
  const sandbox = await startSandbox({
    ...{ port: 0, data: null, seed: 7, size: 40, now: Date.parse('2026-03-10T12:00:00Z') },
    ...{ currency: 'EUR', timeZone: 'Europe/Madrid', tier: 'enterprise', without: options.without ?? [] },
  });
  started.push(sandbox);
  return sandbox;
}

const send = (at: string, counters: object) => ({ at, counters });
const welcome = {
  name: 'Welcome',
  type: 'AUTOMATED_EMAIL',
  state: 'AUTOMATED',
  createdAt: '2025-11-03T09:00:00Z',
  publishDate: '2025-11-03T09:00:00Z',
  sends: [
    send('2025-11-20T10:00:00Z', { sent: 10, delivered: 9, open: 4, click: 1 }),
    send('2026-01-31T23:30:00Z', { sent: 6, delivered: 6, open: 3, click: 2 }),
    send('2026-02-01T08:00:00Z', { sent: 4, delivered: 4, open: 1, click: 0 }),
    send('2026-03-02T08:00:00Z', { sent: 5, delivered: 5, open: 1, click: 0 }),
  ],
};

const days = (held: ReturnType<typeof hold>, id: string) =>
  rowsOf(held, 'email_stat')
    .filter((row) => row.id.startsWith(`${id}:`) && !held.deleted.has(row.id))
    .map(({ id: own, sent, opens_unique }) => [own.slice(id.length + 1), sent, opens_unique])
    .sort();

async function readEmails(sandbox: HubSpotSandbox, held = hold(), mail = hold()) {
  await using connection = await openAt(sandbox, { objects: ['campaigns'] });
  await readInto(connection, 'marketing_emails', mail);
  await readInto(connection, 'automated_emails', held, { sweeps: true });
  return { held, mail };
}

describe('automated e-mails', () => {
  it('count on the days on which they were sent, not on that of their publication', async () => {
    const sandbox = await start();
    const id = sandbox.put('marketing_emails', welcome);
    const { held, mail } = await readEmails(sandbox);
    expect(days(held, id)).toEqual([
      ['2025-11-20', 10, 4],
      ['2026-02-01', 10, 4],
      ['2026-03-02', 5, 1],
    ]);
    const row = mail.tables.get('email_stat')?.get(id);
    expect(row).toMatchObject({ name: 'Welcome', sent_at: null, sent: null, opens_unique: null });
    const at = rowsOf(held, 'email_stat').find((one) => one.id === `${id}:2026-02-01`)?.sent_at;
    expect(at).toBe(Date.parse('2026-01-31T23:00:00Z'));
  });

  it('regular e-mails stay one row each, at their publish date', async () => {
    const sandbox = await start();
    const { held, mail } = await readEmails(sandbox);
    expect(rowsOf(held, 'email_stat')).toEqual([]);
    const sent = rowsOf(mail, 'email_stat').filter(({ sent_at }) => sent_at !== null);
    expect(sent.length).toBeGreaterThan(0);
    expect(sandbox.requests.some(({ path }) => path.includes('histogram'))).toBe(false);
  });

  it('the e-mails are counted without the rows of their days', async () => {
    const sandbox = await start();
    sandbox.put('marketing_emails', welcome);
    await using connection = await openAt(sandbox, { objects: ['campaigns'] });
    const mail = await readInto(connection, 'marketing_emails', hold());
    const stream = (await connection.streams()).find(({ name }) => name === 'marketing_emails');
    if (!stream) throw new Error('no e-mails');
    expect(await connection.count?.(stream)).toEqual({ rows: rowsOf(mail, 'email_stat').length });
  });

  it('later sends and late opens come in, older days are not asked for again', async () => {
    const sandbox = await start();
    const id = sandbox.put('marketing_emails', welcome);
    const { held, mail } = await readEmails(sandbox);
    sandbox.advance(24 * hourMs);
    const sends = welcome.sends.map((one) =>
      one.at < '2026-03' ? one : { ...one, counters: { ...one.counters, open: 2 } },
    );
    sandbox.put(
      'marketing_emails',
      { sends: [...sends, send('2026-03-11T07:00:00Z', { sent: 3, delivered: 3 })] },
      id,
    );
    await readEmails(sandbox, held, mail);
    expect(days(held, id)).toEqual([
      ['2025-11-20', 10, 4],
      ['2026-02-01', 10, 4],
      ['2026-03-02', 5, 2],
      ['2026-03-11', 3, 0],
    ]);
    const asked = sandbox.requests.filter(({ path }) => path.includes('histogram')).at(-1);
    expect(decodeURIComponent(asked?.query ?? '')).toContain('startTimestamp=2026-02-01T');
  });

  it('those of an e-mail that is archived or gone are taken back', async () => {
    const sandbox = await start();
    const id = sandbox.put('marketing_emails', welcome);
    const other = sandbox.put('marketing_emails', welcome);
    const { held, mail } = await readEmails(sandbox);
    sandbox.put('marketing_emails', { archived: true }, id);
    await readEmails(sandbox, held, mail);
    expect(days(held, id)).toEqual([]);
    expect(days(held, other)).toHaveLength(3);
  });

  it('without statistics by day they count at their publish date, and the reason is told', async () => {
    const sandbox = await start();
    const id = sandbox.put('marketing_emails', welcome);
    const act = { status: 403, body: { status: 'error', category: 'MISSING_SCOPES' } };
    sandbox.faults.push({ matches: ({ path }) => path.includes('histogram'), times: 99, act });
    await using connection = await openAt(sandbox, { objects: ['campaigns'] });
    const mail = await readInto(connection, 'marketing_emails', hold());
    expect(mail.tables.get('email_stat')?.get(id)).toMatchObject({
      sent: 25,
      sent_at: Date.parse(welcome.publishDate),
    });
    const stream = (await connection.streams()).find(({ name }) => name === 'automated_emails');
    expect(stream?.unavailable?.problem).toContain('on the day of their publication');
  });

  it('statistics that are not those of the one e-mail are not believed', async () => {
    const sandbox = await start();
    const id = sandbox.put('marketing_emails', welcome);
    const day = { start: '2026-02-01T00:00:00Z', end: '2026-02-02T00:00:00Z' };
    const results = [{ aggregations: { counters: { sent: 9000, open: 4000 } }, interval: day }];
    const act = { status: 200, body: { total: 1, results } };
    sandbox.faults.push({ matches: ({ path }) => path.includes('histogram'), times: 99, act });
    const { held, mail } = await readEmails(sandbox);
    expect(days(held, id)).toEqual([]);
    expect(mail.tables.get('email_stat')?.get(id)).toMatchObject({ sent: 25 });
  });
});
