import type { Portal } from './portal.ts';
import { Refusal } from './refusal.ts';

/** Credentials that a portal knows. */
export interface Tokens {
  /** Of the private app: never expires. */
  readonly privateToken: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly access: Map<string, { readonly expiresAt: number; readonly scopes: readonly string[] }>;
  readonly refresh: Map<string, { readonly scopes: readonly string[] }>;
  readonly codes: Map<string, AuthCode>;
}

export interface AuthCode {
  readonly redirectUri: string;
  readonly scopes: readonly string[];
  readonly challenge: string | null;
  readonly expiresAt: number;
}

/** Who calls. */
export interface Caller {
  readonly app: string;
  readonly isPrivate: boolean;
  readonly scopes: ReadonlySet<string>;
}

/** OAuth access tokens start like this here, so that a spoiled one is told from a foreign one. */
export const accessPrefix = 'CN-sandbox-';

export function createTokens(seed: number): Tokens {
  return {
    privateToken: `pat-eu1-sandbox-${seed}`,
    clientId: `sandbox-client-${seed}`,
    clientSecret: `sandbox-secret-${seed}`,
    access: new Map(),
    refresh: new Map(),
    codes: new Map(),
  };
}

export function identifyCaller(
  portal: Portal,
  header: string | undefined,
  granted: readonly string[],
): Caller {
  const token = /^Bearer\s+(\S+)\s*$/i.exec(header ?? '')?.[1];
  if (token === undefined) throw unknownCredentials();
  if (token === portal.tokens.privateToken) {
    return { app: 'private', isPrivate: true, scopes: new Set(granted) };
  }
  const access = portal.tokens.access.get(token);
  // A spoiled token looks like one that expired in 1970.
  if (!access && token.startsWith(accessPrefix)) throw expired(portal, 0);
  if (!access) throw unknownCredentials();
  if (access.expiresAt <= portal.now()) throw expired(portal, access.expiresAt);
  const scopes = access.scopes.filter((scope) => granted.includes(scope));
  return { app: portal.tokens.clientId, isPrivate: false, scopes: new Set(scopes) };
}

function unknownCredentials(): Refusal {
  return new Refusal(401, {
    message:
      'Authentication credentials not found. This API supports OAuth 2.0 authentication and you can find more details at https://developers.hubspot.com/docs/methods/auth/oauth-overview',
    category: 'INVALID_AUTHENTICATION',
  });
}

function expired(portal: Portal, at: number): Refusal {
  const seconds = Math.floor((portal.now() - at) / 1000);
  return new Refusal(401, {
    message: `The OAuth token used to make this call expired ${seconds} second(s) ago.`,
    category: 'EXPIRED_AUTHENTICATION',
    context: { 'expire time': [`${new Date(at).toISOString().slice(0, 19)}Z`] },
  });
}
