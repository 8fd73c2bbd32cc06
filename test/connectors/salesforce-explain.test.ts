import { describe, expect, it } from 'vitest';
import { explainTokenFailure } from '../../connectors/salesforce/auth-errors.ts';
import { explainDeploy } from '../../connectors/salesforce/deploy-errors.ts';
import { explainFailure } from '../../connectors/salesforce/explain.ts';
import { readFailure } from '../../connectors/salesforce/failure.ts';
import { audienceOf } from '../../connectors/salesforce/grants.ts';
import { salesforcePolicy } from '../../connectors/salesforce/limits.ts';
import { salesforceSettings } from '../../connectors/salesforce/settings.ts';
import { splitByKey } from '../../connectors/salesforce/write-env.ts';
import { writeMetadataXml } from '../../connectors/salesforce/xml.ts';
import { RunError } from '../../src/model/errors.ts';
import type { ResultChange } from '../../src/model/result.ts';

function answer(status: number, body: unknown, headers: Record<string, string> = {}) {
  return { status, headers, text: typeof body === 'string' ? body : JSON.stringify(body) };
}

function explain(status: number, errorCode: string, message = ''): RunError {
  const error = explainFailure(readFailure(answer(status, [{ errorCode, message }])), {
    connection: 'sales',
    object: 'Opportunity',
  });
  if (!(error instanceof RunError)) throw new TypeError('not explained');
  return error;
}

describe('what an answer asks for', () => {
  const verdict = (status: number, body: unknown, headers = {}) =>
    salesforcePolicy.verdict(answer(status, body, headers)).kind;

  it('stops at the daily limit and waits at the concurrent one', () => {
    const limit = (message: string) => [{ errorCode: 'REQUEST_LIMIT_EXCEEDED', message }];
    expect(verdict(403, limit('TotalRequests Limit exceeded.'))).toBe('stop');
    expect(verdict(403, limit('ConcurrentRequests (Concurrent API Requests) Limit exceeded.'))).toBe('again');
    expect(verdict(403, [{ errorCode: 'INSUFFICIENT_ACCESS', message: 'no' }])).toBe('done');
  });

  it('tries transient trouble again and nothing that stays', () => {
    for (const status of [420, 429, 500, 502, 503, 504]) expect(verdict(status, '')).toBe('again');
    expect(verdict(406, '')).toBe('again');
    expect(verdict(200, '<html>maintenance</html>', { 'content-type': 'text/html' })).toBe('again');
    for (const status of [200, 400, 401, 404, 405, 410, 414, 431]) expect(verdict(status, '[]')).toBe('done');
  });

  it('reads the use of the daily limit off the header', () => {
    const headers = { 'sforce-limit-info': 'api-usage=8370/15000; per-app-api-usage=17/250(appName=x)' };
    expect(salesforcePolicy.observe(answer(200, '{}', headers))).toEqual({
      daily: { used: 8370, limit: 15000 },
    });
    expect(salesforcePolicy.observe(answer(200, '{}'))).toEqual({});
  });
});

describe('who has to act', () => {
  it('names the field that a query may not read', () => {
    const message =
      "\nAmount,Secret__c FROM Opportunity\n       ^\nERROR at Row:1:Column:286\nNo such column 'Secret__c' on entity 'Opportunity'. If you are attempting to use a custom field, be sure to append the '__c'";
    const error = explain(400, 'INVALID_FIELD', message);
    expect(error).toMatchObject({ kind: 'config', where: 'sales Opportunity.Secret__c' });
    expect(error.fix).toContain('permission set');
  });

  it.each([
    [400, 'INVALID_TYPE', 'config'],
    [404, 'NOT_FOUND', 'config'],
    [401, 'INVALID_SESSION_ID', 'auth'],
    [403, 'API_DISABLED_FOR_ORG', 'auth'],
    [400, 'OPERATION_TOO_LARGE', 'config'],
    [400, 'QUERY_TIMEOUT', 'remote'],
    [503, 'SERVER_UNAVAILABLE', 'remote'],
  ])('%i %s is for kind %s', (status, code, kind) => {
    expect(explain(status, code).kind).toBe(kind);
  });

  it.each([
    ['invalid_grant', "user hasn't approved this consumer", /admin-approved/],
    ['invalid_grant', 'expired access/refresh token', /crm-kpi connect sales/],
    ['invalid_grant', 'no client credentials user enabled', /Run As/],
    ['invalid_grant', 'request not supported on this domain', /My Domain/],
    ['invalid_grant', 'authentication failure', /Login History/],
    ['invalid_client_id', 'client identifier invalid', /consumer key/],
    ['invalid_client', 'invalid client credentials', /secret/],
    ['OAUTH_APP_BLOCKED', 'blocked', /Approve Uninstalled Connected Apps/],
  ])('tells what to click at sign-in: %s, %s', (error, error_description, fix) => {
    const failure = explainTokenFailure(answer(400, { error, error_description }), 'sales');
    expect(failure.kind).toBe('auth');
    expect(failure.fix).toMatch(fix);
  });

  it('takes a page that is no sign-in for a wrong address', () => {
    expect(explainTokenFailure(answer(404, '<html></html>'), 'sales')).toMatchObject({
      kind: 'config',
      where: 'sales loginUrl',
    });
  });
});

