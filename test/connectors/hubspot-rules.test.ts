import { describe, expect, it } from 'vitest';
import { readOutcomes } from '../../connectors/hubspot/batch-outcome.ts';
import { changeDigest, formatDigest, parseDigest } from '../../connectors/hubspot/digest.ts';
import { parseWhere } from '../../connectors/hubspot/entities.ts';
import { explainFailure } from '../../connectors/hubspot/explain.ts';
import { nearestName, planFields } from '../../connectors/hubspot/fields.ts';
import { hubspotPolicy } from '../../connectors/hubspot/limits.ts';
import { followPages } from '../../connectors/hubspot/pages.ts';
import { versionedPath } from '../../connectors/hubspot/paths.ts';
import { hubspotSettings } from '../../connectors/hubspot/settings.ts';
import { batchAnswer } from '../../connectors/hubspot/shapes.ts';
import { planWindow } from '../../connectors/hubspot/window.ts';
import type { ResultChange } from '../../src/model/result.ts';

const answer = (status: number, text = '', headers = {}) => ({ status, text, headers });

describe('windows', () => {
  it('a window is split until search can page through it, and a full millisecond is read by id', () => {
    expect(planWindow({ from: 0, to: 99 }, 0)).toEqual({ kind: 'skip' });
    expect(planWindow({ from: 0, to: 99 }, 9_000)).toEqual({ kind: 'page' });
    expect(planWindow({ from: 0, to: 99 }, 9_001)).toEqual({
      kind: 'split',
      halves: [
        { from: 0, to: 49 },
        { from: 50, to: 99 },
      ],
    });
    expect(planWindow({ from: 7, to: 7 }, 12_000)).toEqual({ kind: 'keyset' });
  });
});

describe('limits', () => {
  it('headers correct the burst and tell the daily use', () => {
    const headers = {
      'x-hubspot-ratelimit-max': '190',
      'x-hubspot-ratelimit-interval-milliseconds': '10000',
      'x-hubspot-ratelimit-remaining': '150',
      'x-hubspot-ratelimit-daily': '625000',
      'x-hubspot-ratelimit-daily-remaining': '624000',
    };
    expect(hubspotPolicy.observe(answer(200, '', headers))).toEqual({
      daily: { used: 1_000, limit: 625_000 },
      // A little longer than told: arrivals are counted, not departures.
      buckets: { general: { count: 190, ms: 10_100, remaining: 150 } },
    });
  });

  it('the search limit’s bare 429 waits a second, the ten-second one its window, the daily one stops', () => {
    const body = (policyName?: string) => JSON.stringify({ status: 'error', policyName });
    expect(hubspotPolicy.verdict(answer(429, body()), 1)).toEqual({
      kind: 'again',
      afterMs: 1_000,
      untouched: true,
    });
    expect(hubspotPolicy.verdict(answer(429, body('TEN_SECONDLY_ROLLING')), 1)).toMatchObject({
      afterMs: 10_000,
    });
    expect(hubspotPolicy.verdict(answer(429, body('DAILY')), 1).kind).toBe('stop');
  });

  it('an account that moves for hours stops the run, for seconds it is waited for', () => {
    expect(hubspotPolicy.verdict(answer(477, '', { 'retry-after': '20' }), 1)).toMatchObject({
      kind: 'again',
      afterMs: 20_000,
    });
    expect(hubspotPolicy.verdict(answer(477, '', { 'retry-after': '86400' }), 1).kind).toBe('stop');
  });

  it('search and association reads have limits of their own', () => {
    const bucket = (url: string) => hubspotPolicy.bucketOf({ method: 'POST', url });
    expect(bucket('https://api.hubapi.com/crm/v3/objects/deals/search')).toBe('search');
    expect(bucket('https://api.hubapi.com/crm/v4/associations/deals/companies/batch/read')).toBe(
      'associations',
    );
    expect(bucket('https://api.hubapi.com/crm/v3/objects/deals/batch/read')).toBe('general');
  });
});

describe('explanations', () => {
  const explain = (status: number, body: object) =>
    explainFailure({ connection: 'crm', what: 'deals', status, text: JSON.stringify(body) });

  it('a missing scope is named, with where to click', () => {
    const errors = [{ message: 'x', context: { requiredGranularScopes: ['crm.objects.deals.read'] } }];
    const error = explain(403, { category: 'MISSING_SCOPES', errors });
    expect(error).toMatchObject({ kind: 'config', where: 'crm deals' });
    expect(error.message).toContain('crm.objects.deals.read');
    expect(error.fix).toContain('Service Keys');
  });

  it('an empty or unreadable body still says who must act', () => {
    expect(explainFailure({ connection: 'crm', what: 'deals', status: 401, text: '<html>' }).kind).toBe(
      'auth',
    );
    expect(explain(503, {}).kind).toBe('remote');
  });

  it('HubSpot’s sentences, which may hold customer data, are not repeated', () => {
    const error = explain(400, { category: 'VALIDATION_ERROR', message: 'Ana Ruiz is not valid' });
    expect(error.message).not.toContain('Ana');
    expect(error.message).toContain('VALIDATION_ERROR');
  });
});

