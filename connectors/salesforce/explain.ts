import { RunError, type RunErrorKind } from '../../src/model/errors.ts';
import { SalesforceFailure } from './failure.ts';

export interface FailurePlace {
  readonly connection: string;
  /** `Opportunity`, where the failure is about one object. */
  readonly object?: string;
}

/** The same items; a failure on the way comes out explained. */
export async function* explainingAll<T>(place: FailurePlace, items: AsyncIterable<T>): AsyncGenerator<T> {
  try {
    yield* items;
  } catch (error) {
    throw explainFailure(error, place);
  }
}

export async function explaining<T>(place: FailurePlace, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    throw explainFailure(error, place);
  }
}

interface Explanation {
  readonly kind: RunErrorKind;
  readonly message: string;
  readonly fix: string;
}

/** What went wrong, for a person, from an answer of the REST API; anything else passes unchanged. */
export function explainFailure(error: unknown, place: FailurePlace): unknown {
  if (!(error instanceof SalesforceFailure)) return error;
  const { kind, message, fix } = explain(error, place.object);
  const field = fieldOf(error);
  const what = [place.object, field].filter(Boolean).join('.');
  return new RunError(kind, { where: `${place.connection} ${what}`.trim(), message, fix }, { cause: error });
}

function explain(error: SalesforceFailure, object: string | undefined): Explanation {
  const known = byCode[error.code];
  if (known) return known(error, object ?? 'the object');
  if (error.status === 401) return sessionRefused(error);
  if (error.status === 404) return objectHidden(error, object ?? 'the address');
  if (error.status === 410) {
    return config(
      'this API version has been retired by Salesforce',
      'Remove apiVersion from the connection, or set a newer one.',
    );
  }
  if (error.status >= 300 && error.status < 400) {
    return config(
      `Salesforce sent us elsewhere (HTTP ${error.status})`,
      "Set loginUrl to the org's own My Domain address.",
    );
  }
  const told = error.problems.length > 0 ? `${error.code}: ${firstLine(error.detail)}` : 'no reason given';
  return {
    kind: 'remote',
    message: `Salesforce answered HTTP ${error.status}, ${told}`,
    fix: 'Run again later; if it stays, look at status.salesforce.com.',
  };
}

/** Says no to this user and this object, and will say so again: neither a bad session nor a bad moment. */
export function isRefusal(error: unknown): error is RunError {
  if (!(error instanceof RunError) || error.kind === 'auth' || error.kind === 'stopped') return false;
  if (error.kind === 'config') return true;
  const { cause } = error;
  return cause instanceof SalesforceFailure && [400, 403].includes(cause.status) && !byCode[cause.code];
}

const byCode: Readonly<Record<string, (error: SalesforceFailure, object: string) => Explanation>> = {
  INVALID_FIELD: (error, object) =>
    config(
      `${object} has no field ${fieldOf(error) ?? '(not named)'} that this user may read or filter by`,
      'Grant Read on the field to the integration user in a permission set, or correct its name in the settings.',
    ),
  INVALID_TYPE: objectHidden,
  MALFORMED_QUERY: (error, object) =>
    config(
      `Salesforce could not read the query on ${object}: ${firstLine(error.detail)}`,
      'Check `where` and the field names in `fields` and `entities` of this connection.',
    ),
  INVALID_SESSION_ID: sessionRefused,
  API_DISABLED_FOR_ORG: () =>
    auth(
      'the API is not enabled for this org or user',
      'Use an edition with API access, and give the user the permission "API Enabled".',
    ),
  API_CURRENTLY_DISABLED: () =>
    auth('the API is switched off for this user', 'Give the user the permission "API Enabled".'),
  OPERATION_TOO_LARGE: (_error, object) =>
    config(
      `${object} spans more than 100,000 related records, which Salesforce lets only unrestricted users read`,
      'Give the integration user the permission "View All Data", or View All Records on the object.',
    ),
  EXCEEDED_ID_LIMIT: (_error, object) => ({
    kind: 'remote',
    message: `Salesforce found more records of ${object} at once than it can name in one answer`,
    fix: 'Run again: less is asked for at a time. If it stays, run `crm-kpi sync --full`.',
  }),
  QUERY_TIMEOUT: (_error, object) => ({
    kind: 'remote',
    message: `Salesforce cancelled the query on ${object} after two minutes, more than once`,
    fix: 'Run again at a quieter hour; set `since` to read less.',
  }),
  TXN_SECURITY_METERING_ERROR: () =>
    config(
      'a transaction security policy of the org blocks the reading',
      'Give the integration user the permission "Exempt from Transaction Security".',
    ),
  INSUFFICIENT_ACCESS: (_error, object) =>
    config(`this user may not use ${object}`, 'Grant it to the integration user in a permission set.'),
  REQUEST_LIMIT_EXCEEDED: () => ({
    kind: 'stopped',
    message: 'the org is at its limit of API calls',
    fix: 'Nothing is lost: the next run goes on.',
  }),
  STORAGE_LIMIT_EXCEEDED: () =>
    config(
      'the org has no data storage left',
      'Free storage (Setup > Storage Usage), or publish fewer KPIs, segments and periods.',
    ),
};

function objectHidden(_error: SalesforceFailure, object: string): Explanation {
  return config(
    `Salesforce does not show ${object} to this user`,
    'Give the integration user Read and View All Records on the object, or leave its group out of `objects`.',
  );
}

function sessionRefused(error: SalesforceFailure): Explanation {
  if (/not valid for use with the REST API/i.test(error.detail)) {
    return auth(
      'the org demands a high-assurance session for the API',
      'Relax "High assurance session required" for API access of this user (Session Settings of the profile).',
    );
  }
  if (/not attached to Agent/i.test(error.detail)) {
    return auth(
      'the app is not attached to its agent user',
      'Use an external client app with a run-as user.',
    );
  }
  return auth(
    'Salesforce did not accept the session',
    'Check the app and the user (Setup > Login History says why), then run `crm-kpi check`; renew an accessToken given in the settings.',
  );
}

function config(message: string, fix: string): Explanation {
  return { kind: 'config', message, fix };
}

function auth(message: string, fix: string): Explanation {
  return { kind: 'auth', message, fix };
}

/** The field that a multi-line message of Salesforce speaks of. */
function fieldOf(error: SalesforceFailure): string | null {
  const match =
    /No such column '([\w.]+)'/.exec(error.detail) ?? /[Ff]ield '?([\w.]+)'? can ?not be/.exec(error.detail);
  return match?.[1] ?? error.problems[0]?.fields[0] ?? null;
}

/** Longer messages quote the query, which may hold customer data of a `where`. */
function firstLine(text: string): string {
  const lines = text.split('\n').map((line) => line.trim());
  return (lines.find((line) => line !== '') ?? '').slice(0, 200);
}
