import type { Limits, Usage } from './limits.ts';
import type { Links } from './links.ts';
import type { ObjectSpec, Tier } from './object-types.ts';
import type { Property } from './property.ts';
import type { Tokens } from './tokens.ts';

/** Everything that one sandbox portal holds. */
export interface Portal {
  readonly id: number;
  readonly now: () => number;
  readonly startedAt: number;
  readonly currency: string;
  readonly timeZone: string;
  readonly tier: Tier;
  /** Scopes and object names that this portal does not have. */
  readonly without: Set<string>;
  /** By plural name. */
  readonly types: Map<string, ObjectType>;
  /** By object: deals, tickets, leads. */
  readonly pipelines: Map<string, Pipeline[]>;
  readonly owners: Map<string, Owner>;
  readonly teams: Map<string, { readonly id: string; readonly name: string }>;
  readonly emails: Map<string, MarketingEmail>;
  readonly campaigns: Map<string, Campaign>;
  /** From other currencies to the account's own. */
  readonly rates: Map<string, ExchangeRate>;
  readonly links: Links;
  readonly tokens: Tokens;
  readonly limits: Limits;
  readonly usage: Usage;
  readonly hazards: Hazards;
  /** Counts up; for ids of everything that has no record id of its own. */
  nextSerial(): number;
  /** Known once the server listens; for links in answers. */
  url: string;
}

/** What search does in production and not in the documentation. */
export interface Hazards {
  /** The search index is this far behind the records. */
  lagMs: number;
  /** Sorted results are out of order in places. */
  misorder: boolean;
  /** Search pages hold fewer records than asked for, with a next link. */
  shortPages: boolean;
  /** The first page of a search is empty, with a next link. */
  emptyPages: boolean;
  /** Searches also bring records that do not match, and count them. */
  outsiders: boolean;
  /** The totals of searches are off by a few, differently each time. */
  driftingTotals: boolean;
  /** A merge makes a record with a new id. */
  mergeMakesNewId: boolean;
}

export interface ObjectType {
  readonly spec: ObjectSpec;
  readonly properties: Map<string, Property>;
  readonly groups: Map<string, PropertyGroup>;
  readonly records: Map<number, StoredRecord>;
  /** Ascending; may still list purged ones. */
  readonly ids: number[];
  readonly archived: Set<number>;
  /** Merged away -> survivor. */
  readonly merged: Map<number, number>;
  /** Property -> value -> record, for those already looked up by. */
  readonly unique: Map<string, Map<string, number>>;
  readonly search: SearchState;
  /** Set for a portal's own objects. */
  schema: Schema | null;
}

export interface SearchState {
  /** By modification, ascending; entries whose record has changed since stay. Built when first needed. */
  modified: { readonly ats: number[]; readonly ids: number[] } | null;
  /** Counts writes, so that a cached result is known to be stale. */
  version: number;
  readonly cache: Map<string, readonly number[]>;
}

export interface PropertyGroup {
  readonly name: string;
  readonly label: string;
  readonly displayOrder: number;
  readonly archived: boolean;
}

export type Values = Readonly<Record<string, string | null>>;

export interface HistoryItem {
  readonly value: string;
  readonly timestamp: string;
  readonly sourceType: string;
  readonly sourceId?: string;
  readonly updatedByUserId?: number;
}

export interface Contents {
  readonly values: Values;
  /** Newest first; a property that is missing here has held its value since `since`. */
  readonly histories: Readonly<Record<string, readonly HistoryItem[]>>;
  readonly since: number;
}

/** One state of a record; a write makes a new one that remembers the one before. */
export interface StoredRecord {
  readonly id: number;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly archivedAt: number | null;
  /** null: made by `load` whenever it is looked at, since a large portal would not fit otherwise. */
  readonly contents: Contents | null;
  readonly seed: number;
  readonly load: (seed: number) => Contents;
  readonly previous: StoredRecord | null;
}

export interface Pipeline {
  readonly id: string;
  readonly label: string;
  readonly displayOrder: number;
  readonly archived: boolean;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly stages: readonly PipelineStage[];
}

export interface PipelineStage {
  readonly id: string;
  readonly label: string;
  readonly displayOrder: number;
  readonly archived: boolean;
  readonly metadata: Readonly<Record<string, string>>;
  readonly createdAt: string;
  readonly updatedAt: string;
}

export interface Owner {
  readonly id: string;
  readonly email: string;
  readonly type: 'PERSON' | 'QUEUE';
  readonly firstName: string;
  readonly lastName: string;
  readonly userId: number | null;
  readonly userIdIncludingInactive: number | null;
  readonly teams?: readonly { readonly id: string; readonly name: string; readonly primary: boolean }[];
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly archived: boolean;
}

export interface MarketingEmail {
  readonly id: string;
  readonly name: string;
  readonly subject: string;
  readonly state: string;
  readonly type: string;
  readonly publishDate: string | null;
  readonly campaign: string | null;
  readonly campaignName: string | null;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly archived: boolean;
  /** null: left out of every answer that includes statistics. */
  readonly counters: Readonly<Record<string, number>> | null;
  /** Of an automated e-mail: what was sent when; null: all was sent at the publish date. */
  readonly sends: readonly EmailSend[] | null;
}

export interface EmailSend {
  readonly at: number;
  readonly counters: Readonly<Record<string, number>>;
}

export interface ExchangeRate {
  readonly id: string;
  readonly fromCurrencyCode: string;
  readonly toCurrencyCode: string;
  readonly conversionRate: number;
  readonly effectiveAt: string;
  readonly visibleInUI: boolean;
  readonly createdAt: string;
  readonly updatedAt: string;
}

export interface Campaign {
  readonly id: string;
  readonly properties: Values;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly influencedContacts: number;
  /** What the reports say beside it. */
  readonly reports: Readonly<Record<string, number>>;
}

export interface Schema {
  readonly id: string;
  readonly labels: { readonly singular: string; readonly plural: string };
  readonly description: string | null;
  readonly primaryDisplayProperty: string | null;
  readonly secondaryDisplayProperties: readonly string[];
  readonly searchableProperties: readonly string[];
  readonly requiredProperties: readonly string[];
  /** Type ids of the objects that its records can be linked to. */
  readonly associatedObjects: readonly string[];
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly archived: boolean;
}
