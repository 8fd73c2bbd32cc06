import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { call, openPortal, search } from './hubspot-sandbox-calls.ts';

describe('authentication', () => {
  it('takes the token that it printed, under both path families', async () => {
    const portal = await openPortal();
    for (const path of ['/crm/v3/objects/deals', '/crm/objects/2026-03/deals', '/crm/objects/2026-09/0-3']) {
      expect(await call(portal, ['GET', path])).toMatchObject({ status: 200 });
    }
    expect(portal.auth).toMatchObject({ flow: 'private_app' });
  });

  it('answers 401 with INVALID_AUTHENTICATION to no token and to one that it does not know', async () => {
    const portal = await openPortal();
    for (const token of [null, 'pat-eu1-other']) {
      const answer = await call(portal, ['GET', '/crm/v3/objects/deals'], token);
      expect(answer.status).toBe(401);
      expect(answer.body).toMatchObject({ status: 'error', category: 'INVALID_AUTHENTICATION' });
      expect(answer.body.correlationId).toBe(answer.headers.get('x-hubspot-correlation-id'));
    }
  });

  it('lets an OAuth token expire after 30 minutes, and gives a new one for the refresh token', async () => {
    const portal = await openPortal();
    const token = await refresh(portal.url, { ...portal.oauth });
    expect(token.body).toMatchObject({ token_type: 'bearer', expires_in: 1800 });
    const access = String(token.body.access_token);
    expect(await call(portal, ['GET', '/crm/v3/objects/deals'], access)).toMatchObject({ status: 200 });
    portal.advance(1_800_000 + 75_000);
    const late = await call(portal, ['GET', '/crm/v3/objects/deals'], access);
    expect(late.status).toBe(401);
    expect(late.body).toMatchObject({ category: 'EXPIRED_AUTHENTICATION' });
    expect(late.body.message).toContain('expired 75 second(s) ago');
    expect(await refresh(portal.url, { ...portal.oauth })).toMatchObject({ status: 200 });
  });

  it('tells of a spoiled OAuth token as one that expired in 1970', async () => {
    const portal = await openPortal();
    const answer = await call(portal, ['GET', '/crm/v3/objects/deals'], 'CN-sandbox-spoiled');
    expect(answer.body).toMatchObject({ context: { 'expire time': ['1970-01-01T00:00:00Z'] } });
  });

  it.each([
    ['refreshToken', 'BAD_REFRESH_TOKEN', 'invalid_grant'],
    ['clientId', 'BAD_CLIENT_ID', 'invalid_client'],
    ['clientSecret', 'BAD_CLIENT_SECRET', 'invalid_client'],
  ])('refuses a wrong %s with %s', async (name, status, error) => {
    const portal = await openPortal();
    const answer = await refresh(portal.url, { ...portal.oauth, [name]: 'wrong' });
    expect(answer).toMatchObject({ status: 400, body: { status, error } });
  });

  it('redeems a code once, for the redirect address and the verifier that it was asked with', async () => {
    const portal = await openPortal();
    const redirectUri = 'http://127.0.0.1:9/back';
    const verifier = 'a-verifier-of-some-length';
    const challenge = createHash('sha256').update(verifier).digest('base64url');
    const asked = new URLSearchParams({
      client_id: portal.oauth.clientId,
      redirect_uri: redirectUri,
      scope: 'crm.objects.deals.read',
      state: 's1',
      code_challenge: challenge,
    });
    const page = await fetch(`${portal.url}/oauth/authorize?${asked}`, { redirect: 'manual' });
    const back = new URL(page.headers.get('location') ?? '');
    expect(back.searchParams.get('state')).toBe('s1');
    const code = back.searchParams.get('code') ?? '';
    const form = {
      grant_type: 'authorization_code',
      code,
      redirect_uri: redirectUri,
      code_verifier: verifier,
      client_id: portal.oauth.clientId,
      client_secret: portal.oauth.clientSecret,
    };
    const first = await postForm(`${portal.url}/oauth/2026-09/token`, form);
    expect(first.body).toMatchObject({ scopes: ['oauth', 'crm.objects.deals.read'] });
    const again = await postForm(`${portal.url}/oauth/2026-09/token`, form);
    expect(again.body).toMatchObject({ status: 'BAD_AUTH_CODE' });
    const access = String(first.body.access_token);
    expect(await call(portal, ['GET', '/crm/v3/objects/deals'], access)).toMatchObject({ status: 200 });
    expect(await call(portal, ['GET', '/crm/v3/objects/companies'], access)).toMatchObject({ status: 403 });
  });

  it('introspects tokens, and a revoked refresh token is dead', async () => {
    const portal = await openPortal();
    const { clientId, clientSecret, refreshToken } = portal.oauth;
    const client = { client_id: clientId, client_secret: clientSecret, token: refreshToken };
    const before = await postForm(`${portal.url}/oauth/v3/token/introspect`, client);
    expect(before.body).toMatchObject({ active: true, client_id: clientId });
    await postForm(`${portal.url}/oauth/v3/token/revoke`, client);
    const after = await postForm(`${portal.url}/oauth/2026-03/token/introspect`, client);
    expect(after.body).toEqual({ active: false });
    expect(await refresh(portal.url, { ...portal.oauth })).toMatchObject({ status: 400 });
  });
});

