import type { SandboxAnswer } from '../../../src/sandbox/server.ts';
import { requireType } from './object-type.ts';
import { allScopes, type ObjectSpec, type Tier, tiers } from './object-types.ts';
import type { ObjectType, Portal } from './portal.ts';
import { invalid, missingScopes } from './refusal.ts';
import type { Caller } from './tokens.ts';

/** One request on its way through a route. */
export interface Call {
  readonly portal: Portal;
  readonly caller: Caller;
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly path: string;
  /** Parsed JSON; undefined where there is none. */
  readonly body: unknown;
  readonly rawBody: string;
  readonly contentType: string;
}

export type Handler = (call: Call) => SandboxAnswer;

/** What the private app of a portal may do: everything but what was left out. */
export function grantedScopes(portal: Portal): string[] {
  return allScopes().filter((scope) => !portal.without.has(scope));
}

/** Refuses when a scope is not granted, or the account's tier lacks the product. */
export function requireScopes(
  { portal, caller }: Call,
  scopes: readonly string[],
  tier: Tier = 'free',
): void {
  const missing = scopes.filter((scope) => !caller.scopes.has(scope));
  if (missing.length > 0) throw missingScopes(missing);
  if (tiers.indexOf(portal.tier) < tiers.indexOf(tier)) throw missingScopes(scopes);
}

/** One of several scopes is enough. */
export function requireAnyScope(call: Call, scopes: readonly string[], tier: Tier = 'free'): void {
  const held = scopes.filter((scope) => call.caller.scopes.has(scope));
  requireScopes(call, held.length > 0 ? held.slice(0, 1) : scopes, tier);
}

export type Access = 'read' | 'write';

export function requireAccess(call: Call, type: ObjectType, access: Access): void {
  const { spec } = type;
  if (isWithheld(call.portal, spec)) throw missingScopes(spec[access].length > 0 ? spec[access] : spec.read);
  if (access === 'write' && spec.write.length === 0) throw invalid(`${spec.name} are read-only`);
  requireScopes(call, spec[access], spec.tier);
}

function isWithheld(portal: Portal, spec: ObjectSpec): boolean {
  return (
    portal.without.has(spec.name) || portal.without.has(spec.typeId) || portal.without.has(spec.singular)
  );
}

/** The object that the path names, if the caller may use it. */
export function openType(call: Call, access: Access, param = 'type'): ObjectType {
  const type = requireType(call.portal, call.params[param] ?? '');
  requireAccess(call, type, access);
  return type;
}

/** Definitions: the object's own scope, or that of its schema. */
export function openDefinitions(call: Call, access: Access): ObjectType {
  const type = requireType(call.portal, call.params.type ?? '');
  const { spec } = type;
  const schemaScopes =
    spec.schemaScope === spec.read[0] ? [spec.schemaScope] : [`${spec.schemaScope}.${access}`];
  if (isWithheld(call.portal, spec)) throw missingScopes(schemaScopes);
  requireAnyScope(
    call,
    access === 'read' ? [...spec.read.slice(0, 1), ...schemaScopes] : schemaScopes,
    spec.tier,
  );
  return type;
}

/** Refuses what the sandbox was started without. */
export function refuseWithheld({ portal }: Call, names: readonly string[], scopes: readonly string[]): void {
  if (names.some((name) => portal.without.has(name))) throw missingScopes(scopes);
}
