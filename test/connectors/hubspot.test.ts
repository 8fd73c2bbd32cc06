import { afterEach, describe, expect, it } from 'vitest';
import { type HubSpotSandbox, startSandbox } from '../../connectors/hubspot/sandbox/index.ts';
import { hold, openAt, readInto, rowsOf } from './hubspot-open.ts';

const hourMs = 3_600_000;
const started: HubSpotSandbox[] = [];

afterEach(async () => {
  for (const sandbox of started.splice(0)) await sandbox[Symbol.asyncDispose]();
});

async function start(
  options: { tier?: string; without?: string[]; size?: number } = {},
): Promise<HubSpotSandbox> {
  const sandbox = await startSandbox({
    port: 0,
    data: null,
    seed: 7,
    size: options.size ?? 120,
    now: Date.parse('2026-03-10T12:00:00Z'),
    currency: 'EUR',
    timeZone: 'Europe/Madrid',
    tier: options.tier ?? 'enterprise',
    without: options.without ?? [],
  });
  started.push(sandbox);
  return sandbox;
}

describe('first load', () => {
  it('holds as many deals as HubSpot counts, with company, history and page', async () => {
    const sandbox = await start();
    await using connection = await openAt(sandbox);
    const held = await readInto(connection, 'deals', hold());
    const deals = rowsOf(held, 'deal');
    const stream = (await connection.streams()).find(({ name }) => name === 'deals');
    if (!stream) throw new Error('no deals');
    expect(await connection.count?.(stream)).toEqual({ rows: deals.length });
    expect(deals).toHaveLength(sandbox.ids('deals').length);
    expect(deals.every(({ account_id }) => account_id)).toBe(true);
    expect(stream.link).toMatch(/\/contacts\/\d+\/record\/0-3\/\{id\}$/);
    const moves = rowsOf(held, 'change').filter(({ field }) => field === 'stage');
    for (const deal of deals.slice(0, 20)) {
      const own = moves.filter(({ record_id }) => record_id === deal.id);
      const last = own.sort((one, other) => (one.at ?? 0) - (other.at ?? 0)).at(-1);
      expect(last?.to_value).toBe(deal.stage);
    }
  });

  it('resumes after a crash without losing a record', async () => {
    const sandbox = await start();
    await using connection = await openAt(sandbox);
    const held = await readInto(connection, 'deals', hold(), 1);
    expect(rowsOf(held, 'deal').length).toBeLessThan(sandbox.ids('deals').length);
    await readInto(connection, 'deals', held);
    expect(rowsOf(held, 'deal')).toHaveLength(sandbox.ids('deals').length);
  });

  it('a page that fails twice arrives once', async () => {
    const sandbox = await start();
    await using connection = await openAt(sandbox);
    await connection.streams();
    sandbox.faults.push({
      matches: ({ path, query }) => path.endsWith('/objects/companies') && query.has('properties'),
      times: 2,
      act: { status: 503 },
    });
    const held = await readInto(connection, 'companies', hold());
    expect(rowsOf(held, 'account')).toHaveLength(sandbox.ids('companies').length);
  });

  it('feeds every table that a KPI reads', async () => {
    const sandbox = await start();
    await using connection = await openAt(sandbox);
    const held = hold();
    for (const { name, unavailable } of await connection.streams()) {
      expect(unavailable).toBeUndefined();
      await readInto(connection, name, { ...held, cursor: null });
    }
    const filled = [...held.tables].filter(([, rows]) => rows.size > 0).map(([table]) => table);
    expect(filled.sort()).toEqual(
      ['account', 'activity', 'actor', 'campaign', 'change', 'deal', 'email_stat', 'entry', 'lead', 'stage']
        .concat('survey_answer', 'team', 'ticket')
        .sort(),
    );
    const activities = rowsOf(held, 'activity');
    const expected = ['calls', 'emails', 'meetings', 'tasks'].flatMap((name) => [...sandbox.ids(name)]);
    expect(activities).toHaveLength(expected.length);
    expect(rowsOf(held, 'actor').some(({ active }) => active === 0)).toBe(true);
    const sent = rowsOf(held, 'email_stat').filter(({ sent_at }) => sent_at);
    expect(sent.every(({ delivered }) => delivered !== null)).toBe(true);
  });
});

