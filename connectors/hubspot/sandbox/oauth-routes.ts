import { createHash } from 'node:crypto';
import type { SandboxAnswer } from '../../../src/sandbox/server.ts';
import { isFields } from './body.ts';
import { grantedScopes as allGranted, type Call } from './call.ts';
import type { Portal } from './portal.ts';
import { invalid, notFound, Refusal } from './refusal.ts';
import { accessPrefix } from './tokens.ts';

const accessLifeSeconds = 1800;
const codeLifeMs = 600_000;

/** The page on which a person grants access; here everyone does so at once. */
export function authorize({ portal, query }: Call): SandboxAnswer {
  const redirectUri = query.get('redirect_uri') ?? '';
  if (query.get('client_id') !== portal.tokens.clientId || redirectUri === '') {
    return { status: 400, body: 'This app cannot be connected: client_id or redirect_uri is wrong.' };
  }
  const code = `code-${portal.nextSerial()}`;
  portal.tokens.codes.set(code, {
    redirectUri,
    scopes: grantedScopes(query),
    challenge: query.get('code_challenge'),
    expiresAt: portal.now() + codeLifeMs,
  });
  const target = new URL(redirectUri);
  target.searchParams.set('code', code);
  const state = query.get('state');
  if (state !== null) target.searchParams.set('state', state);
  return { status: 302, headers: { Location: target.href } };
}

function grantedScopes(query: URLSearchParams): string[] {
  const asked = `${query.get('scope') ?? ''} ${query.get('optional_scope') ?? ''}`;
  return [...new Set(['oauth', ...asked.split(/\s+/).filter((scope) => scope !== '')])];
}

export function issueToken(call: Call): SandboxAnswer {
  const { portal } = call;
  const form = readForm(call);
  checkClient(portal, form);
  const grant = form.get('grant_type');
  if (grant === 'authorization_code') return { status: 200, body: redeemCode(portal, form) };
  if (grant === 'refresh_token') return { status: 200, body: refresh(portal, form) };
  throw refuseGrant('unsupported_grant_type', 'BAD_GRANT_TYPE', 'grant_type is not supported');
}

function readForm({ rawBody, contentType }: Call): URLSearchParams {
  if (contentType.includes('application/x-www-form-urlencoded')) return new URLSearchParams(rawBody);
  throw new Refusal(415, { message: 'Unsupported Media Type' });
}

function checkClient(portal: Portal, form: URLSearchParams): void {
  if (form.get('client_id') !== portal.tokens.clientId) {
    throw refuseGrant('invalid_client', 'BAD_CLIENT_ID', 'missing or invalid client id');
  }
  if (form.get('client_secret') !== portal.tokens.clientSecret) {
    throw refuseGrant('invalid_client', 'BAD_CLIENT_SECRET', 'missing or invalid client secret');
  }
}

function refuseGrant(error: string, status: string, message: string): Refusal {
  return new Refusal(400, { error, error_description: message, status, message });
}

function redeemCode(portal: Portal, form: URLSearchParams): object {
  const code = form.get('code') ?? '';
  const grant = portal.tokens.codes.get(code);
  portal.tokens.codes.delete(code);
  if (!grant || grant.expiresAt <= portal.now()) {
    throw refuseGrant('invalid_grant', 'BAD_AUTH_CODE', 'missing or unknown auth code');
  }
  if (form.get('redirect_uri') !== grant.redirectUri) {
    throw refuseGrant('invalid_grant', 'BAD_REDIRECT_URI', 'redirect URI mismatch');
  }
  const verifier = form.get('code_verifier') ?? '';
  if (
    grant.challenge !== null &&
    createHash('sha256').update(verifier).digest('base64url') !== grant.challenge
  ) {
    throw refuseGrant('invalid_grant', 'BAD_CODE_VERIFIER', 'code verifier does not match');
  }
  const refreshToken = `refresh-${portal.id}-${portal.nextSerial()}`;
  portal.tokens.refresh.set(refreshToken, { scopes: grant.scopes });
  return grantAccess(portal, refreshToken, grant.scopes);
}

