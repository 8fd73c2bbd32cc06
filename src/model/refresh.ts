import { type ZodType, z } from 'zod';
import type { TokenStore } from './connector.ts';
import type { RunError } from './errors.ts';

/** An access token with what the connector needs beside it. */
export interface Access {
  readonly accessToken: string;
}

export interface Refreshed<A> {
  readonly access: A;
  /** The token that replaces the one used; null: that one stays good. */
  readonly refreshToken: string | null;
}

export interface RefreshParts<A extends Access> {
  readonly tokens: TokenStore;
  /** Names the app or the settings that the first refresh token belongs to; what was kept for another is not used. */
  readonly origin: string;
  /** The refresh token of the settings; null: only a sign-in brings one. */
  readonly given: string | null;
  readonly access: ZodType<A>;
  /** Whether a kept access token is worth trying. */
  isUsable(access: A): boolean;
  refresh(refreshToken: string): Promise<Refreshed<A>>;
  notSignedIn(): RunError;
}

export interface Refresher<A extends Access> {
  /** A token that another process fetched lately, else a new one. */
  current(): Promise<A>;
  /** A token in place of one that the CRM refused. */
  renew(refused: string): Promise<A>;
}

/**
 * Access by a refresh token that may be replaced at each use. One process at a time refreshes; the next one finds what
 * it left. A replaced token is kept before the access that came with it is used: losing it would lock us out.
 */
export function createRefresher<A extends Access>(parts: RefreshParts<A>): Refresher<A> {
  let pending: Promise<A> | null = null;
  /** Requests that find their token refused at the same time share one refresh. */
  function shared(refused: string | null): Promise<A> {
    pending ??= refreshAlone(parts, refused).finally(() => {
      pending = null;
    });
    return pending;
  }
  return {
    current: () => shared(null),
    async renew(refused) {
      const access = await shared(refused);
      // It may have joined one under way that did not know of the refusal.
      return access.accessToken === refused ? shared(refused) : access;
    },
  };
}

function refreshAlone<A extends Access>(parts: RefreshParts<A>, refused: string | null): Promise<A> {
  return parts.tokens.exclusively(async () => {
    const kept = readKept(await parts.tokens.read(), parts);
    const other = kept?.access ?? null;
    if (other && other.accessToken !== refused && parts.isUsable(other)) return other;
    const refreshToken = kept?.refreshToken ?? parts.given;
    if (refreshToken === null) throw parts.notSignedIn();
    const answer = await parts.refresh(refreshToken);
    const replaced = answer.refreshToken !== null && answer.refreshToken !== refreshToken;
    if (kept || replaced) {
      const { origin } = parts;
      await parts.tokens.write(
        formatKept({ origin, refreshToken: answer.refreshToken ?? refreshToken, access: answer.access }),
      );
    }
    return answer.access;
  });
}

interface Kept<A> {
  readonly origin: string;
  readonly refreshToken: string;
  readonly access: A | null;
}

/** The text that a token store keeps. */
export function formatKept<A>(kept: Kept<A>): string {
  return JSON.stringify(kept);
}

const keptText = z.object({ origin: z.string(), refreshToken: z.string(), access: z.unknown() });

/** null: nothing was kept, or for another app. */
function readKept<A extends Access>(text: string | null, parts: RefreshParts<A>): Kept<A> | null {
  if (text === null) return null;
  const kept = keptText.safeParse(parseJson(text)).data;
  if (kept?.origin !== parts.origin) return null;
  return { ...kept, access: parts.access.safeParse(kept.access).data ?? null };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
