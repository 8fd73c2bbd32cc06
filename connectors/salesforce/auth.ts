import { createHash } from 'node:crypto';
import type { OpenContext } from '../../src/model/connector.ts';
import { RunError } from '../../src/model/errors.ts';
import { createRefresher, type Refresher } from '../../src/model/refresh.ts';
import { type DirectAuth, makeGrant } from './grants.ts';
import type { AuthSettings, SalesforceSettings } from './settings.ts';
import { askToken, type Token, tokenShape } from './token.ts';

export type { Token } from './token.ts';

/** The present token, and a new one when the API has refused it. */
export interface Session {
  current(): Token;
  /** Replaces the refused token, once for all who ask at the same time; null where only a person can. */
  renew(refused: string): Promise<Token> | null;
}

export async function openSession(context: OpenContext<SalesforceSettings>): Promise<Session> {
  const fetchToken = tokenSupply(context);
  let token = await fetchToken(null);
  let renewal: Promise<Token> | null = null;
  const renewOnce = async (refused: string) => {
    try {
      token = await fetchToken(refused);
      return token;
    } finally {
      renewal = null;
    }
  };
  return {
    current: () => token,
    renew(refused) {
      if (context.settings.auth.flow === 'access_token') return null;
      if (token.accessToken !== refused) return Promise.resolve(token);
      renewal ??= renewOnce(refused);
      return renewal;
    },
  };
}

/** How a token is got, the first (null) or one in place of a refused one. */
function tokenSupply(context: OpenContext<SalesforceSettings>): (refused: string | null) => Promise<Token> {
  const { auth } = context.settings;
  switch (auth.flow) {
    case 'access_token':
      return () => Promise.resolve(givenToken(auth, context.clock.now()));
    case 'refresh_token':
    case 'authorization_code': {
      const refresher = createSessionRefresher(context, auth);
      return (refused) => (refused === null ? refresher.current() : refresher.renew(refused));
    }
    default:
      return () => signIn(context, auth);
  }
}

async function signIn(context: OpenContext<SalesforceSettings>, auth: DirectAuth): Promise<Token> {
  const { name: connection, folder, http, clock } = context;
  const { loginUrl } = context.settings;
  const now = http.serverNow() ?? clock.now();
  const form = await makeGrant(auth, { connection, folder, loginUrl, now });
  return (await askToken({ connection, loginUrl, http, now: clock.now() }, form)).token;
}

function givenToken(auth: Extract<AuthSettings, { flow: 'access_token' }>, now: number): Token {
  const { accessToken, instanceUrl } = auth;
  return {
    accessToken,
    instanceUrl,
    organizationId: null,
    userId: null,
    loginUrl: instanceUrl,
    issuedAt: now,
  };
}

/**
 * A kept session is tried this long without asking for a new one: under refresh token rotation each new session ends
 * the user's earlier one, and with it what another process is reading. Sessions live two hours by default.
 */
const keptSessionMs = 3_600_000;

type RefreshingAuth = Extract<AuthSettings, { flow: 'refresh_token' | 'authorization_code' }>;

function createSessionRefresher(
  context: OpenContext<SalesforceSettings>,
  auth: RefreshingAuth,
): Refresher<Token> {
  const { loginUrl } = context.settings;
  const { name: connection, http, clock, tokens } = context;
  return createRefresher({
    tokens,
    origin: originOf(auth),
    given: auth.flow === 'refresh_token' ? auth.refreshToken : null,
    access: tokenShape,
    isUsable: (token) => token.loginUrl === loginUrl && clock.now() - token.issuedAt < keptSessionMs,
    refresh: async (refreshToken) => {
      const form = {
        grant_type: 'refresh_token',
        refresh_token: refreshToken,
        client_id: auth.clientId,
        ...(auth.clientSecret ? { client_secret: auth.clientSecret } : {}),
      };
      const reply = await askToken({ connection, loginUrl, http, now: clock.now() }, form);
      return { access: reply.token, refreshToken: reply.refreshToken };
    },
    notSignedIn: () => notSignedIn(connection),
  });
}

/** Another app, or another refresh token in the settings, begins anew. */
export function originOf(auth: RefreshingAuth): string {
  if (auth.flow === 'authorization_code') return `authorization_code ${auth.clientId}`;
  const first = createHash('sha256').update(auth.refreshToken).digest('base64url');
  return `refresh_token ${auth.clientId} ${first}`;
}

function notSignedIn(connection: string): RunError {
  return new RunError('auth', {
    where: `${connection} auth`,
    message: 'nobody has signed in to this connection with this app yet',
    fix: `Run \`crm-kpi connect ${connection}\`.`,
  });
}
