import { createHash } from 'node:crypto';
import type { SignedIn, SignIn, SignInRequest } from '../../src/model/connector.ts';
import { RunError } from '../../src/model/errors.ts';
import type { Http } from '../../src/model/http.ts';
import { formatKept } from '../../src/model/refresh.ts';
import { originOf } from './auth.ts';
import { type GroupName, groupNames, groups, objectSpecs } from './catalog.ts';
import type { HubspotSettings } from './settings.ts';
import { askToken } from './token.ts';

type BrowserAuth = Extract<HubspotSettings['auth'], { flow: 'authorization_code' }>;

/** The authorization code flow of an OAuth app (developer documentation, "Working with OAuth"). */
export function signIn(request: SignInRequest<HubspotSettings>): SignIn {
  const { auth } = request.settings;
  if (auth.flow !== 'authorization_code') throw noBrowserNeeded(request.name, auth.flow);
  return {
    url: authorizeUrl(request, auth),
    finish: (answer, tools) => finishSignIn(request, auth, { answer, ...tools }),
  };
}

/** Scopes that the app does not require are asked for as optional: HubSpot leaves out what a tier lacks. */
function authorizeUrl(request: SignInRequest<HubspotSettings>, auth: BrowserAuth): string {
  const required = auth.scopes;
  const optional = wantedScopes(request).filter((scope) => !required.includes(scope));
  const url = new URL(`${authorizeHost(request.settings.baseUrl)}/oauth/authorize`);
  const parameters = {
    client_id: auth.clientId,
    redirect_uri: request.redirectUri,
    scope: required.join(' '),
    ...(optional.length > 0 ? { optional_scope: optional.join(' ') } : {}),
    state: request.state,
    code_challenge: createHash('sha256').update(request.verifier).digest('base64url'),
    code_challenge_method: 'S256',
  };
  // Scopes are parted by %20 here; a plus sign would become part of a name.
  const query = Object.entries(parameters).map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
  url.search = query.join('&');
  return url.href;
}

/** People sign in on another host than the API's; elsewhere (a sandbox, a proxy) it is the same one. */
function authorizeHost(baseUrl: string): string {
  return /^https:\/\/api(-\w+)?\.hubapi\.com$/.test(baseUrl) ? 'https://app.hubspot.com' : baseUrl;
}

const campaignScopes = [
  'content',
  'marketing.email.read',
  'marketing.campaigns.read',
  'marketing.campaigns.revenue.read',
] as const;
const publishScopes = [
  'crm.objects.custom.read',
  'crm.objects.custom.write',
  'crm.schemas.custom.read',
  'crm.schemas.custom.write',
  'crm.objects.companies.write',
  'crm.schemas.companies.write',
  'crm.objects.contacts.write',
] as const;

function wantedScopes({ objects, publish }: SignInRequest<HubspotSettings>): readonly string[] {
  const wanted = groupNames.filter((group) => objects.includes(group));
  return [
    ...new Set([
      'crm.objects.companies.read',
      'crm.objects.contacts.read',
      'crm.objects.owners.read',
      'settings.users.teams.read',
      'settings.currencies.read',
      ...wanted.flatMap(readScopes),
      ...(wanted.includes('campaigns') ? campaignScopes : []),
      ...(publish ? publishScopes : []),
    ]),
  ];
}

function readScopes(group: GroupName): readonly string[] {
  return groups[group].map((name) => objectSpecs[name].readScope);
}

interface Returned {
  readonly answer: URLSearchParams;
  readonly http: Http;
  readonly now: number;
}

async function finishSignIn(
  request: SignInRequest<HubspotSettings>,
  auth: BrowserAuth,
  { answer, http, now }: Returned,
): Promise<SignedIn> {
  const { name: connection, settings, redirectUri, verifier } = request;
  if (answer.get('error') !== null) throw refused(connection, answer.get('error') ?? '');
  const { access, refreshToken } = await askToken(
    { connection, settings, http, now },
    {
      grant_type: 'authorization_code',
      client_id: auth.clientId,
      client_secret: auth.clientSecret,
      redirect_uri: redirectUri,
      code: answer.get('code') ?? '',
      code_verifier: verifier,
    },
  );
  if (refreshToken === null) throw noRefreshToken(connection);
  return { keep: formatKept({ origin: originOf(auth), refreshToken, access }), user: null };
}

function refused(connection: string, error: string): RunError {
  const denied = error === 'access_denied';
  const code = error.replace(/\W/g, '').slice(0, 60);
  return new RunError('auth', {
    where: `${connection} sign-in`,
    message: denied ? 'Access was denied in the browser.' : `HubSpot refused the sign-in (${code}).`,
    fix: denied
      ? `Run crm-kpi connect ${connection} again and choose Connect app; installing an app takes a super admin or the App Marketplace permission.`
      : "Compare the app's redirect URL and its required scopes (Development > your app > Auth) with auth.scopes, then connect again.",
  });
}

function noBrowserNeeded(connection: string, flow: string): RunError {
  return new RunError('config', {
    where: `${connection} auth.flow`,
    message: `is ${flow}, which signs in by itself: there is nothing to connect.`,
    fix: `Try it with crm-kpi check ${connection}; to sign in by a browser, set auth to { flow: authorization_code, clientId: ..., clientSecret: ... }.`,
  });
}

function noRefreshToken(connection: string): RunError {
  return new RunError('remote', {
    where: `${connection} sign-in`,
    message: "HubSpot's token endpoint answered without a refresh token.",
    fix: 'Check baseUrl, and that no proxy answers in place of HubSpot.',
  });
}
