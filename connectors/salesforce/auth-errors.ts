import { RunError } from '../../src/model/errors.ts';
import type { HttpAnswer } from '../../src/model/http.ts';
import { readFailure } from './failure.ts';

type Advice = readonly [message: string, fix: string];

/** Descriptions of `invalid_grant`, most telling first (Help: OAuth 2.0 Authorization Errors). */
const grantAdvice: readonly (readonly [RegExp, Advice])[] = [
  [
    /expired (access\/)?(access|refresh) token|expired access/i,
    ['the refresh token is revoked, expired or replaced', 'Sign in again: `crm-kpi connect NAME`.'],
  ],
  [
    /hasn'?t approved|not approved/i,
    [
      'the user is not approved for this app',
      "Setup > External Client App Manager > the app > Policies: set Permitted Users to admin-approved and add the user's profile or permission set.",
    ],
  ],
  [
    /audience/i,
    [
      'the audience of the JWT is wrong',
      'Set auth.audience to https://login.salesforce.com, or https://test.salesforce.com for a sandbox.',
    ],
  ],
  [
    /no client credentials user|client credentials.*(user|enabled)/i,
    [
      'the app has no user to run as',
      'Setup > External Client App Manager > the app > Policies: enable the Client Credentials Flow and name its Run As user.',
    ],
  ],
  [
    /not supported on this domain/i,
    [
      'this flow works only on the My Domain of the org',
      "Set loginUrl to the org's My Domain, as https://acme.my.salesforce.com (Setup > My Domain).",
    ],
  ],
  [
    /redirect.?uri/i,
    [
      'the app does not know the address to return to',
      'External Client App Manager > the app > Settings: add the callback URL that `crm-kpi connect NAME` prints, exactly as it stands there.',
    ],
  ],
  [
    /expired authorization code|code verifier|invalid code/i,
    [
      'the sign-in took too long or was answered twice',
      'Run `crm-kpi connect NAME` again and finish it at once.',
    ],
  ],
  [
    /assertion/i,
    [
      'the signed assertion was refused',
      'Check that the certificate in the app belongs to the private key, and the clock of this machine.',
    ],
  ],
  [
    /locked|inactive|frozen/i,
    ['the user is locked or inactive', 'Setup > Users: unlock or activate the integration user.'],
  ],
  [
    /authentication failure/i,
    [
      'Salesforce refused the user',
      'Setup > Login History names the reason: password, IP range, or a flow that the org blocks (OAuth Username-Password Flow).',
    ],
  ],
];

const codeAdvice: Readonly<Record<string, Advice>> = {
  invalid_client_id: [
    'Salesforce does not know this client id',
    'Copy the consumer key again; a new app needs about ten minutes, and a refreshed sandbox has lost its apps. loginUrl must be that of the org.',
  ],
  invalid_client: [
    'the client secret (or client id) is wrong',
    'Copy the consumer secret again from the settings of the external client app.',
  ],
  unsupported_grant_type: [
    'the app or the org does not allow this flow',
    'Enable the flow in the OAuth settings of the external client app.',
  ],
  invalid_scope: [
    'the app lacks a scope',
    'Add the scopes "Manage user data via APIs (api)" and "Perform requests at any time (refresh_token)".',
  ],
  invalid_app_access: [
    'the user may not use this app',
    "Assign the app to the user's profile or permission set (Policies > Permitted Users).",
  ],
  inactive_user: ['the user is inactive', 'Setup > Users: activate the integration user.'],
  inactive_org: ['the org is closed or locked', 'Ask Salesforce, or use another org.'],
  redirect_uri_mismatch: [
    'the app does not know the address to return to',
    'External Client App Manager > the app > Settings: add the callback URL that `crm-kpi connect NAME` prints, exactly as it stands there.',
  ],
  access_denied: [
    'access was denied in the browser',
    'Run `crm-kpi connect NAME` again and press Allow; if there is no such button, an admin must approve the app for you (Policies > Permitted Users).',
  ],
  OAUTH_APPROVAL_ERROR_GENERIC: [
    'Salesforce could not approve the app for this user',
    "Look at Setup > Login History; an admin may have to assign the app to the user's profile or permission set.",
  ],
  OAUTH_APP_BLOCKED: [
    'the app is not installed in the org',
    'An admin installs it under Setup > Connected Apps OAuth Usage, or gives the user "Approve Uninstalled Connected Apps".',
  ],
  OAUTH_EC_APP_NOT_FOUND: [
    'the external client app is not installed in this org',
    'Create or install it in this org (Setup > External Client App Manager).',
  ],
};

/** What the admin must click, from the answer to a token call. */
export function explainTokenFailure(answer: HttpAnswer, connection: string): RunError {
  const failure = readFailure(answer);
  const where = `${connection} sign-in`;
  if (failure.problems.length === 0) return explainStrangeAnswer(answer, where);
  return explainRefusal(failure, connection);
}

/** The same from what the sign-in page sent back with the browser. */
export function explainRefusal(
  failure: { readonly code: string; readonly detail: string },
  connection: string,
): RunError {
  const where = `${connection} sign-in`;
  if (failure.code === 'rate_limit_exceeded') {
    return new RunError('stopped', {
      where,
      message: 'Salesforce limits sign-ins of this user for now',
      fix: 'Wait some minutes; look for another program that signs in all the time.',
    });
  }
  const advice = grantAdvice.find(([pattern]) => pattern.test(failure.detail))?.[1];
  const [message, fix] = (failure.code === 'invalid_grant' ? advice : codeAdvice[failure.code]) ??
    advice ?? [
      `Salesforce refused the sign-in (${failure.code})`,
      'Setup > Login History names the reason; run `crm-kpi check` after the correction.',
    ];
  return new RunError('auth', { where, message, fix: fix.replace('NAME', connection) });
}

function explainStrangeAnswer(answer: HttpAnswer, where: string): RunError {
  if (answer.status >= 500 || answer.status === 429 || answer.status === 420) {
    return new RunError('remote', {
      where,
      message: `the sign-in page answered HTTP ${answer.status}`,
      fix: 'Run again later; if it stays, look at status.salesforce.com.',
    });
  }
  return new RunError('config', {
    where: where.replace('sign-in', 'loginUrl'),
    message: `no Salesforce sign-in answers there (HTTP ${answer.status})`,
    fix: "Set loginUrl to the org's My Domain, as https://acme.my.salesforce.com (Setup > My Domain).",
  });
}