describe('settings', () => {
  const auth = { flow: 'client_credentials', clientId: 'id', clientSecret: 'secret' };

  it('take plain http only to this machine', () => {
    const url = (loginUrl: string) => salesforceSettings.safeParse({ loginUrl, auth }).success;
    expect(url('https://acme.my.salesforce.com')).toBe(true);
    expect(url('http://127.0.0.1:8080')).toBe(true);
    expect(url('http://acme.my.salesforce.com')).toBe(false);
    expect(url('http://127.0.0.1.evil.com')).toBe(false);
  });

  it('have a version, an object name and no unknown keys', () => {
    expect(salesforceSettings.parse({ auth, apiVersion: 61 })).toMatchObject({
      apiVersion: '61.0',
      objectName: 'KPI_Result__c',
      loginUrl: 'https://login.salesforce.com',
    });
    expect(salesforceSettings.safeParse({ auth, objectNam: 'X__c' }).success).toBe(false);
  });

  it('know the audience of production, sandbox and this machine', () => {
    expect(audienceOf('https://acme.my.salesforce.com')).toBe('https://login.salesforce.com');
    expect(audienceOf('https://acme--uat.sandbox.my.salesforce.com')).toBe('https://test.salesforce.com');
    expect(audienceOf('http://127.0.0.1:1')).toBe('http://127.0.0.1:1');
  });
});

describe('what is sent', () => {
  const change = (key: string): ResultChange => ({ key, change: 'create', fields: {}, remoteId: null });

  it('never has a key twice in one request, whatever its case, and keeps the order of a key', () => {
    const chunks = splitByKey(['a', 'b', 'A', 'a'].map(change), 200);
    expect(chunks.map((chunk) => chunk.map(({ key }) => key))).toEqual([['a', 'b'], ['A'], ['a']]);
  });

  it('has 200 records a request', () => {
    const keys = Array.from({ length: 401 }, (_, index) => change(`k${index}`));
    expect(splitByKey(keys, 200).map((chunk) => chunk.length)).toEqual([200, 200, 1]);
  });

  it('orders metadata elements, fullName first, and escapes text', () => {
    const xml = writeMetadataXml('CustomObject', {
      label: 'A & <B>',
      fields: { type: 'Text', fullName: 'X__c' },
    });
    expect(xml.replace(/\s*\n\s*/g, '')).toContain(
      '<fields><fullName>X__c</fullName><type>Text</type></fields><label>A &amp; &lt;B&gt;</label>',
    );
  });
});

describe('a refused deployment', () => {
  it.each([
    ['You cannot deploy to a required field: KPI_Result__c.KPI__c', /untick "Required"/],
    ['In field: field - no CustomField named KPI_Result__c.Goal__c found', /run `crm-kpi install` again/],
    ['In field: sharedTo - no User named AllInternalUsers found', /share the folder/],
    ['Cannot find folder:KPI_Reports', /All Folders/],
    ['Must specify a non-empty label for the CustomObject', /made anew/],
    ['Invalid version specified:99.0', /apiVersion/],
    ['no ReportType named CustomEntity$KPI_Result__c found', /Allow Reports/],
    ['reached the limit on custom objects', /free one in Setup/],
    ['You have reached your dynamic dashboard limit', /Dynamic dashboards are limited/],
    ["The user license doesn't allow the permission: Read KPI_Result__c", /Salesforce API Integration/],
    ['Cannot change field type from Text to Number', /another type/],
    ['insufficient access rights on cross-reference id', /--as ADMIN/],
  ])('"%s" is explained', (problem, fix) => {
    const failures = [{ type: 'CustomObject', name: 'KPI_Result__c', problem }];
    expect(explainDeploy('sales', { done: false, status: 'Failed', failures, error: null })).toMatchObject({
      kind: 'config',
      message: expect.stringContaining(problem),
      fix: expect.stringMatching(fix),
    });
  });
});
