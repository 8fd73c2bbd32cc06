import { createHash } from 'node:crypto';
import type { TokenStore } from '../../src/model/connector.ts';
import { RunError } from '../../src/model/errors.ts';
import type { Http } from '../../src/model/http.ts';
import { createRefresher } from '../../src/model/refresh.ts';
import { introspectToken } from './introspect.ts';
import type { HubspotSettings } from './settings.ts';
import { askToken, type Token, tokenShape } from './token.ts';

export interface TokenSource {
  current(): Promise<string>;
  /** A new token in place of one that was refused; null where there is no way to get one. */
  renew(refused: string): Promise<string | null>;
  /** Scopes that the token was granted, asked of HubSpot; null where it does not say. */
  granted(): Promise<readonly string[] | null>;
}

export interface SignInParts {
  readonly connection: string;
  readonly settings: HubspotSettings;
  readonly http: Http;
  readonly tokens: TokenStore;
  readonly now: () => number;
}

export function createTokenSource(parts: SignInParts): TokenSource {
  const { auth } = parts.settings;
  return auth.flow === 'private_app' ? fixedToken(parts, auth.accessToken) : refreshedToken(parts, auth);
}

function fixedToken({ settings, http }: SignInParts, accessToken: string): TokenSource {
  return {
    current: () => Promise.resolve(accessToken),
    renew: () => Promise.resolve(null),
    granted: () => introspectToken({ settings, http, accessToken }),
  };
}

type OAuth = Extract<HubspotSettings['auth'], { flow: 'refresh_token' | 'authorization_code' }>;

function refreshedToken(parts: SignInParts, auth: OAuth): TokenSource {
  const { connection, settings, http, tokens, now } = parts;
  const isUsable = (held: Token) => held.baseUrl === settings.baseUrl && now() < held.until;
  let token: Token | null = null;
  const refresher = createRefresher({
    tokens,
    origin: originOf(auth),
    given: auth.flow === 'refresh_token' ? auth.refreshToken : null,
    access: tokenShape,
    isUsable,
    refresh: (refreshToken) => {
      const { clientId, clientSecret } = auth;
      return askToken(
        { connection, settings, http, now: now() },
        {
          grant_type: 'refresh_token',
          client_id: clientId,
          client_secret: clientSecret,
          refresh_token: refreshToken,
        },
      );
    },
    notSignedIn: () => notSignedIn(connection),
  });
  async function take(fetched: Promise<Token>): Promise<string> {
    token = await fetched;
    return token.accessToken;
  }
  const current = async () => (token && isUsable(token) ? token.accessToken : take(refresher.current()));
  return {
    current,
    renew: async (refused) =>
      token && token.accessToken !== refused ? token.accessToken : take(refresher.renew(refused)),
    granted: async () => {
      const accessToken = await current();
      return (await introspectToken({ settings, http, accessToken })) ?? token?.scopes ?? null;
    },
  };
}

/** Another app, or another refresh token in the settings, begins anew. */
export function originOf(auth: OAuth): string {
  if (auth.flow === 'authorization_code') return `authorization_code ${auth.clientId}`;
  const first = createHash('sha256').update(auth.refreshToken).digest('base64url');
  return `refresh_token ${auth.clientId} ${first}`;
}

function notSignedIn(connection: string): RunError {
  return new RunError('auth', {
    where: `${connection} auth`,
    message: 'Nobody has signed in to this connection with this app yet.',
    fix: `Run crm-kpi connect ${connection}`,
  });
}
