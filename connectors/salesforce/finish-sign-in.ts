import type { SignedIn, SignInRequest } from '../../src/model/connector.ts';
import { RunError } from '../../src/model/errors.ts';
import type { Http } from '../../src/model/http.ts';
import { formatKept } from '../../src/model/refresh.ts';
import { originOf } from './auth.ts';
import { explainRefusal } from './auth-errors.ts';
import type { SalesforceSettings } from './settings.ts';
import type { BrowserAuth } from './sign-in.ts';
import { askToken, type Token } from './token.ts';
import { isRecord, toText } from './values.ts';

interface Returned {
  readonly answer: URLSearchParams;
  readonly http: Http;
  readonly now: number;
}

/** Takes the browser's answer to the token endpoint. */
export async function finishSignIn(
  request: SignInRequest<SalesforceSettings>,
  auth: BrowserAuth,
  { answer, http, now }: Returned,
): Promise<SignedIn> {
  const { name: connection, settings, redirectUri, verifier } = request;
  const error = answer.get('error');
  if (error !== null) {
    const code = error.replace(/\W/g, '').slice(0, 60);
    throw explainRefusal({ code, detail: answer.get('error_description') ?? '' }, connection);
  }
  const form = {
    grant_type: 'authorization_code',
    code: answer.get('code') ?? '',
    client_id: auth.clientId,
    // A public client must not send one.
    ...(auth.clientSecret ? { client_secret: auth.clientSecret } : {}),
    redirect_uri: redirectUri,
    code_verifier: verifier,
  };
  const reply = await askToken({ connection, loginUrl: settings.loginUrl, http, now }, form);
  const { token, refreshToken } = reply;
  if (refreshToken === null) throw noRefreshToken(connection);
  const keep = formatKept({ origin: originOf(auth), refreshToken, access: token });
  return { keep, user: await nameUser(http, token) };
}

/** A courtesy to the person: where the app may not ask, nobody is named. */
async function nameUser(http: Http, token: Token): Promise<string | null> {
  const answer = await http
    .send({
      method: 'GET',
      url: `${token.instanceUrl}/services/oauth2/userinfo`,
      headers: { authorization: `Bearer ${token.accessToken}`, accept: 'application/json' },
    })
    .catch((error: unknown) => {
      if (error instanceof RunError) return null;
      throw error;
    });
  if (answer?.status !== 200) return null;
  try {
    const body: unknown = JSON.parse(answer.text);
    return isRecord(body) ? (toText(body.preferred_username) ?? toText(body.name)) : null;
  } catch {
    return null;
  }
}

function noRefreshToken(connection: string): RunError {
  return new RunError('auth', {
    where: `${connection} sign-in`,
    message: 'Salesforce gave no refresh token, so the sign-in would end within hours',
    fix: 'External Client App Manager > the app > Settings > OAuth Scopes: add "Perform requests at any time (refresh_token, offline_access)", then connect again.',
  });
}
