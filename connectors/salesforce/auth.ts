import type { OpenContext } from '../../src/model/connector.ts';
import { RunError } from '../../src/model/errors.ts';
import type { HttpAnswer } from '../../src/model/http.ts';
import { explainTokenFailure } from './auth-errors.ts';
import { makeGrant } from './grants.ts';
import { type AuthSettings, isSafeUrl, type SalesforceSettings } from './settings.ts';
import { isRecord } from './values.ts';

export interface Token {
  readonly accessToken: string;
  /** Where this org's API lives; never a constant. */
  readonly instanceUrl: string;
  /** From the reply's identity URL; null where it has none. */
  readonly organizationId: string | null;
  readonly userId: string | null;
}

/** The present token, and a new one when the API has refused it. */
export interface Session {
  current(): Token;
  /** Replaces the refused token, once for all who ask at the same time; null where only a person can. */
  renew(refused: string): Promise<Token> | null;
}

export async function openSession(context: OpenContext<SalesforceSettings>): Promise<Session> {
  let auth: AuthSettings = context.settings.auth;
  const signIn = async () => {
    const { token, refreshToken } = await requestToken(context, auth);
    // With refresh token rotation the old one is dead from now on.
    if (refreshToken && auth.flow === 'refresh_token') auth = { ...auth, refreshToken };
    return token;
  };
  let token = await signIn();
  let renewal: Promise<Token> | null = null;
  const renewOnce = async () => {
    try {
      token = await signIn();
      return token;
    } finally {
      renewal = null;
    }
  };
  return {
    current: () => token,
    renew(refused) {
      if (auth.flow === 'access_token') return null;
      if (token.accessToken !== refused) return Promise.resolve(token);
      renewal ??= renewOnce();
      return renewal;
    },
  };
}

interface TokenReply {
  readonly token: Token;
  readonly refreshToken: string | null;
}

async function requestToken(
  context: OpenContext<SalesforceSettings>,
  auth: AuthSettings,
): Promise<TokenReply> {
  const { loginUrl } = context.settings;
  const now = context.http.serverNow() ?? context.clock.now();
  const form = await makeGrant(auth, { connection: context.name, folder: context.folder, loginUrl, now });
  if (!form) return { token: givenToken(auth), refreshToken: null };
  const answer = await context.http.send({
    method: 'POST',
    url: `${loginUrl}/services/oauth2/token`,
    headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
    body: new URLSearchParams(form).toString(),
    // Under rotation a refresh token works once: if the answer is lost, a repeat would end the session for good.
    repeatable: auth.flow !== 'refresh_token',
  });
  const reply = readToken(answer, loginUrl);
  if (!reply) throw explainTokenFailure(answer, context.name);
  warnOfRotation(context, reply, auth);
  if (!isSafeUrl(reply.token.instanceUrl)) throw unsafeInstance(context.name);
  return reply;
}

function givenToken(auth: AuthSettings): Token {
  if (auth.flow !== 'access_token') throw new TypeError('only the access_token flow needs no token call');
  const { accessToken, instanceUrl } = auth;
  return { accessToken, instanceUrl, organizationId: null, userId: null };
}

function readToken(answer: HttpAnswer, loginUrl: string): TokenReply | null {
  if (answer.status !== 200) return null;
  let body: unknown;
  try {
    body = JSON.parse(answer.text);
  } catch {
    return null;
  }
  if (!isRecord(body) || typeof body.access_token !== 'string') return null;
  const instanceUrl = typeof body.instance_url === 'string' ? body.instance_url : loginUrl;
  const [organizationId, userId] =
    typeof body.id === 'string' ? body.id.split('/').filter(Boolean).slice(-2) : [];
  return {
    token: {
      accessToken: body.access_token,
      instanceUrl: instanceUrl.replace(/\/+$/, ''),
      organizationId: organizationId ?? null,
      userId: userId ?? null,
    },
    refreshToken: typeof body.refresh_token === 'string' ? body.refresh_token : null,
  };
}

function warnOfRotation(
  context: OpenContext<SalesforceSettings>,
  reply: TokenReply,
  auth: AuthSettings,
): void {
  if (!reply.refreshToken || auth.flow !== 'refresh_token' || reply.refreshToken === auth.refreshToken)
    return;
  context.log.warn(
    {
      connection: context.name,
      fix: `Run \`crm-kpi connect ${context.name}\` and use flow authorization_code.`,
    },
    'the org rotates refresh tokens: the one in the settings will not work again',
  );
}

function unsafeInstance(connection: string): RunError {
  return new RunError('auth', {
    where: `${connection} sign-in`,
    message: 'the sign-in named an API address without encryption',
    fix: "Set loginUrl to the org's https address.",
  });
}
