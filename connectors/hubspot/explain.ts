import { z } from 'zod';
import { RunError, type RunErrorKind } from '../../src/model/errors.ts';

/** What is read of an error's envelope: every field is optional, and sentences are never matched. */
const errorBody = z.object({
  category: z.string().optional().catch(undefined),
  subCategory: z.string().optional().catch(undefined),
  policyName: z.string().optional().catch(undefined),
  status: z.string().optional().catch(undefined),
  error: z.string().optional().catch(undefined),
  correlationId: z.string().optional().catch(undefined),
  context: z.record(z.string(), z.unknown()).optional().catch(undefined),
  errors: z
    .array(
      z.object({
        code: z.string().optional().catch(undefined),
        context: z.record(z.string(), z.unknown()).optional().catch(undefined),
      }),
    )
    .optional()
    .catch(undefined),
});

export type ErrorBody = z.output<typeof errorBody>;

/** A refused call, explained; with what callers decide by. */
export class HubspotError extends RunError {
  readonly status: number;
  readonly body: ErrorBody;

  constructor(
    kind: RunErrorKind,
    text: { where: string; message: string; fix: string },
    answer: { status: number; body: ErrorBody },
  ) {
    super(kind, text);
    this.status = answer.status;
    this.body = answer.body;
  }
}

export interface FailedCall {
  readonly connection: string;
  /** What was asked, for people: `deals`, `properties of deals`. */
  readonly what: string;
  readonly status: number;
  readonly text: string;
}

/** Says who must do what about a refused call. The CRM's own sentences may hold customer data: they stay out. */
export function explainFailure(call: FailedCall): HubspotError {
  const body = parseErrorBody(call.text);
  const where = `${call.connection} ${call.what}`;
  const answer = { status: call.status, body };
  const { kind, message, fix } = explain(call, body);
  return new HubspotError(kind, { where, message: message + reference(body), fix }, answer);
}

type Explained = { readonly kind: RunErrorKind; readonly message: string; readonly fix: string };

function explain(call: FailedCall, body: ErrorBody): Explained {
  const { status } = call;
  if (body.error !== undefined && status === 400) return explainToken(body);
  if (status === 401) return explainSignIn(body);
  if (status === 403) return explainScope(call, body);
  if (status === 404) return notThere(call);
  if (status === 429 || status === 477 || status === 423) return later(status);
  if (status >= 500) return broken(status);
  return refused(status, body);
}

function explainToken(body: ErrorBody): Explained {
  const code = body.status ?? body.error ?? '';
  if (/BAD_REDIRECT_URI|BAD_AUTH_CODE|BAD_CODE_VERIFIER/.test(code)) return explainCode(code);
  const dead = code === 'BAD_REFRESH_TOKEN' || body.error === 'invalid_grant';
  return {
    kind: 'auth',
    message: dead
      ? 'The refresh token is invalid, expired or revoked.'
      : `HubSpot refuses to issue a token (${code}).`,
    fix: dead
      ? 'Sign in again: crm-kpi connect NAME; or put a new refreshToken into the settings.'
      : "Compare clientId and clientSecret with the app's Auth page in HubSpot (Development > your app > Auth).",
  };
}

/** Only a sign-in by browser sends a code. */
function explainCode(code: string): Explained {
  const address = code === 'BAD_REDIRECT_URI';
  return {
    kind: 'auth',
    message: address
      ? 'The app does not know the address to return to.'
      : 'The sign-in took too long or was answered twice.',
    fix: address
      ? "Add the redirect URL that crm-kpi connect prints to the app's Auth page (Development > your app > Auth), exactly as it stands there."
      : 'Run crm-kpi connect again and finish it at once.',
  };
}

function explainSignIn(body: ErrorBody): Explained {
  const expired = body.category === 'EXPIRED_AUTHENTICATION';
  return {
    kind: 'auth',
    message: expired
      ? 'The access token is expired or not valid.'
      : 'HubSpot does not accept the access token.',
    fix: 'In HubSpot open Settings > Integrations > Service Keys (older accounts: Private Apps), copy the token and put it into .env as the settings name it; an app signs in anew with crm-kpi connect NAME.',
  };
}

/** Concerns one object: the others are read on. */
function explainScope(call: FailedCall, body: ErrorBody): Explained {
  const scopes = missingScopes(body);
  if (scopes.length > 0) {
    return {
      kind: 'config',
      message: `The token may not read or write ${call.what}: scope ${scopes.join(', ')} is missing.`,
      fix: `In HubSpot open Settings > Integrations > Service Keys (or Private Apps), choose the key, add ${scopes.join(', ')} under Scopes and save.`,
    };
  }
  return {
    kind: 'config',
    message: `HubSpot refuses ${call.what}: a scope is missing, or the subscription does not include it.`,
    fix: 'Compare the scopes of the key (Settings > Integrations > Service Keys) with the connector’s README, and the account’s products (Settings > Account & Billing).',
  };
}

function notThere(call: FailedCall): Explained {
  return {
    kind: 'remote',
    message: `HubSpot does not have ${call.what}.`,
    fix: 'Check the name; an object or tool that this account has not switched on cannot be used.',
  };
}

function later(status: number): Explained {
  const reason =
    status === 429
      ? "HubSpot's rate limit is exceeded again and again"
      : status === 423
        ? 'HubSpot has locked these records while others write them'
        : 'HubSpot is moving this account to another data centre';
  return {
    kind: 'remote',
    message: `${reason} (status ${status}).`,
    fix: 'Run again later; nothing is lost.',
  };
}

function broken(status: number): Explained {
  return {
    kind: 'remote',
    message: `HubSpot failed (status ${status}) and went on failing.`,
    fix: 'Run again later; if it persists, look at status.hubspot.com or at the proxy in between.',
  };
}

function refused(status: number, body: ErrorBody): Explained {
  const codes = errorCodes(body);
  const detail = [body.category, body.subCategory, ...codes].filter(Boolean).join(', ');
  return {
    kind: 'remote',
    message: `HubSpot refused the request (status ${status}${detail ? `, ${detail}` : ''}).`,
    fix: 'Run crm-kpi check; it names properties and permissions that do not fit.',
  };
}

export function missingScopes(body: ErrorBody): readonly string[] {
  const found = new Set<string>();
  for (const { context } of body.errors ?? []) {
    for (const key of ['requiredGranularScopes', 'requiredScopes']) {
      const scopes = context?.[key];
      if (Array.isArray(scopes)) for (const scope of scopes) found.add(String(scope));
    }
  }
  return [...found];
}

/** Codes with the property that they speak of: `PROPERTY_DOESNT_EXIST segment`. Names, never values. */
export function errorCodes(body: ErrorBody): readonly string[] {
  const found: string[] = [];
  for (const { code, context } of body.errors ?? []) {
    const names = context?.propertyName;
    if (code) found.push(Array.isArray(names) ? `${code} ${names.join(' ')}` : code);
  }
  return found;
}

export function parseErrorBody(text: string): ErrorBody {
  try {
    const parsed = errorBody.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : {};
  } catch {
    return {};
  }
}

function reference(body: ErrorBody): string {
  return body.correlationId ? ` [HubSpot correlation id ${body.correlationId}]` : '';
}
