import { createHash } from 'node:crypto';
import type { SignIn, SignInRequest } from '../../src/model/connector.ts';
import { RunError } from '../../src/model/errors.ts';
import { type GroupName, groupNames, groups, objectSpecs } from './catalog.ts';
import type { HubspotSettings } from './settings.ts';

export type BrowserAuth = Extract<HubspotSettings['auth'], { flow: 'authorization_code' }>;

/** The authorization code flow of an OAuth app (developer documentation, "Working with OAuth"). */
export function signIn(request: SignInRequest<HubspotSettings>): SignIn {
  const { auth } = request.settings;
  if (auth.flow !== 'authorization_code') throw noBrowserNeeded(request.name, auth.flow);
  return {
    url: authorizeUrl(request, auth),
    finish: async (answer, tools) => {
      const { finishSignIn } = await import('./finish-sign-in.ts');
      return finishSignIn(request, auth, { answer, ...tools });
    },
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

function noBrowserNeeded(connection: string, flow: string): RunError {
  return new RunError('config', {
    where: `${connection} auth.flow`,
    message: `is ${flow}, which signs in by itself: there is nothing to connect.`,
    fix: `Try it with crm-kpi check ${connection}; to sign in by a browser, set auth to { flow: authorization_code, clientId: ..., clientSecret: ... }.`,
  });
}