describe('changes', () => {
  it('brings what changed, what was created and what was deleted', async () => {
    const sandbox = await start();
    await using connection = await openAt(sandbox);
    const held = await readInto(connection, 'companies', hold());
    const [changed = '', removed = ''] = sandbox.ids('companies');
    sandbox.put('companies', { name: 'Renamed' }, changed);
    sandbox.remove('companies', removed);
    const created = sandbox.put('companies', { name: 'New' });
    sandbox.advance(24 * hourMs);
    await readInto(connection, 'companies', held);
    const names = new Map(rowsOf(held, 'account').map(({ id, name }) => [id, name]));
    expect(names.get(changed)).toBe('Renamed');
    expect(names.get(created)).toBe('New');
    expect(held.deleted).toEqual(new Set([removed]));
  });

  it('a contact that changes is read again, by the name under which contacts keep their modification', async () => {
    const sandbox = await start({ tier: 'free' });
    await using connection = await openAt(sandbox, { objects: ['leads'] });
    const held = await readInto(connection, 'contacts', hold());
    const [id = ''] = [...(held.tables.get('lead')?.keys() ?? [])];
    sandbox.advance(24 * hourMs);
    sandbox.put('contacts', { lastname: 'Renamed' }, id);
    await readInto(connection, 'contacts', held);
    expect(rowsOf(held, 'lead').find((row) => row.id === id)?.name).toContain('Renamed');
  });

  it('a merged company names its survivor', async () => {
    const sandbox = await start();
    await using connection = await openAt(sandbox);
    const held = await readInto(connection, 'companies', hold());
    const [from = '', into = ''] = sandbox.ids('companies');
    sandbox.advance(hourMs);
    const survivor = sandbox.merge('companies', { from, into });
    await readInto(connection, 'companies', held);
    expect(held.merged.get(from)).toBe(survivor);
  });

  it('a deal that is only linked anew, which is no modification, is seen while it is open', async () => {
    const sandbox = await start();
    await using connection = await openAt(sandbox);
    const held = await readInto(connection, 'deals', hold());
    const open = rowsOf(held, 'deal').find(({ outcome }) => outcome === 'open');
    const other = sandbox.ids('companies').find((id) => id !== open?.account_id) ?? '';
    sandbox.advance(24 * hourMs);
    sandbox.link(['deals', open?.id ?? ''], ['companies', other]);
    await readInto(connection, 'deals', held);
    expect(held.tables.get('deal')?.get(open?.id ?? '')).toMatchObject({ account_id: other });
  });

  it('a restored record lives again by the weekly reading of the whole list at the latest', async () => {
    const sandbox = await start();
    await using connection = await openAt(sandbox);
    const held = await readInto(connection, 'companies', hold());
    const [id = ''] = sandbox.ids('companies');
    sandbox.remove('companies', id);
    sandbox.advance(24 * hourMs);
    await readInto(connection, 'companies', held);
    expect(held.deleted.has(id)).toBe(true);
    sandbox.restore('companies', id);
    sandbox.advance(7 * 24 * hourMs);
    await readInto(connection, 'companies', held);
    await readInto(connection, 'companies', held);
    expect(held.deleted.has(id)).toBe(false);
  });

  it('reads little when nothing changed', async () => {
    const sandbox = await start();
    await using connection = await openAt(sandbox);
    const held = await readInto(connection, 'companies', hold());
    sandbox.advance(24 * hourMs);
    const before = sandbox.requests.length;
    await readInto(connection, 'companies', held);
    expect(sandbox.requests.length - before).toBeLessThanOrEqual(5);
  });

  it('an index that lags behind, out of order and with short pages loses nothing', async () => {
    const sandbox = await start({ size: 300 });
    await using connection = await openAt(sandbox);
    const held = await readInto(connection, 'companies', hold());
    sandbox.advance(24 * hourMs);
    for (const id of sandbox.ids('companies')) sandbox.put('companies', { name: `Name ${id}` }, id);
    Object.assign(sandbox.hazards, { lagMs: 50 * 60_000, misorder: true, shortPages: true });
    await readInto(connection, 'companies', held);
    sandbox.advance(hourMs);
    await readInto(connection, 'companies', held);
    const stale = rowsOf(held, 'account').filter(({ id, name }) => name !== `Name ${id}`);
    expect(stale).toEqual([]);
  });

  it('a stage change adds one change row and leaves the others as they were', async () => {
    const sandbox = await start();
    await using connection = await openAt(sandbox);
    const held = await readInto(connection, 'deals', hold());
    const open = rowsOf(held, 'deal').find(({ outcome }) => outcome === 'open');
    const before = new Map(rowsOf(held, 'change').map((row) => [row.id, row]));
    sandbox.advance(hourMs);
    sandbox.put('deals', { dealstage: 'closedlost' }, open?.id);
    await readInto(connection, 'deals', held);
    for (const [id, row] of before) expect(held.tables.get('change')?.get(id)).toEqual(row);
    const added = rowsOf(held, 'change').filter(({ id, field }) => !before.has(id) && field === 'stage');
    expect(added).toMatchObject([{ record_id: open?.id, from_value: open?.stage, to_value: 'closedlost' }]);
    expect(held.tables.get('deal')?.get(open?.id ?? '')).toMatchObject({ outcome: 'lost' });
  });
});