async function refresh(url: string, oauth: Readonly<Record<string, string>>) {
  return postForm(`${url}/oauth/v1/token`, {
    grant_type: 'refresh_token',
    client_id: oauth.clientId ?? '',
    client_secret: oauth.clientSecret ?? '',
    refresh_token: oauth.refreshToken ?? '',
  });
}

async function postForm(url: string, form: Readonly<Record<string, string>>) {
  const response = await fetch(url, { method: 'POST', body: new URLSearchParams(form) });
  const text = await response.text();
  const body: Readonly<Record<string, unknown>> = text === '' ? {} : JSON.parse(text);
  return { status: response.status, body };
}

describe('scopes and tiers', () => {
  it('names the scope that is missing', async () => {
    const portal = await openPortal({ without: ['crm.objects.deals.read', 'sales-email-read'] });
    const deals = await call(portal, ['GET', '/crm/v3/objects/deals']);
    expect(deals.status).toBe(403);
    expect(deals.body).toMatchObject({
      category: 'MISSING_SCOPES',
      errors: [{ context: { requiredGranularScopes: ['crm.objects.deals.read'] } }],
    });
    const emails = await search(portal, 'emails', {});
    expect(emails.body.errors).toMatchObject([{ context: { requiredGranularScopes: ['sales-email-read'] } }]);
    expect(await call(portal, ['GET', '/crm/v3/objects/calls'])).toMatchObject({ status: 200 });
  });

  it('withholds a whole object by its name', async () => {
    const portal = await openPortal({ without: ['calls', 'owners', 'campaigns'] });
    for (const path of ['/crm/v3/objects/calls', '/crm/v3/owners', '/marketing/v3/campaigns']) {
      expect(await call(portal, ['GET', path]), path).toMatchObject({ status: 403 });
    }
    expect(await call(portal, ['GET', '/crm/v3/objects/tasks'])).toMatchObject({ status: 200 });
  });

  it('asks for the scopes of both sides of an association', async () => {
    const portal = await openPortal({ without: ['crm.objects.companies.read'] });
    const path = '/crm/v4/associations/deals/companies/batch/read';
    expect(await call(portal, ['POST', path, { inputs: [] }])).toMatchObject({ status: 403 });
  });

  it.each([
    ['free', { leads: 403, goals: 403, schemas: 403, campaigns: 403 }],
    ['starter', { leads: 403, goals: 200, schemas: 403, campaigns: 403 }],
    ['professional', { leads: 200, goals: 200, schemas: 403, campaigns: 200 }],
    ['enterprise', { leads: 200, goals: 200, schemas: 200, campaigns: 200 }],
  ])('has what the tier %s has', async (tier, expected) => {
    const portal = await openPortal({ tier });
    const status = async (path: string) => (await call(portal, ['GET', path])).status;
    expect({
      leads: await status('/crm/v3/objects/leads'),
      goals: await status('/crm/v3/objects/goal_targets'),
      schemas: await status('/crm-object-schemas/v3/schemas'),
      campaigns: await status('/marketing/v3/campaigns'),
    }).toEqual(expected);
  });

  it('lets nobody write feedback submissions', async () => {
    const portal = await openPortal();
    const answer = await call(portal, ['POST', '/crm/v3/objects/feedback_submissions', { properties: {} }]);
    expect(answer.status).toBe(400);
  });
});

