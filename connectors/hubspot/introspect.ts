import { z } from 'zod';
import { RunError } from '../../src/model/errors.ts';
import type { Http, HttpRequest } from '../../src/model/http.ts';
import { privateTokenPath, tokenPaths } from './paths.ts';
import type { HubspotSettings } from './settings.ts';

interface Introspection {
  readonly settings: HubspotSettings;
  readonly http: Http;
  readonly accessToken: string;
}

const answerShape = z.object({ active: z.boolean().optional(), scopes: z.array(z.string()) });

/**
 * What a token was granted, as HubSpot itself says (developer documentation, "Token introspection", and "Private apps"
 * for tokens without an app); null where it does not say: only `check` wants to know.
 */
export async function introspectToken(asked: Introspection): Promise<readonly string[] | null> {
  for (const request of requestsFor(asked)) {
    const answer = await ask(asked.http, request);
    if (answer === null) continue;
    return answer.active === false ? null : answer.scopes;
  }
  return null;
}

function requestsFor({ settings, accessToken }: Introspection): readonly HttpRequest[] {
  const { auth, baseUrl } = settings;
  const accept = 'application/json';
  if (auth.flow === 'private_app') {
    const headers = { 'content-type': 'application/json', accept, authorization: `Bearer ${accessToken}` };
    const body = JSON.stringify({ tokenKey: accessToken });
    return [{ method: 'POST', url: baseUrl + privateTokenPath, headers, body, repeatable: true }];
  }
  const form = {
    token: accessToken,
    token_type_hint: 'access_token',
    client_id: auth.clientId,
    client_secret: auth.clientSecret,
  };
  const headers = { 'content-type': 'application/x-www-form-urlencoded', accept };
  const body = new URLSearchParams(form).toString();
  return tokenPaths.map((path) => {
    const url = `${baseUrl}${path}/introspect`;
    return { method: 'POST', url, headers, body, repeatable: true };
  });
}

async function ask(http: Http, request: HttpRequest): Promise<z.output<typeof answerShape> | null> {
  try {
    const { status, text } = await http.send(request);
    return status === 200 ? answerShape.parse(JSON.parse(text)) : null;
  } catch (error) {
    if (error instanceof RunError && error.kind !== 'remote') throw error;
    return null;
  }
}
