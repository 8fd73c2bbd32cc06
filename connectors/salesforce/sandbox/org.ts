import { salesforceId } from './ids.ts';
import type { Component } from './metadata/component.ts';
import { createTable, rowById, type Table } from './records/table.ts';
import type { Row, SObject } from './schema/object.ts';
import { standardObjects } from './schema/standard.ts';

export interface OrgOptions {
  readonly timeZone: string;
  /** The corporate currency, and with commas further ones. */
  readonly currency: string;
  readonly tier: string | null;
  readonly without: readonly string[];
  /** epoch ms */
  now(): number;
}

/** One Salesforce organisation: its shape, its rows and what its administrator allows. */
export interface Org {
  readonly id: string;
  readonly timeZone: string;
  readonly currencies: readonly string[];
  readonly tier: string;
  /** Lower-case names of objects, `object.field`, and permissions that the user does not have. */
  readonly hidden: Set<string>;
  /** By lower-case name. */
  readonly objects: Map<string, SObject>;
  readonly tables: Map<string, Table>;
  /** Deployed metadata by `type:fullName`. */
  readonly components: Map<string, Component>;
  /** The user as whom integrations run. */
  integrationUserId: string;
  /** API calls since `apiDayStart`; the real limit rolls, this one starts anew after 24 hours. */
  apiCalls: number;
  apiDayStart: number;
  now(): number;
}

export const tiers: Readonly<
  Record<string, { readonly edition: string; readonly calls: number; readonly perUser: number }>
> = {
  developer: { edition: 'Developer Edition', calls: 15_000, perUser: 0 },
  professional: { edition: 'Professional Edition', calls: 100_000, perUser: 1_000 },
  enterprise: { edition: 'Enterprise Edition', calls: 100_000, perUser: 1_000 },
  unlimited: { edition: 'Unlimited Edition', calls: 100_000, perUser: 5_000 },
};

export function createOrg(options: OrgOptions): Org {
  const currencies = options.currency.split(',').map((code) => code.trim());
  const tier = options.tier && tiers[options.tier] ? options.tier : 'enterprise';
  const objects = standardObjects(currencies);
  return {
    id: salesforceId('00D', 1),
    timeZone: options.timeZone,
    currencies,
    tier,
    hidden: new Set(options.without.map((name) => name.toLowerCase())),
    objects: new Map(objects.map((object) => [object.name.toLowerCase(), object])),
    tables: new Map(),
    components: new Map(),
    integrationUserId: '',
    apiCalls: 0,
    apiDayStart: options.now(),
    now: options.now,
  };
}

/** Counts one call; false: the day's calls are spent. */
export function countCall(org: Org): boolean {
  if (org.now() - org.apiDayStart >= 86_400_000) {
    org.apiDayStart = org.now();
    org.apiCalls = 0;
  }
  if (org.apiCalls >= dailyCalls(org)) return false;
  org.apiCalls++;
  return true;
}

export const nowSeconds = (org: Org): number => Math.floor(org.now() / 1000);

export function tableOf(org: Org, object: string): Table {
  const table = org.tables.get(object) ?? createTable();
  org.tables.set(object, table);
  return table;
}

/** The row that an id points to, and the object that it belongs to. */
export function findReference(
  org: Org,
  referenceTo: readonly string[],
  id: string,
): { object: string; row: Row } | null {
  for (const object of referenceTo) {
    const table = org.tables.get(object);
    const row = table && rowById(table, id);
    if (row) return { object, row };
  }
  return null;
}

export function dailyCalls(org: Org): number {
  const tier = tiers[org.tier] ?? { calls: 15_000, perUser: 0 };
  return tier.calls + tier.perUser * (org.tables.get('User')?.rows.length ?? 0);
}