function refresh(portal: Portal, form: URLSearchParams): object {
  const refreshToken = form.get('refresh_token') ?? '';
  const grant = portal.tokens.refresh.get(refreshToken);
  if (grant) return grantAccess(portal, refreshToken, grant.scopes);
  throw refuseGrant('invalid_grant', 'BAD_REFRESH_TOKEN', 'refresh token is invalid, expired or revoked');
}

function grantAccess(portal: Portal, refreshToken: string, scopes: readonly string[]): object {
  const token = `${accessPrefix}${portal.nextSerial()}`;
  portal.tokens.access.set(token, { expiresAt: portal.now() + accessLifeSeconds * 1000, scopes });
  return {
    token_type: 'bearer',
    access_token: token,
    refresh_token: refreshToken,
    expires_in: accessLifeSeconds,
    hub_id: portal.id,
    user_id: 9_000_001,
    scopes,
    token_use: 'access_token',
  };
}

export function introspectToken(call: Call): SandboxAnswer {
  const { portal } = call;
  const form = readForm(call);
  checkClient(portal, form);
  const token = form.get('token') ?? '';
  const access = portal.tokens.access.get(token);
  const grant = access ?? portal.tokens.refresh.get(token);
  const isActive = access ? access.expiresAt > portal.now() : grant !== undefined;
  if (!grant || !isActive) return { status: 200, body: { active: false } };
  const expires = access ? { expires_in: Math.floor((access.expiresAt - portal.now()) / 1000) } : {};
  return { status: 200, body: { active: true, ...describeGrant(portal, grant.scopes), ...expires } };
}

function describeGrant(portal: Portal, scopes: readonly string[]): object {
  return {
    hub_id: portal.id,
    hub_domain: 'sandbox.example',
    user_id: 9_000_001,
    app_id: 1,
    client_id: portal.tokens.clientId,
    scopes,
  };
}

/** Of the private app: the token stands in a JSON body; the caller needs no other. */
export function describePrivateToken({ portal, rawBody }: Call): SandboxAnswer {
  const token = readTokenKey(rawBody);
  if (token !== portal.tokens.privateToken) throw notFound();
  const body = { userId: 9_000_001, hubId: portal.id, appId: 1, scopes: allGranted(portal) };
  return { status: 200, body };
}

function readTokenKey(text: string): unknown {
  try {
    const body: unknown = JSON.parse(text);
    return isFields(body) ? body.tokenKey : null;
  } catch {
    throw invalid('Invalid input JSON: the body is not valid JSON');
  }
}

/** Access tokens already issued live on until they expire. */
export function revokeToken(call: Call): SandboxAnswer {
  const form = readForm(call);
  checkClient(call.portal, form);
  call.portal.tokens.refresh.delete(form.get('token') ?? '');
  return { status: 204 };
}

/** The first version names the token in the path. */
export function describeAccessToken({ portal, params }: Call): SandboxAnswer {
  const token = params.token ?? '';
  const access = portal.tokens.access.get(token);
  if (!access || access.expiresAt <= portal.now()) throw notFound();
  const expiresIn = Math.floor((access.expiresAt - portal.now()) / 1000);
  const body = {
    token,
    token_type: 'access',
    ...describeGrant(portal, access.scopes),
    expires_in: expiresIn,
  };
  return { status: 200, body };
}

export function describeRefreshToken({ portal, params }: Call): SandboxAnswer {
  const token = params.token ?? '';
  const grant = portal.tokens.refresh.get(token);
  if (!grant) throw notFound();
  return { status: 200, body: { token, token_type: 'refresh', ...describeGrant(portal, grant.scopes) } };
}

export function deleteRefreshToken({ portal, params }: Call): SandboxAnswer {
  portal.tokens.refresh.delete(params.token ?? '');
  return { status: 204 };
}
