import { z } from 'zod';
import { RunError } from '../../src/model/errors.ts';
import type { Http, HttpAnswer } from '../../src/model/http.ts';
import { explainTokenFailure } from './auth-errors.ts';
import { isSafeUrl } from './settings.ts';
import { isRecord, toId } from './values.ts';

/** An access token as it is kept between processes. */
export const tokenShape = z.object({
  accessToken: z.string(),
  /** Where this org's API lives; never a constant. */
  instanceUrl: z.string(),
  /** From the reply's identity URL; null where it has none. */
  organizationId: z.string().nullable(),
  userId: z.string().nullable(),
  /** Where and when it was issued. */
  loginUrl: z.string(),
  issuedAt: z.number(),
});

export type Token = z.output<typeof tokenShape>;

export interface TokenReply {
  readonly token: Token;
  readonly refreshToken: string | null;
}

export interface TokenCall {
  readonly connection: string;
  readonly loginUrl: string;
  readonly http: Http;
  readonly now: number;
}

/**
 * Asks the token endpoint. A repeat does no harm, not even with a refresh token that works once: if the answer to the
 * first call is lost, so is the token in it, and the old one is all we have to try.
 */
export async function askToken(call: TokenCall, form: Readonly<Record<string, string>>): Promise<TokenReply> {
  const answer = await call.http.send({
    method: 'POST',
    url: `${call.loginUrl}/services/oauth2/token`,
    headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
    body: new URLSearchParams(form).toString(),
    repeatable: true,
  });
  const reply = readReply(answer, call);
  if (!reply) throw explainTokenFailure(answer, call.connection);
  if (!isSafeUrl(reply.token.instanceUrl)) throw unsafeInstance(call.connection);
  return reply;
}

function readReply(answer: HttpAnswer, { loginUrl, now }: TokenCall): TokenReply | null {
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
      organizationId: toId(organizationId),
      userId: userId ?? null,
      loginUrl,
      issuedAt: now,
    },
    refreshToken: typeof body.refresh_token === 'string' ? body.refresh_token : null,
  };
}

function unsafeInstance(connection: string): RunError {
  return new RunError('auth', {
    where: `${connection} sign-in`,
    message: 'the sign-in named an API address without encryption',
    fix: "Set loginUrl to the org's https address.",
  });
}
