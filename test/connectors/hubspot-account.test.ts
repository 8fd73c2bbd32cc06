import { afterEach, describe, expect, it } from 'vitest';
import { mapRate } from '../../connectors/hubspot/exchange-rates.ts';
import { mapGoal } from '../../connectors/hubspot/map-goal.ts';
import { ratePage } from '../../connectors/hubspot/marketing-shapes.ts';
import { createOwnerBook } from '../../connectors/hubspot/owners.ts';
import { createStageBook } from '../../connectors/hubspot/pipelines.ts';
import { type HubSpotSandbox, startSandbox } from '../../connectors/hubspot/sandbox/index.ts';
import { recordShape } from '../../connectors/hubspot/shapes.ts';
import type { Check } from '../../src/model/connector.ts';
import { createZone } from '../../src/model/zone.ts';
import { hold, type Options, openAt, readInto, rowsOf } from './hubspot-open.ts';

const started: HubSpotSandbox[] = [];

afterEach(async () => {
  for (const sandbox of started.splice(0)) await sandbox[Symbol.asyncDispose]();
});

async function start(
  options: { readonly tier?: string; readonly without?: string[] } = {},
): Promise<HubSpotSandbox> {
  const sandbox = await startSandbox({
    ...{ port: 0, data: null, seed: 7, size: 40, now: Date.parse('2026-03-10T12:00:00Z') },
    ...{ currency: 'EUR', timeZone: 'Europe/Madrid' },
    ...{ tier: options.tier ?? 'enterprise', without: options.without ?? [] },
  });
  started.push(sandbox);
  return sandbox;
}

async function check(sandbox: HubSpotSandbox, options: Options = {}): Promise<readonly Check[]> {
  await using connection = await openAt(sandbox, options);
  const checks: Check[] = [];
  for await (const one of connection.check()) checks.push(one);
  return checks;
}

describe('goals', () => {
  it('sales quotas come as quotas of their people, with the days that they cover', async () => {
    const sandbox = await start();
    await using connection = await openAt(sandbox, { objects: ['deals'] });
    const held = await readInto(connection, 'goal_targets', hold());
    const rows = rowsOf(held, 'entry');
    expect(rows).toHaveLength(sandbox.ids('goal_targets').length);
    expect(rows[0]).toMatchObject({ kind: 'quota', currency: 'EUR', purpose: 'sales_quota' });
    expect(rows.every(({ amount_minor, actor_id }) => (amount_minor ?? 0) > 0 && actor_id)).toBe(true);
    expect(new Set(rows.map(({ from_on, to_on }) => `${from_on} ${to_on}`))).toEqual(
      new Set(['2026-02-01 2026-02-28', '2026-03-01 2026-03-31', '2026-04-01 2026-04-30']),
    );
  });

  const stages = createStageBook([]);
  const context = (zone: string) => ({
    ...{ zone: createZone(zone), currency: 'EUR', now: 0, owners: createOwnerBook([]) },
    ...{ dealStages: stages, ticketStages: stages, leadStages: stages, boardId: null },
  });
  const goal = (properties: object, zone = 'Europe/Madrid') =>
    mapGoal({ record: recordShape.parse({ id: '1', properties }), links: {} }, context(zone));

  it.each([
    ['last millisecond, UTC', '2026-01-01T00:00:00Z', '2026-03-31T23:59:59.999Z', 'America/New_York'],
    ['first instant of the next, UTC', '2026-01-01T00:00:00Z', '2026-04-01T00:00:00Z', 'America/New_York'],
    ['local midnight', '2025-12-31T23:00:00Z', '2026-03-31T21:59:59.999Z', 'Europe/Madrid'],
    ['local midnight of the next', '2025-12-31T23:00:00Z', '2026-03-31T22:00:00Z', 'Europe/Madrid'],
  ])('a slice ends with its own last day (%s)', (_, from, to, zone) => {
    const row = goal({ hs_start_datetime: from, hs_end_datetime: to }, zone);
    expect([row.from_on, row.to_on]).toEqual(['2026-01-01', '2026-03-31']);
  });

  it('a goal that counts something is none of money', () => {
    const row = goal({ hs_goal_type: 'calls_made', hs_target_amount: '40', hs_assignee_team_id: '5' });
    expect(row).toMatchObject({
      kind: 'goal',
      value: 40,
      amount_minor: null,
      purpose: 'calls_made',
      team_id: '5',
    });
  });

  it('without its scope the goals are missing, with the consequence', async () => {
    const sandbox = await start({ without: ['crm.objects.goals.read'] });
    await using connection = await openAt(sandbox, { objects: ['deals'] });
    const stream = (await connection.streams()).find(({ name }) => name === 'goal_targets');
    expect(stream?.unavailable?.problem).toContain('Quotas then have to come from the settings or a file.');
    await readInto(connection, 'deals', hold());
  });
});

