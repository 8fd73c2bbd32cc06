import type { SandboxAnswer, SandboxRequest } from '../../../../src/sandbox/server.ts';
import { ApiError } from '../errors.ts';
import { findReference, type Org, tableOf } from '../org.ts';
import { type Granted, GrantRefusal, grantors } from './grants.ts';
import { newSecret, type Session, type Sessions, startSession } from './sessions.ts';

interface SignIn {
  readonly org: Org;
  readonly sessions: Sessions;
  readonly url: string;
  readonly request: SandboxRequest;
}

const codeLifeMs = 15 * 60_000;

/** The endpoints outside the data API that sign people and programs in; null: none of them. */
export function answerOAuth(signIn: SignIn): SandboxAnswer | null {
  const { method, path } = signIn.request;
  switch (path.replace(/\/$/, '')) {
    case '/services/oauth2/token':
      return method === 'POST' ? answerToken(signIn) : { status: 405 };
    case '/services/oauth2/authorize':
      return authorize(signIn);
    case '/services/oauth2/revoke':
      return revoke(signIn);
    case '/services/oauth2/userinfo':
      return { status: 200, body: identify(signIn, sessionOf(signIn.sessions, signIn.request).userId) };
  }
  const identity = /^\/id\/(\w+)\/(\w+)$/.exec(path);
  if (!identity) return null;
  sessionOf(signIn.sessions, signIn.request);
  return { status: 200, body: identify(signIn, identity[2] ?? '') };
}

/** The living session of a request. */
export function sessionOf(sessions: Sessions, request: SandboxRequest): Session & { readonly token: string } {
  const token =
    /^(?:Bearer|OAuth)\s+(.+)$/i.exec(String(request.headers.authorization ?? ''))?.[1]?.trim() ?? '';
  const session = sessions.byToken.get(token);
  if (session?.alive) return { ...session, token };
  throw new ApiError(401, 'INVALID_SESSION_ID', 'Session expired or invalid');
}

function formOf(request: SandboxRequest): URLSearchParams {
  const form = new URLSearchParams(request.body.toString('utf8'));
  const basic = /^Basic\s+(.+)$/i.exec(String(request.headers.authorization ?? ''))?.[1];
  if (!basic) return form;
  const [id = '', secret = ''] = Buffer.from(basic, 'base64').toString('utf8').split(':');
  form.set('client_id', decodeURIComponent(id));
  form.set('client_secret', decodeURIComponent(secret));
  return form;
}

function answerToken(signIn: SignIn): SandboxAnswer {
  const form = formOf(signIn.request);
  const grantType = form.get('grant_type');
  try {
    if (!grantType) throw new GrantRefusal('invalid_request', 'must supply grant_type');
    const grantor = grantors[grantType];
    if (!grantor) throw new GrantRefusal('unsupported_grant_type', 'grant type not supported');
    return { status: 200, body: tokenBody(signIn, grantor({ ...signIn, form })) };
  } catch (error) {
    if (!(error instanceof GrantRefusal)) throw error;
    return { status: 400, body: { error: error.error, error_description: error.message } };
  }
}

function tokenBody(signIn: SignIn, granted: Granted): object {
  const { org, sessions, url } = signIn;
  return {
    access_token: startSession(sessions, org.id, granted),
    ...(granted.refreshToken ? { refresh_token: granted.refreshToken } : {}),
    signature: newSecret(),
    scope: granted.scope,
    instance_url: url,
    id: `${url}/id/${org.id}/${granted.userId}`,
    token_type: 'Bearer',
    issued_at: String(Math.floor(org.now())),
  };
}

/** A person would see a page here; this one agrees at once. */
function authorize({ org, sessions, request }: SignIn): SandboxAnswer {
  const { query } = request;
  const redirectUri = query.get('redirect_uri') ?? '';
  if (query.get('client_id') !== sessions.clientId || !URL.canParse(redirectUri)) {
    return { status: 400, body: 'error=invalid_client_id&error_description=client%20identifier%20invalid' };
  }
  const back = new URL(redirectUri);
  const state = query.get('state');
  const method = query.get('code_challenge_method') ?? 'S256';
  if (query.get('response_type') !== 'code' || method !== 'S256') {
    back.searchParams.set('error', 'invalid_request');
  } else {
    const code = `aPrx${newSecret()}`;
    sessions.codes.set(code, {
      userId: org.integrationUserId,
      clientId: sessions.clientId,
      redirectUri,
      challenge: query.get('code_challenge'),
      scope: query.get('scope') ?? 'api refresh_token',
      expiresAt: org.now() + codeLifeMs,
    });
    back.searchParams.set('code', code);
  }
  if (state !== null) back.searchParams.set('state', state);
  return { status: 302, headers: { Location: back.href } };
}

function revoke({ sessions, request }: SignIn): SandboxAnswer {
  const token = formOf(request).get('token') ?? request.query.get('token') ?? '';
  const session = sessions.byToken.get(token);
  if (session) session.alive = false;
  if (session || sessions.refreshTokens.delete(token)) return { status: 200 };
  return { status: 400, body: { error: 'invalid_token', error_description: 'invalid token' } };
}

function identify({ org, url }: SignIn, userId: string): object {
  const user = findReference(org, ['User'], userId)?.row;
  const id = `${url}/id/${org.id}/${userId}`;
  return {
    sub: id,
    id,
    user_id: userId,
    organization_id: org.id,
    organization_name: tableOf(org, 'Organization').rows[0]?.Name ?? null,
    preferred_username: user?.Username ?? null,
    username: user?.Username ?? null,
    display_name: user?.Name ?? null,
    name: user?.Name ?? null,
    email: user?.Email ?? null,
    zoneinfo: user?.TimeZoneSidKey ?? null,
    active: user?.IsActive ?? false,
    user_type: 'STANDARD',
    urls: { rest: `${url}/services/data/v{version}/`, query: `${url}/services/data/v{version}/query/` },
  };
}
