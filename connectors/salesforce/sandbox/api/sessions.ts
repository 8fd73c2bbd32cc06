import { randomBytes } from 'node:crypto';

export interface Session {
  readonly userId: string;
  readonly scope: string;
  alive: boolean;
}
export interface Grant {
  readonly userId: string;
  readonly clientId: string;
}
/** A code that waits to be exchanged, once. */
export interface AuthorizationCode extends Grant {
  readonly redirectUri: string;
  readonly challenge: string | null;
  readonly scope: string;
  readonly expiresAt: number;
}
/** Who is signed in, and the credentials that the organisation accepts. */
export interface Sessions {
  readonly clientId: string;
  readonly clientSecret: string;
  /** Of every user, for the flow that sends one. */
  readonly password: string;
  /** PEM, for signed assertions. */
  readonly publicKeys: string[];
  readonly byToken: Map<string, Session>;
  readonly refreshTokens: Map<string, Grant>;
  readonly codes: Map<string, AuthorizationCode>;
  /** Each refresh token works once. */
  rotate: boolean;
}

export function createSessions(): Sessions {
  return {
    clientId: '3MVG9crmKpiSandboxExternalClientApp',
    clientSecret: '5AD10C0FFEE5AD10C0FFEE5AD10C0FFEE5AD10C0FFEE5AD1',
    password: 'sandbox-password',
    publicKeys: [],
    byToken: new Map(),
    refreshTokens: new Map(),
    codes: new Map(),
    rotate: false,
  };
}

export function startSession(
  sessions: Sessions,
  orgId: string,
  session: { userId: string; scope: string },
): string {
  const token = `${orgId.slice(0, 15)}!${randomBytes(48).toString('base64url')}`;
  sessions.byToken.set(token, { ...session, alive: true });
  return token;
}

export const newSecret = (): string => `5Aep${randomBytes(36).toString('base64url')}`;
