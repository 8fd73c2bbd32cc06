import { z } from 'zod';
import { RunError } from '../../src/model/errors.ts';
import type { Http, HttpAnswer } from '../../src/model/http.ts';
import { explainFailure, parseErrorBody } from './explain.ts';
import { tokenPaths } from './paths.ts';
import type { HubspotSettings } from './settings.ts';

export interface TokenSource {
  current(): Promise<string>;
  /** A new token in place of one that was refused; null where there is no way to get one. */
  renew(refused: string): Promise<string | null>;
  /** Scopes as the token's answer lists them; null where they cannot be told. */
  scopes(): readonly string[] | null;
}

export interface SignIn {
  readonly connection: string;
  readonly settings: HubspotSettings;
  readonly http: Http;
  readonly now: () => number;
}

const tokenAnswer = z.object({
  access_token: z.string().min(1),
  refresh_token: z.string().optional().catch(undefined),
  expires_in: z.coerce.number().optional().catch(undefined),
  scopes: z.array(z.string()).optional().catch(undefined),
});

/** Renewed this long before it ends: a request on its way must not outlive it. */
const marginMs = 60_000;
const defaultLifeSeconds = 1_800;

export function createTokenSource(signIn: SignIn): TokenSource {
  const { auth } = signIn.settings;
  if (auth.flow === 'private_app') return fixedToken(auth.accessToken);
  if (auth.flow === 'refresh_token') return refreshedToken(signIn, auth);
  throw new RunError('auth', {
    where: signIn.connection,
    message: 'This connection is not signed in yet.',
    fix: `Run crm-kpi connect ${signIn.connection}`,
  });
}

function fixedToken(accessToken: string): TokenSource {
  return {
    current: () => Promise.resolve(accessToken),
    renew: () => Promise.resolve(null),
    scopes: () => null,
  };
}

type RefreshAuth = Extract<HubspotSettings['auth'], { flow: 'refresh_token' }>;

function refreshedToken(signIn: SignIn, auth: RefreshAuth): TokenSource {
  let refreshToken = auth.refreshToken;
  let token = { text: '', until: 0, scopes: null as readonly string[] | null };
  let pending: Promise<string> | null = null;

  async function fetchToken(): Promise<string> {
    const answer = await askToken(signIn, { ...auth, refreshToken });
    refreshToken = answer.refresh_token ?? refreshToken;
    const lifeMs = (answer.expires_in ?? defaultLifeSeconds) * 1000;
    token = {
      text: answer.access_token,
      until: signIn.now() + lifeMs - marginMs,
      scopes: answer.scopes ?? null,
    };
    return token.text;
  }
  /** Requests that find the token expired at the same time share one refresh. */
  function refreshOnce(): Promise<string> {
    pending ??= fetchToken().finally(() => {
      pending = null;
    });
    return pending;
  }
  return {
    current: async () => (token.text && signIn.now() < token.until ? token.text : refreshOnce()),
    renew: async (refused) => (refused === token.text || token.text === '' ? refreshOnce() : token.text),
    scopes: () => token.scopes,
  };
}

async function askToken(signIn: SignIn, auth: RefreshAuth): Promise<z.output<typeof tokenAnswer>> {
  const form = new URLSearchParams({
    grant_type: 'refresh_token',
    client_id: auth.clientId,
    client_secret: auth.clientSecret,
    refresh_token: auth.refreshToken,
  });
  const answer = await postToken(signIn, form.toString());
  if (answer.status !== 200) {
    throw explainFailure({ connection: signIn.connection, what: 'sign-in', ...answer });
  }
  const parsed = tokenAnswer.safeParse(parseJson(answer.text));
  if (parsed.success) return parsed.data;
  throw new RunError('remote', {
    where: `${signIn.connection} sign-in`,
    message: "HubSpot's token endpoint answered without a token.",
    fix: 'Check baseUrl, and that no proxy answers in place of HubSpot.',
  });
}

/** Older token paths are tried where the newest is not there. */
async function postToken(signIn: SignIn, body: string): Promise<HttpAnswer> {
  let answer: HttpAnswer | null = null;
  for (const path of tokenPaths) {
    answer = await signIn.http.send({
      method: 'POST',
      url: signIn.settings.baseUrl + path,
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

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
