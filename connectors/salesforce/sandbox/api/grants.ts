import { createHash, createVerify } from 'node:crypto';
import type { Org } from '../org.ts';
import { tableOf } from '../org.ts';
import { isRecord } from './call.ts';
import { newSecret, type Sessions } from './sessions.ts';

/** The OAuth endpoint's own kind of error: an object. */
export class GrantRefusal extends Error {
  readonly error: string;
  constructor(error: string, description: string) {
    super(description);
    this.error = error;
  }
}

export interface TokenRequest {
  readonly org: Org;
  readonly sessions: Sessions;
  readonly form: URLSearchParams;
  readonly url: string;
}
export interface Granted {
  readonly userId: string;
  readonly scope: string;
  readonly refreshToken?: string;
}
export type Grantor = (request: TokenRequest) => Granted;

const maxAssertionMs = 5 * 60_000;
const invalid = (description: string) => new GrantRefusal('invalid_grant', description);

export const grantors: Readonly<Record<string, Grantor>> = {
  client_credentials: (request) => {
    checkClient(request, true);
    return { userId: request.org.integrationUserId, scope: 'api' };
  },
  password: grantPassword,
  'urn:ietf:params:oauth:grant-type:jwt-bearer': grantAssertion,
  authorization_code: grantCode,
  refresh_token: grantRefresh,
};

/** A public client sends no secret; one that is sent must be right. */
function checkClient({ form, sessions }: TokenRequest, needsSecret: boolean): void {
  if (form.get('client_id') !== sessions.clientId)
    throw new GrantRefusal('invalid_client_id', 'client identifier invalid');
  const secret = form.get('client_secret');
  const right = secret === null ? !needsSecret : secret === sessions.clientSecret;
  if (!right) throw new GrantRefusal('invalid_client', 'invalid client credentials');
}

function userByName(org: Org, username: string | null): string {
  const wanted = username?.toLowerCase();
  const user = tableOf(org, 'User').rows.find((row) => String(row.Username).toLowerCase() === wanted);
  if (!user) throw invalid('authentication failure');
  if (user.IsActive !== true) throw new GrantRefusal('inactive_user', 'user is inactive');
  return user.Id;
}

function grantPassword(request: TokenRequest): Granted {
  checkClient(request, false);
  const { org, form, sessions } = request;
  const userId = userByName(org, form.get('username'));
  if (form.get('password') !== sessions.password) throw invalid('authentication failure');
  return { userId, scope: 'api' };
}

function grantAssertion(request: TokenRequest): Granted {
  const { org, sessions, url, form } = request;
  const claims = verifyAssertion(sessions, form.get('assertion') ?? '');
  if (claims.iss !== sessions.clientId)
    throw new GrantRefusal('invalid_client_id', 'client identifier invalid');
  const audiences = [url, 'https://login.salesforce.com', 'https://test.salesforce.com'];
  const audience = [claims.aud].flat().map((each) => String(each).replace(/\/$/, ''));
  if (!audience.some((each) => audiences.includes(each))) throw invalid('Audience validation failed');
  // A caller works by the real clock, this organisation may not: either will do.
  const expiresAt = Number(claims.exp) * 1000;
  const inTime = [org.now(), Date.now()].some((now) => expiresAt > now && expiresAt <= now + maxAssertionMs);
  if (!inTime) throw invalid('expired authorization code');
  return { userId: userByName(org, typeof claims.sub === 'string' ? claims.sub : null), scope: 'api' };
}

function verifyAssertion(sessions: Sessions, assertion: string): Readonly<Record<string, unknown>> {
  const [header = '', payload = '', signature = ''] = assertion.split('.');
  const signed = Buffer.from(signature, 'base64url');
  const isSigned = sessions.publicKeys.some((key) =>
    createVerify('RSA-SHA256').update(`${header}.${payload}`).verify(key, signed),
  );
  if (!isSigned || parseSegment(header).alg !== 'RS256') throw invalid('invalid assertion');
  return parseSegment(payload);
}

function parseSegment(segment: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(Buffer.from(segment, 'base64url').toString('utf8'));
    if (isRecord(value)) return value;
  } catch {
    // Not JSON: refused below like any other malformed assertion.
  }
  throw invalid('invalid assertion');
}

function grantCode(request: TokenRequest): Granted {
  checkClient(request, false);
  const { org, form, sessions } = request;
  const key = form.get('code') ?? '';
  const code = sessions.codes.get(key);
  sessions.codes.delete(key);
  if (!code || code.expiresAt < org.now()) throw invalid('expired authorization code');
  if (form.get('redirect_uri') !== code.redirectUri) {
    throw new GrantRefusal('redirect_uri_mismatch', 'redirect_uri must match configuration');
  }
  const verifier = form.get('code_verifier') ?? '';
  const proof = createHash('sha256').update(verifier).digest('base64url');
  if (code.challenge !== null && proof !== code.challenge) throw invalid('invalid code verifier');
  return { userId: code.userId, scope: code.scope, ...issueRefresh(request, code) };
}

function issueRefresh(request: TokenRequest, code: { userId: string; clientId: string; scope: string }) {
  if (!/refresh_token|offline_access|full/.test(code.scope)) return {};
  return { refreshToken: newRefreshToken(request.sessions, code) };
}

function newRefreshToken(sessions: Sessions, grant: { userId: string; clientId: string }): string {
  const token = newSecret();
  sessions.refreshTokens.set(token, { userId: grant.userId, clientId: grant.clientId });
  return token;
}

/** With rotation on, the token just used is dead, and so is the user's earlier session. */
function grantRefresh(request: TokenRequest): Granted {
  checkClient(request, false);
  const { form, sessions } = request;
  const token = form.get('refresh_token') ?? '';
  const grant = sessions.refreshTokens.get(token);
  if (!grant) throw invalid('expired access/refresh token');
  const granted = { userId: grant.userId, scope: 'api refresh_token' };
  if (!sessions.rotate) return granted;
  sessions.refreshTokens.delete(token);
  for (const session of sessions.byToken.values()) {
    if (session.userId === grant.userId) session.alive = false;
  }
  return { ...granted, refreshToken: newRefreshToken(sessions, grant) };
}