describe('settings', () => {
  const auth = { flow: 'private_app', accessToken: 't' };

  it('plain http is for loopback only', () => {
    expect(hubspotSettings.safeParse({ auth, baseUrl: 'http://api.hubapi.com' }).success).toBe(false);
    expect(hubspotSettings.parse({ auth, baseUrl: 'http://127.0.0.1:8080/' }).baseUrl).toBe(
      'http://127.0.0.1:8080',
    );
    expect(hubspotSettings.parse({ auth }).baseUrl).toBe('https://api.hubapi.com');
  });

  it('a path that HubSpot does not have is refused, a near name is suggested', () => {
    expect(() => planFields('crm', { 'deal.manager': 'Owner.Manager.Name' })).toThrow(/not a path/);
    expect(() => planFields('crm', { 'offer.x': 'y' })).toThrow(/not a table/);
    const plan = planFields('crm', {
      'deal.amount': 'acv',
      'deal.product': 'product_name',
      'account.category': 'segment',
    });
    expect(plan.get('deal')?.columns[0]?.target).toBe('amount_minor');
    expect(plan.get('deal')?.dimensions[0]?.target).toBe('product');
    expect(plan.get('account')?.columns[0]?.target).toBe('category');
    expect(nearestName('prodct_name', ['dealname', 'product_name'])).toBe('product_name');
  });

  it('conditions compare text and presence', () => {
    expect(parseWhere('x', "hs_survey_type = 'CSAT' and hs_value != null")).toEqual([
      { property: 'hs_survey_type', operator: '=', value: 'CSAT' },
      { property: 'hs_value', operator: '!=', value: null },
    ]);
    expect(() => parseWhere('x', 'hs_value > 3')).toThrow(/not understood/);
  });
});

describe('paths', () => {
  it('move to a dated version by one constant', () => {
    expect(versionedPath('/crm/v3/objects/deals/search', '2026-09')).toBe(
      '/crm/objects/2026-09/deals/search',
    );
    expect(versionedPath('/crm/v4/associations/deals/companies/batch/read', '2026-09')).toBe(
      '/crm/associations/2026-09/deals/companies/batch/read',
    );
    expect(versionedPath('/crm/v3/objects/deals', 'v3')).toBe('/crm/v3/objects/deals');
  });

  it('a page token that comes again is an error, not a loop', async () => {
    const pages = followPages({
      where: 'crm deals',
      first: undefined,
      signal: new AbortController().signal,
      fetch: async () => ({ results: [1], paging: { next: { after: '5' } } }),
    });
    const readAll = async () => {
      for await (const page of pages) expect(page.results).toEqual([1]);
    };
    await expect(readAll()).rejects.toThrow(/same page token/);
  });
});

describe('write-back', () => {
  const change = (key: string, fields: ResultChange['fields'] = {}): ResultChange => ({
    key,
    change: 'update',
    fields,
    remoteId: null,
  });

  it('each record of a batch is judged by itself, and silence is a refusal', () => {
    const parsed = batchAnswer.parse({
      results: [{ id: 1, objectWriteTraceId: 'a', properties: {} }],
      errors: [{ category: 'VALIDATION_ERROR', context: { objectWriteTraceId: ['b'] } }],
    });
    const outcomes = readOutcomes([change('a'), change('b'), change('c')], parsed);
    expect(outcomes.map(({ key, ok }) => [key, ok])).toEqual([
      ['a', true],
      ['b', false],
      ['c', false],
    ]);
    expect(outcomes[0]?.remoteId).toBe('1');
    expect(outcomes[1]?.reason).toContain('VALIDATION_ERROR');
    expect(outcomes[2]?.reason).toContain('did not confirm');
  });

  it('without trace ids records are recognised by their key', () => {
    const parsed = batchAnswer.parse({ results: [{ id: 9, properties: { crmkpi_key: 'a' } }] });
    expect(readOutcomes([change('a')], parsed)[0]).toEqual({ key: 'a', ok: true, remoteId: '9' });
  });

  it('a digest survives being written and read, and changes only the lines that changed', () => {
    const key = 'win_rate|2026-10|company|g1';
    const other = 'deals_won|2026-10|team:4|-';
    const first = changeDigest({ period: '2026-10', until: '', lines: new Map() }, [
      change(key, { explanation: 'Win rate < 20 % & falling.', period_end: '2026-11-01' }),
      change(other, { explanation: 'Deals won: 4.', period_end: '2026-11-01' }),
    ]);
    const read = parseDigest(formatDigest(first).html);
    expect(read).toEqual(first);
    const second = changeDigest(read ?? first, [{ ...change(other), change: 'delete' }]);
    expect([...second.lines]).toEqual([[key, 'Win rate < 20 % & falling.']]);
    expect(parseDigest('<p>Call back on Monday</p>')).toBeNull();
  });
});
