import { type Answer, json, type Question } from './org-answer.ts';
import { userId } from './org-company.ts';
import { idOf, type Org } from './org-state.ts';

/** What the answer to a request may need. */
export interface Desk {
  readonly org: Org;
  /** Takes the place of an answer where it gives one. */
  readonly faults: ((question: Question) => Answer | null)[];
  readonly sessions: Set<string>;
  readonly refreshTokens: Set<string>;
  readonly url: string;
}

/** The person agrees at once, and the browser is sent back. */
export function agree({ query }: Question): Answer {
  const back = new URL(query.get('redirect_uri') ?? '');
  back.searchParams.set('code', 'aPrx');
  back.searchParams.set('state', query.get('state') ?? '');
  return { status: 302, headers: { location: back.href }, text: '' };
}

/** Refresh tokens work once; the earlier session ends with the new one. */
function renew(
  { org, refreshTokens, sessions }: Desk,
  form: Readonly<Record<string, string>>,
): string | Answer {
  const isCode = form.grant_type === 'authorization_code' && form.code === 'aPrx';
  if (!isCode && !refreshTokens.delete(form.refresh_token ?? ''))
    return json(400, { error: 'invalid_grant', error_description: 'expired access/refresh token' });
  sessions.clear();
  const token = `5Aep${org.counter}`;
  refreshTokens.add(token);
  return token;
}

/** No issued_at, no signature, ids of 15 characters, an address that ends with a slash. */
export function signIn(desk: Desk, form: Readonly<Record<string, string>>): Answer {
  const { org, sessions, url } = desk;
  org.counter += 1;
  const refresh = form.grant_type === 'client_credentials' ? null : renew(desk, form);
  if (typeof refresh === 'object' && refresh !== null) return refresh;
  const token = `00DXy!${org.counter}`;
  sessions.add(token);
  const id = `${url}/id/${idOf('00D', 1).slice(0, 15)}/${userId.slice(0, 15)}`;
  const more = refresh === null ? {} : { refresh_token: refresh };
  return json(200, {
    access_token: token,
    instance_url: `${url}/instance/`,
    id,
    token_type: 'Bearer',
    ...more,
  });
}
