import { onTestFinished } from 'vitest';
import { type HubSpotSandbox, startSandbox } from '../../connectors/hubspot/sandbox/index.ts';
import type { SandboxOptions } from '../../src/sandbox/sandbox.ts';

export const now = Date.parse('2026-11-20T10:00:00.000Z');

/** A small portal that goes with the test; its limits are out of the way unless they are what is tested. */
export async function openPortal(options: Partial<SandboxOptions> = {}): Promise<HubSpotSandbox> {
  const portal = await startSandbox({
    port: 0,
    data: null,
    seed: 7,
    size: 60,
    now,
    currency: 'EUR',
    timeZone: 'Europe/Madrid',
    tier: null,
    without: [],
    ...options,
  });
  onTestFinished(() => portal[Symbol.asyncDispose]());
  Object.assign(portal.limits, { tenSecondly: 10_000, searchPerSecond: 10_000 });
  return portal;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Body;
}

/** What the tests read of a body; the rest they compare. */
export interface Body {
  readonly id: string;
  readonly total: number;
  readonly results: readonly Row[];
  readonly paging?: { readonly next: { readonly after: string; readonly link: string } };
  readonly errors?: readonly Readonly<Record<string, unknown>>[];
  readonly message: string;
  readonly properties: Row['properties'];
  readonly propertiesWithHistory?: Row['propertiesWithHistory'];
  readonly [more: string]: unknown;
}
export interface Row {
  readonly id: string;
  readonly properties: Readonly<Record<string, string | null>>;
  readonly propertiesWithHistory?:
    | Readonly<Record<string, readonly { readonly timestamp: string }[]>>
    | undefined;
  readonly associations?: Readonly<Record<string, { readonly results: readonly { readonly id: string }[] }>>;
  readonly [more: string]: unknown;
}

export async function call(
  portal: HubSpotSandbox,
  [method, path, body]: readonly [method: string, path: string, body?: unknown],
  token: string | null = portal.auth.accessToken ?? '',
): Promise<Answer> {
  const response = await fetch(`${portal.url}${path}`, {
    method,
    headers: {
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: parse(text) };
}

function parse(text: string): Body {
  try {
    return JSON.parse(text);
  } catch {
    return { id: '', total: 0, results: [], message: text, properties: {} };
  }
}

export async function search(portal: HubSpotSandbox, object: string, body: unknown): Promise<Answer> {
  return call(portal, ['POST', `/crm/v3/objects/${object}/search`, body]);
}

/** One group of filters, each `[property, operator, value, highValue]`. */
export function filters(
  ...items: (readonly [string, string, (string | readonly string[] | undefined)?, (string | undefined)?])[]
) {
  const toFilter = ([propertyName, operator, value, highValue]: (typeof items)[number]) => ({
    propertyName,
    operator,
    ...(Array.isArray(value) ? { values: value } : { value }),
    ...(highValue === undefined ? {} : { highValue }),
  });
  return [{ filters: items.map(toFilter) }];
}
