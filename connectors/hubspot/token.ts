import { z } from 'zod';
import { RunError } from '../../src/model/errors.ts';
import type { Http, HttpAnswer } from '../../src/model/http.ts';
import { explainFailure, parseErrorBody } from './explain.ts';
import { tokenPaths } from './paths.ts';
import type { HubspotSettings } from './settings.ts';

/** An access token as it is kept between processes. */
export const tokenShape = z.object({
  accessToken: z.string(),
  /** Not to be used after (epoch ms). */
  until: z.number(),
  baseUrl: z.string(),
  /** As the answer lists them; null where it does not. */
  scopes: z.array(z.string()).nullable(),
});

export type Token = z.output<typeof tokenShape>;

export interface TokenCall {
  readonly connection: string;
  readonly settings: HubspotSettings;
  readonly http: Http;
  readonly now: number;
}

const tokenAnswer = z.object({
  access_token: z.string().min(1),
  refresh_token: z.string().min(1).optional().catch(undefined),
  expires_in: z.coerce.number().positive().optional().catch(undefined),
  scopes: z.array(z.string()).optional().catch(undefined),
});

/** Renewed this long before it ends: a request on its way must not outlive it. */
const marginMs = 60_000;
const defaultLifeSeconds = 1_800;

export async function askToken(
  call: TokenCall,
  form: Readonly<Record<string, string>>,
): Promise<{ readonly access: Token; readonly refreshToken: string | null }> {
  const answer = await postToken(call, new URLSearchParams(form).toString());
  if (answer.status !== 200) {
    const { status, text } = answer;
    throw explainFailure({ connection: call.connection, what: 'sign-in', status, text });
  }
  const parsed = tokenAnswer.safeParse(parseJson(answer.text));
  if (!parsed.success) throw noToken(call.connection);
  const { access_token, refresh_token, expires_in = defaultLifeSeconds, scopes } = parsed.data;
  return {
    access: {
      accessToken: access_token,
      until: call.now + expires_in * 1000 - marginMs,
      baseUrl: call.settings.baseUrl,
      scopes: scopes ?? null,
    },
    refreshToken: refresh_token ?? null,
  };
}

/** Older token paths are tried where the newest is not there. */
async function postToken({ settings, http }: TokenCall, body: string): Promise<HttpAnswer> {
  let answer: HttpAnswer | null = null;
  for (const path of tokenPaths) {
    answer = await http.send({
      method: 'POST',
      url: settings.baseUrl + path,
      headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
      body,
      repeatable: true,
    });
    const absent = answer.status === 404 || answer.status === 405;
    if (!absent || parseErrorBody(answer.text).error !== undefined) return answer;
  }
  if (answer) return answer;
  throw new Error('no token path');
}

function noToken(connection: string): RunError {
  return new RunError('remote', {
    where: `${connection} sign-in`,
    message: "HubSpot's token endpoint answered without a token.",
    fix: 'Check baseUrl, and that no proxy answers in place of HubSpot.',
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
