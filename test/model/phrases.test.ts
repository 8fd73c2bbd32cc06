import { describe, expect, it } from 'vitest';
import { explainFailure, HubspotError } from '../../connectors/hubspot/explain.ts';
import { phrases as hubspot } from '../../connectors/hubspot/spanish.ts';
import { explainFailure as explainSalesforce } from '../../connectors/salesforce/explain.ts';
import { SalesforceFailure } from '../../connectors/salesforce/failure.ts';
import { phrases as salesforce } from '../../connectors/salesforce/spanish.ts';
import { RunError } from '../../src/model/errors.ts';
import { createTranslator } from '../../src/model/phrases.ts';

describe('sentences in Spanish', () => {
  const translate = createTranslator([
    ['{} has no field {}', '{} no tiene el campo {}'],
    ['the org', 'la organización'],
    ['Run it again.', 'Ejecútelo de nuevo.'],
    ['It is late.', 'Es tarde.'],
  ]);

  it('keep what they name, and translate it where it is known', () => {
    expect(translate('Account has no field Tier__c')).toBe('Account no tiene el campo Tier__c');
    expect(translate('the org has no field Tier__c')).toBe('la organización no tiene el campo Tier__c');
  });

  it('are found one by one where several stand together', () => {
    expect(translate('It is late. Run it again.')).toBe('Es tarde. Ejecútelo de nuevo.');
  });

  it('are not guessed: a part that is not known leaves all of it as it is', () => {
    expect(translate('It is late. Nobody knows.')).toBeNull();
    expect(translate('')).toBeNull();
  });
});

describe.each([
  ['hubspot', hubspot],
  ['salesforce', salesforce],
])('the phrases of %s', (_, phrases) => {
  it('name in Spanish as much as in English', () => {
    const places = (text: string) => text.split('{}').length;
    const uneven = phrases.filter(([english, spanish]) => places(english) !== places(spanish));
    expect(uneven).toEqual([]);
  });

  it('come once each', () => {
    const english = phrases.map(([text]) => text);
    expect(new Set(english).size).toBe(english.length);
  });
});

it.each([400, 401, 403, 404, 423, 429, 477, 500])(
  'what HubSpot answers with %i has a Spanish text',
  (status) => {
    const translate = createTranslator(hubspot);
    for (const text of ['{}', '{"category":"EXPIRED_AUTHENTICATION","correlationId":"a-1"}']) {
      const error = explainFailure({ connection: 'hs', what: 'deals', status, text });
      expect(error).toBeInstanceOf(HubspotError);
      expect(translate(error.message), error.message).not.toBeNull();
      expect(translate(error.fix), error.fix).not.toBeNull();
    }
  },
);

const codes = [
  ...['INVALID_FIELD', 'INVALID_TYPE', 'MALFORMED_QUERY', 'INVALID_SESSION_ID', 'API_DISABLED_FOR_ORG'],
  ...['API_CURRENTLY_DISABLED', 'OPERATION_TOO_LARGE', 'EXCEEDED_ID_LIMIT', 'QUERY_TIMEOUT'],
  ...['TXN_SECURITY_METERING_ERROR', 'INSUFFICIENT_ACCESS', 'REQUEST_LIMIT_EXCEEDED'],
  ...['STORAGE_LIMIT_EXCEEDED', 'SOMETHING_ELSE'],
];

it.each(codes)('what Salesforce means by %s has a Spanish text', (code) => {
  const translate = createTranslator(salesforce);
  const failure = new SalesforceFailure(400, [{ code, message: "No such column 'Tier__c'", fields: [] }]);
  const error = explainSalesforce(failure, { connection: 'sf', object: 'Account' });
  if (!(error instanceof RunError)) return expect.fail('not explained');
  expect(translate(error.message), error.message).not.toBeNull();
  expect(translate(error.fix), error.fix).not.toBeNull();
});
