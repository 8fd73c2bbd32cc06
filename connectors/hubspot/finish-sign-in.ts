import type { SignedIn, SignInRequest } from '../../src/model/connector.ts';
import { RunError } from '../../src/model/errors.ts';
import type { Http } from '../../src/model/http.ts';
import { formatKept } from '../../src/model/refresh.ts';
import { originOf } from './auth.ts';
import type { HubspotSettings } from './settings.ts';
import type { BrowserAuth } from './sign-in.ts';
import { askToken } from './token.ts';

interface Returned {
  readonly answer: URLSearchParams;
  readonly http: Http;
  readonly now: number;
}

/** Takes the browser's answer to the token endpoint. */
export async function finishSignIn(
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

function noRefreshToken(connection: string): RunError {
  return new RunError('remote', {
    where: `${connection} sign-in`,
    message: "HubSpot's token endpoint answered without a refresh token.",
    fix: 'Check baseUrl, and that no proxy answers in place of HubSpot.',
  });
}
