import type { Language } from '../model/kpi.ts';
import type { FreshnessLimits, OpenAlert } from '../model/operations.ts';
import type { StreamState } from '../model/store.ts';
import { words } from './words.ts';

const hourMs = 3_600_000;

export interface StalenessFacts {
  readonly streams: readonly Omit<StreamState, 'rows' | 'deleted'>[];
  readonly crm: readonly { readonly connection: string; readonly writtenAt: number }[];
  /** Of the settings; what is left of others in the store is nobody's business. */
  readonly connections: readonly { readonly name: string; readonly publish: boolean }[];
  readonly limits: FreshnessLimits;
  readonly now: number;
  readonly language: Language;
}

/** Freshness lost here, and inside the CRM. */
export function findStaleness(facts: StalenessFacts): readonly OpenAlert[] {
  return facts.connections.flatMap((connection) => [
    ...findStaleStore(connection.name, facts),
    ...(connection.publish ? findStaleCrm(connection.name, facts) : []),
  ]);
}

function findStaleStore(connection: string, facts: StalenessFacts): readonly OpenAlert[] {
  const { streams, limits, now, language } = facts;
  const stale = streams.filter(
    (state) =>
      state.connection === connection &&
      state.unavailable === null &&
      state.lastSuccessAt !== null &&
      now - state.lastSuccessAt > limits.storeMs,
  );
  if (stale.length === 0) return [];
  const since = Math.min(...stale.map(({ lastSuccessAt }) => lastSuccessAt ?? now));
  const say = words[language];
  const notice = {
    events: ['freshness'] as const,
    state: 'problem' as const,
    title: say.stale(connection, Math.round(limits.storeMs / hourMs)),
    message: say.staleObjects(stale.map(({ stream }) => stream).join(', '), toIso(since)),
    fix: say.staleFix,
    since,
  };
  return [{ key: `freshness|${connection}`, notice }];
}

function findStaleCrm(
  connection: string,
  { crm, limits, now, language }: StalenessFacts,
): readonly OpenAlert[] {
  const writtenAt = crm.find((one) => one.connection === connection)?.writtenAt;
  if (writtenAt === undefined || now - writtenAt <= limits.crmMs) return [];
  const say = words[language];
  const notice = {
    events: ['freshness'] as const,
    state: 'problem' as const,
    title: say.staleCrm(connection, Math.round(limits.crmMs / hourMs)),
    message: say.staleCrmSince(toIso(writtenAt)),
    fix: say.staleFix,
    since: writtenAt,
  };
  return [{ key: `freshness_crm|${connection}`, notice }];
}

function toIso(at: number): string {
  return new Date(at).toISOString().replace(/\.\d+Z$/, 'Z');
}