describe('limits', () => {
  it('refuses the call above the ten-second limit, with its policy, and takes it later', async () => {
    const portal = await openPortal();
    portal.limits.tenSecondly = 3;
    const list = () => call(portal, ['GET', '/crm/v3/objects/deals?limit=1']);
    const first = await list();
    expect(first.headers.get('x-hubspot-ratelimit-max')).toBe('3');
    expect(first.headers.get('x-hubspot-ratelimit-remaining')).toBe('2');
    expect(first.headers.get('x-hubspot-ratelimit-interval-milliseconds')).toBe('10000');
    await list();
    await list();
    const refused = await list();
    expect(refused.status).toBe(429);
    expect(refused.body).toMatchObject({ policyName: 'TEN_SECONDLY_ROLLING', errorType: 'RATE_LIMIT' });
    portal.advance(10_001);
    expect(await list()).toMatchObject({ status: 200 });
  });

  it('limits searches by the second, without a policy and without interval headers', async () => {
    const portal = await openPortal();
    portal.limits.searchPerSecond = 2;
    await search(portal, 'deals', {});
    await search(portal, 'contacts', {});
    const refused = await search(portal, 'deals', {});
    expect(refused).toMatchObject({ status: 429, body: { category: 'RATE_LIMITS' } });
    expect(refused.body).not.toHaveProperty('policyName');
    expect(refused.headers.get('retry-after')).toBeNull();
    expect(refused.headers.get('x-hubspot-ratelimit-max')).toBeNull();
    expect(refused.headers.get('x-hubspot-ratelimit-daily')).toBe('1000000');
  });

  it('exempts searches and batches of associations from the ten-second limit', async () => {
    const portal = await openPortal();
    portal.limits.tenSecondly = 0;
    expect(await search(portal, 'deals', {})).toMatchObject({ status: 200 });
    const path = '/crm/associations/2026-09/deals/companies/batch/read';
    expect(await call(portal, ['POST', path, { inputs: [] }])).toMatchObject({ status: 200 });
  });

  it("spends the day's limit until midnight of the account", async () => {
    const portal = await openPortal();
    portal.limits.daily = 1;
    const usage = () => call(portal, ['GET', '/account-info/v3/api-usage/daily/private-apps']);
    const first = await usage();
    expect(first.body.results).toMatchObject([
      { usageLimit: 1, currentUsage: 1, resetsAt: '2026-11-20T23:00:00.000Z' },
    ]);
    expect(await usage()).toMatchObject({ status: 429, body: { policyName: 'DAILY' } });
    portal.advance(13 * 3_600_000);
    expect(await usage()).toMatchObject({ status: 200 });
  });

  it('gives Free and Starter the smaller burst', async () => {
    const { startSandbox } = await import('../../connectors/hubspot/sandbox/index.ts');
    const options = { port: 0, data: null, seed: 1, size: 5, now: Date.UTC(2026, 10, 20), currency: 'EUR' };
    await using portal = await startSandbox({ ...options, timeZone: 'UTC', tier: 'free', without: [] });
    expect(portal.limits).toEqual({ tenSecondly: 100, daily: 250_000, searchPerSecond: 5 });
  });
});

describe('addresses', () => {
  it('refuses one of more than 8,000 characters with a page', async () => {
    const portal = await openPortal();
    const answer = await call(portal, ['GET', `/crm/v3/objects/deals?properties=${'a,'.repeat(4500)}`]);
    expect(answer.status).toBe(414);
    expect(answer.body.message).toContain('<html>');
  });

  it('knows neither other paths nor other methods', async () => {
    const portal = await openPortal();
    expect(await call(portal, ['GET', '/crm/v3/nothing'])).toMatchObject({ status: 404 });
    expect(await call(portal, ['PUT', '/crm/v3/owners'])).toMatchObject({ status: 405 });
    const unknown = await call(portal, ['GET', '/crm/v3/objects/unicorns']);
    expect(unknown).toMatchObject({ status: 400, body: { category: 'VALIDATION_ERROR' } });
  });
});
