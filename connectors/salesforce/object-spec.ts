import type { TableName } from '../../src/model/entities.ts';
import type { CompanionSpec } from './companions.ts';
import type { MapRecord } from './mapped.ts';
import type { SalesforceRecord } from './values.ts';

export const objectGroups = ['deals', 'activities', 'tickets', 'campaigns', 'leads'] as const;

/** How one Salesforce object feeds our tables. */
export interface ObjectSpec {
  readonly object: string;
  readonly table: TableName;
  readonly group: (typeof objectGroups)[number] | null;
  /** Without these the records mean nothing. */
  readonly required: readonly string[];
  /** Left out where they do not exist or this user may not read them -> what is missing then (empty: nothing). */
  readonly optional: Readonly<Record<string, string>>;
  readonly map: MapRecord;
  /** Columns of the table -> the optional fields that feed them; left out of the rows where none is there. */
  readonly columns?: Readonly<Record<string, readonly string[]>>;
  readonly companions?: readonly CompanionSpec[];
  /** Small enough to be read whole in each run. */
  readonly whole?: true;
  /** What is missing without the object. */
  readonly without?: string;
  /** Not every org has it, and the others are told that it would be of use. */
  readonly isFeature?: true;
  /** Shown in describes to users whose queries are then refused for want of a permission or licence. */
  readonly mayBeRefused?: true;
  /** Feature of some orgs: left out in silence where it is absent. */
  readonly ifPresent?: true;
  /** What `since` goes by; absent: never filtered. */
  readonly since?: 'created' | 'changed';
  /** Ids of the table are ids of the records, so that deletions and counts can be compared. */
  readonly comparable: boolean;
  /** Several rows for each record, and no record ever goes while its parent lives: all ids can be compared. */
  readonly sweepable?: true;
  readonly hasPage?: true;
  /** Always part of the query. */
  readonly only?: string;
  /** Records that are no work: left out of rows and, by the same rule as SOQL, of counts. */
  readonly excluded?: (record: SalesforceRecord) => boolean;
  readonly excludedSoql?: Readonly<Record<string, string>>;
  /** Object whose record types name the pipelines. */
  readonly pipelinesOf?: string;
  /** What has changed in meaning since the last pass without being stamped; [field that must exist, condition]. */
  readonly revisit?: readonly [field: string, (from: number, to: number) => string];
}

/** Fields of nearly every object; where one is missing the next one stands in. */
export const stamps = { CreatedDate: '', LastModifiedDate: '', SystemModstamp: '', IsDeleted: '' };
/** Only in orgs with several currencies. */
export const currencyCode = { CurrencyIsoCode: '' };
export const dayMs = 86_400_000;
