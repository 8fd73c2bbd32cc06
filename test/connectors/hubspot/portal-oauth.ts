import { type Answer, notFound, type Question } from './portal-answer.ts';

export const token = 'other-portal-key';
export const app = { clientId: 'app-1', clientSecret: 'app-secret-1' } as const;

/** Sign-in of an app; the newest token path is not there yet, and durations come as text. */
export function answerOauth({ method, path, query, body }: Question): Answer {
  if (path === '/oauth/authorize') return authorize(query);
  if (method !== 'POST' || path !== '/oauth/v3/token') return notFound;
  const known = body.client_id === app.clientId && body.client_secret === app.clientSecret;
  if (!known) return { status: 400, body: { error: 'invalid_client', status: 'BAD_CLIENT_ID' } };
  const isCode = body.grant_type === 'authorization_code' && body.code === 'code-1' && body.code_verifier;
  if (!isCode && body.refresh_token !== 'refresh-1') {
    return { status: 400, body: { error: 'invalid_grant', status: 'BAD_REFRESH_TOKEN', message: 'x' } };
  }
  return { status: 200, body: { expires_in: '1800', access_token: token, refresh_token: 'refresh-1' } };
}

function authorize(query: URLSearchParams): Answer {
  const target = new URL(query.get('redirect_uri') ?? '');
  target.searchParams.set('code', 'code-1');
  target.searchParams.set('state', query.get('state') ?? '');
  return { status: 302, headers: { location: target.href } };
}