describe('exchange rates', () => {
  const usd = { fromCurrencyCode: 'USD', toCurrencyCode: 'EUR' };

  it('each holds from its local day on', async () => {
    const sandbox = await start();
    sandbox.put('exchange_rates', { ...usd, conversionRate: 0.9, effectiveAt: '2025-12-31T23:30:00Z' }, 'a');
    sandbox.put('exchange_rates', { ...usd, conversionRate: 0.85, effectiveAt: '2026-02-01T09:00:00Z' }, 'b');
    await using connection = await openAt(sandbox, { objects: ['deals'] });
    const held = await readInto(connection, 'exchange_rates', hold());
    expect(
      rowsOf(held, 'fx_rate').map(({ id, currency, day, rate_to_base }) => [id, currency, day, rate_to_base]),
    ).toEqual([
      ['a', 'USD', '2026-01-01', 0.9],
      ['b', 'USD', '2026-02-01', 0.85],
    ]);
  });

  it('an account with one currency is not asked for any', async () => {
    const sandbox = await start({ without: ['settings.currencies.read'] });
    await using connection = await openAt(sandbox, { objects: ['deals'] });
    expect((await connection.streams()).map(({ name }) => name)).not.toContain('exchange_rates');
  });

  it('without the scope the consequence is told, and deals are read', async () => {
    const sandbox = await start({ without: ['settings.currencies.read'] });
    sandbox.put('exchange_rates', { ...usd, conversionRate: 0.9 }, 'a');
    await using connection = await openAt(sandbox, { objects: ['deals'] });
    const stream = (await connection.streams()).find(({ name }) => name === 'exchange_rates');
    expect(stream?.unavailable?.problem).toContain('need rates from another source');
  });

  it('a rate from the account’s own currency is turned round, a foreign pair left out', () => {
    const own = { zone: createZone('Europe/Madrid'), base: 'EUR' };
    const [inverse, foreign] = ratePage.parse({
      results: [
        {
          fromCurrencyCode: 'EUR',
          toCurrencyCode: 'USD',
          conversionRate: 1.25,
          effectiveAt: '2026-01-05T12:00:00Z',
        },
        {
          fromCurrencyCode: 'USD',
          toCurrencyCode: 'GBP',
          conversionRate: 0.8,
          effectiveAt: '2026-01-05T12:00:00Z',
        },
      ],
    }).results;
    expect(inverse && mapRate(inverse, own)).toMatchObject({
      currency: 'USD',
      rate_to_base: 0.8,
      id: 'USD:2026-01-05',
    });
    expect(foreign && mapRate(foreign, own)).toBeNull();
  });
});