describe('what an account does not have', () => {
  it('a missing scope costs its object, with the scope named', async () => {
    const sandbox = await start({ without: ['tickets'], tier: 'free' });
    await using connection = await openAt(sandbox);
    const streams = await connection.streams();
    const missing = streams.filter(({ unavailable }) => unavailable).map(({ name }) => name);
    expect(missing).toEqual([
      'pipelines/tickets',
      'goal_targets',
      'tickets',
      'marketing_campaigns',
      'feedback_submissions',
    ]);
    expect(streams.find(({ name }) => name === 'tickets')?.unavailable?.fix).toContain('tickets');
    expect(streams.find(({ table }) => table === 'lead')?.name).toBe('contacts');
    await readInto(connection, 'deals', hold());
    const calls = await readInto(connection, 'calls', hold());
    expect(rowsOf(calls, 'activity')).toHaveLength(sandbox.ids('calls').length);
  });

  it('a mapped property that is not there costs its column only, and the near name is told', async () => {
    const sandbox = await start();
    await using connection = await openAt(sandbox, {
      objects: ['deals'],
      fields: { 'account.category': 'segmnt' },
    });
    const held = hold();
    await expect(readInto(connection, 'companies', held)).rejects.toMatchObject({
      kind: 'config',
      message: expect.stringContaining('segmnt'),
      fix: expect.stringContaining('Did you mean segment?'),
    });
    expect(rowsOf(held, 'account')).toHaveLength(sandbox.ids('companies').length);
    const checks = [];
    for await (const check of connection.check()) checks.push(check);
    expect(checks).toContainEqual(
      expect.objectContaining({ check: 'field account.category', ok: false, severity: 'error' }),
    );
  });
});

describe('settings', () => {
  it('what no chosen KPI needs is not asked for', async () => {
    const sandbox = await start();
    const wanted = { deal: new Set(['stage', 'outcome', 'closed_at', 'owner_id']) };
    await using connection = await openAt(sandbox, { objects: ['deals'], wanted });
    await connection.streams();
    const before = sandbox.requests.length;
    const held = await readInto(connection, 'deals', hold());
    const asked = sandbox.requests
      .slice(before)
      .map(({ query }) => query)
      .join();
    expect(asked).not.toMatch(/dealname|amount|hs_next_step|closed_lost_reason/);
    expect(
      rowsOf(held, 'deal').every(({ name, amount_minor }) => name === null && amount_minor === null),
    ).toBe(true);
    expect(rowsOf(held, 'deal').every(({ outcome }) => outcome)).toBe(true);
    await using whole = await openAt(sandbox, { objects: ['deals'] });
    sandbox.advance(hourMs);
    await readInto(whole, 'deals', held);
    expect(rowsOf(held, 'deal').every(({ name }) => name !== null)).toBe(true);
  });

  it('fields fill canonical columns and dimensions', async () => {
    const sandbox = await start();
    const fields = {
      'account.category': 'segment',
      'deal.team': 'owner.teams.primary',
      'deal.seller': 'owner.email',
    };
    await using connection = await openAt(sandbox, { objects: ['deals'], fields });
    const accounts = rowsOf(await readInto(connection, 'companies', hold()), 'account');
    const [first] = accounts;
    expect(first?.category).toBe(
      (sandbox.get('companies', first?.id ?? '') as { properties: { segment: string } }).properties.segment,
    );
    const deals = await readInto(connection, 'deals', hold());
    const dimensions = rowsOf(deals, 'dimension');
    expect(dimensions).toHaveLength(rowsOf(deals, 'deal').length * 2);
    const [deal] = rowsOf(deals, 'deal');
    expect(deals.tables.get('dimension')?.get(`deal:${deal?.id}:seller`)).toMatchObject({
      object: 'deal',
      record_id: deal?.id,
      value: expect.stringContaining('@'),
    });
  });

  it('a table is fed from another object, with its links', async () => {
    const sandbox = await start();
    const entities = {
      survey_answer: {
        object: 'tickets',
        where: "hs_ticket_priority = 'HIGH'",
        answered_at: 'closed_date',
        scale_min: 1,
        scale_max: 5,
      },
    };
    await using connection = await openAt(sandbox, { objects: ['surveys'], entities });
    const names = (await connection.streams()).map(({ name }) => name);
    expect(names).not.toContain('feedback_submissions');
    const held = await readInto(connection, 'tickets as survey_answer', hold());
    const answers = rowsOf(held, 'survey_answer');
    expect(answers.length).toBeGreaterThan(0);
    expect(answers.length).toBeLessThan(sandbox.ids('tickets').length);
    expect(answers[0]).toMatchObject({ ticket_id: answers[0]?.id, scale_min: 1, scale_max: 5 });
    expect(answers.every(({ account_id }) => account_id)).toBe(true);
  });

  it('older records are passed over, and the count says the same', async () => {
    const sandbox = await start();
    await using connection = await openAt(sandbox, { objects: ['deals'], since: '2025-10-01' });
    const stream = (await connection.streams()).find(({ name }) => name === 'deals');
    if (!stream) throw new Error('no deals');
    const deals = rowsOf(await readInto(connection, 'deals', hold()), 'deal');
    expect(deals.length).toBeLessThan(sandbox.ids('deals').length);
    expect(await connection.count?.(stream)).toEqual({ rows: deals.length });
  });
});
