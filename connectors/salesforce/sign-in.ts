import { createHash } from 'node:crypto';
import type { SignIn, SignInRequest } from '../../src/model/connector.ts';
import { RunError } from '../../src/model/errors.ts';
import type { AuthSettings, SalesforceSettings } from './settings.ts';

export type BrowserAuth = Extract<AuthSettings, { flow: 'authorization_code' }>;

/** Web server flow with PKCE (Help: OAuth 2.0 Web Server Flow for Web App Integration). */
export function signIn(request: SignInRequest<SalesforceSettings>): SignIn {
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

function authorizeUrl(request: SignInRequest<SalesforceSettings>, auth: BrowserAuth): string {
  const url = new URL(`${request.settings.loginUrl}/services/oauth2/authorize`);
  const parameters = {
    response_type: 'code',
    client_id: auth.clientId,
    redirect_uri: request.redirectUri,
    scope: 'api refresh_token',
    state: request.state,
    code_challenge: createHash('sha256').update(request.verifier).digest('base64url'),
    code_challenge_method: 'S256',
  };
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  return url.href;
}

function noBrowserNeeded(connection: string, flow: string): RunError {
  return new RunError('config', {
    where: `${connection} auth.flow`,
    message: `is ${flow}, which signs in by itself: there is nothing to connect`,
    fix: `Try it with \`crm-kpi check ${connection}\`; to sign in by a browser, set auth to { flow: authorization_code, clientId: ... }.`,
  });
}