describe('campaigns', () => {
  const reports = {
    sessions: 12,
    newContactsFirstTouch: 3,
    dealsNumber: 2,
    revenueAmount: 3400,
    spendTotal: 55.5,
  };
  const properties = { hs_name: 'Spring', hs_currency_code: 'EUR', hs_start_date: '2026-03-01' };

  it('carry what the reports and the budget say of them', async () => {
    const sandbox = await start();
    sandbox.put('campaigns', { properties, reports, influencedContacts: 7 }, 'spring');
    await using connection = await openAt(sandbox, { objects: ['campaigns'] });
    const held = await readInto(connection, 'marketing_campaigns', hold());
    expect(held.tables.get('campaign')?.get('spring')).toMatchObject({
      ...{ sessions: 12, new_contacts: 3, influenced_contacts: 7 },
      ...{ attributed_deals: 2, attributed_minor: 340_000, cost_minor: 5_550, budget_minor: null },
    });
  });

  it('one that ended long ago is asked about once a week only, and keeps its figures', async () => {
    const sandbox = await start();
    const old = { ...properties, hs_end_date: '2025-09-30' };
    sandbox.put('campaigns', { properties: old, reports }, 'old');
    await using connection = await openAt(sandbox, { objects: ['campaigns'] });
    const held = await readInto(connection, 'marketing_campaigns', hold());
    const asked = () => sandbox.requests.filter(({ path }) => path.includes('/old/')).length;
    const before = asked();
    sandbox.advance(24 * 3_600_000);
    await readInto(connection, 'marketing_campaigns', held);
    expect(asked()).toBe(before);
    expect(held.tables.get('campaign')?.get('old')).not.toHaveProperty('cost_minor');
    sandbox.advance(7 * 24 * 3_600_000);
    await readInto(connection, 'marketing_campaigns', held);
    expect(asked()).toBeGreaterThan(before);
  });

  it('without the right to revenue the rest is read', async () => {
    const sandbox = await start({ without: ['marketing.campaigns.revenue.read'] });
    sandbox.put('campaigns', { properties, reports }, 'spring');
    await using connection = await openAt(sandbox, { objects: ['campaigns'] });
    const held = await readInto(connection, 'marketing_campaigns', hold());
    const row = held.tables.get('campaign')?.get('spring');
    expect(row).toMatchObject({ sessions: 12, cost_minor: 5_550 });
    expect(row).not.toHaveProperty('attributed_minor');
    expect(
      sandbox.requests.filter(({ path }) => path.endsWith('/reports/revenue')).length,
    ).toBeLessThanOrEqual(1);
  });
});

describe('what a token was granted', () => {
  it('is asked of HubSpot for a key, and each missing scope told with what it costs', async () => {
    const sandbox = await start({ without: ['tickets', 'marketing.campaigns.revenue.read'] });
    const checks = await check(sandbox);
    expect(checks.find((one) => one.check === 'scopes')?.message).toContain('crm.objects.deals.read');
    const missing = checks.find((one) => one.check === 'scopes missing');
    expect(missing?.message).toContain('tickets (no service figures)');
    expect(missing?.message).toContain(
      'marketing.campaigns.revenue.read (no revenue that HubSpot attributes',
    );
    expect(missing?.fix).toContain('add tickets, marketing.campaigns.revenue.read under Scopes');
  });

  it('is asked for an OAuth token, too', async () => {
    const sandbox = await start();
    const { clientId, clientSecret, refreshToken } = sandbox.oauth;
    const auth = { flow: 'refresh_token', clientId, clientSecret, refreshToken };
    const checks = await check(sandbox, { settings: { auth } });
    expect(checks.find((one) => one.check === 'scopes')?.message).toContain('crm.objects.deals.read');
    expect(sandbox.requests.some(({ path }) => path.endsWith('/token/introspect'))).toBe(true);
  });

  it('where HubSpot does not say, the objects do', async () => {
    const sandbox = await start({ without: ['tickets'] });
    const act = { status: 404, body: '' };
    sandbox.faults.push({ matches: ({ path }) => path.includes('access-token-info'), times: 9, act });
    const checks = await check(sandbox);
    expect(checks.find((one) => one.check === 'scopes')).toBeUndefined();
    expect(checks.find((one) => one.check === 'scopes missing')?.fix).toContain('add tickets under Scopes');
  });

  it('a token that may read but not write is told so before anything is written', async () => {
    const sandbox = await start({ without: ['crm.objects.custom.write'] });
    const target = (await check(sandbox)).find((one) => one.check === 'target');
    expect(target).toMatchObject({ ok: false, severity: 'warning' });
    expect(target?.message).toContain('crm.objects.custom.write');
  });
});
