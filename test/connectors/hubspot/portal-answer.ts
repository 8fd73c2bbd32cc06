import { modifiedName, type Portal, type PortalRecord } from './portal-state.ts';

/** An answer on its way out. */
export interface Answer {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Question {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: Readonly<Record<string, unknown>>;
}

export const notFound: Answer = { status: 404, body: { message: 'resource not found', status: 'error' } };

export function invalid(portal: Portal, message: string, category = 'VALIDATION_ERROR'): Answer {
  portal.complaints.push(message);
  return { status: 400, body: { category, message, status: 'error', correlationId: 'c-1' } };
}

/** 403 comes in three forms: with the scopes, without them, and without any body. */
export function refused(about: string): Answer {
  if (about === 'leads') {
    const context = { requiredGranularScopes: ['crm.objects.leads.read'] };
    const errors = [{ context, message: 'One or more of the following scopes are required.' }];
    return { status: 403, body: { category: 'MISSING_SCOPES', errors, message: 'x', status: 'error' } };
  }
  if (about === 'campaigns') return { status: 403 };
  return { status: 403, body: { status: 'error', message: 'This account does not have access.' } };
}

/** Instants come with and without milliseconds. */
export function instant(at: number): string {
  const text = new Date(at).toISOString();
  return at % 1000 === 0 ? text.replace('.000Z', 'Z') : text;
}

export function listParam(query: URLSearchParams, name: string): string[] {
  return query
    .getAll(name)
    .flatMap((part) => part.split(','))
    .filter((part) => part !== '');
}

export function readValue(record: PortalRecord, name: string): string | null | undefined {
  if (name === 'hs_object_id') return record.id;
  if (name === 'createdate') return record.values.get(name) ?? instant(record.createdAt);
  if (name === 'hs_createdate') return record.values.get(name) ?? instant(record.createdAt);
  if (name === modifiedName(record.type)) return instant(record.updatedAt);
  return record.values.get(name);
}

/** Keys in another order than the documentation's, and some that it does not have. */
export function showRecord(
  portal: Portal,
  record: PortalRecord,
  asked: { readonly names: readonly string[]; readonly history?: readonly string[] },
): Record<string, unknown> {
  const known = portal.properties.get(record.type);
  const properties: Record<string, unknown> = {};
  const always = ['hs_object_id', 'createdate', modifiedName(record.type)];
  for (const name of [...asked.names].reverse().concat(always)) {
    if (!always.includes(name) && !known?.has(name)) continue;
    const value = readValue(record, name);
    properties[name] = value === undefined ? null : value;
  }
  const shown: Record<string, unknown> = {
    updatedAt: instant(record.updatedAt),
    objectTypeHint: 'x',
    url: `https://example.com/${record.id}`,
    properties,
    createdAt: instant(record.createdAt),
    id: record.id,
  };
  if (record.archivedAt !== null)
    Object.assign(shown, { archived: true, archivedAt: instant(record.archivedAt) });
  if (asked.history && asked.history.length > 0) {
    shown.propertiesWithHistory = Object.fromEntries(
      asked.history.filter((name) => known?.has(name)).map((name) => [name, showHistory(record, name)]),
    );
  }
  return shown;
}

function showHistory(record: PortalRecord, name: string): unknown {
  const past = record.history.get(name);
  // Of a property that never had a value there is no list.
  if (!past) return null;
  return past.map(({ value, at }) => ({ sourceType: 'CRM_UI', timestamp: instant(at), value }));
}

/** Page tokens that mean something to this server only. */
export function toToken(after: string): string {
  return Buffer.from(`after ${after}`).toString('base64url');
}

export function fromToken(token: string | null): string | null {
  return token === null
    ? null
    : Buffer.from(token, 'base64url')
        .toString()
        .replace(/^after /, '');
}
