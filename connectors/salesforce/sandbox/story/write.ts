import type { Company } from '../../../../src/sandbox/company.ts';
import { salesforceId } from '../ids.ts';
import { type Org, tableOf } from '../org.ts';
import { addRow } from '../records/table.ts';
import type { Value } from '../schema/object.ts';

/** The company without the lists of its records, which are dropped as soon as each is written. */
export type Frame = Pick<Company, 'from' | 'now' | 'timeZone' | 'stages'>;

/** The made-up company on its way into an organisation. */
export interface Story {
  readonly company: Frame;
  readonly org: Org;
  readonly idOf: Record<
    'account' | 'campaign' | 'case' | 'contact' | 'deal' | 'lead' | 'person' | 'team',
    (n: number) => string
  >;
  /** Of an instant, in the company's time zone. */
  dayOf(ms: number): string;
}

export function createStory(company: Frame, org: Org): Story {
  const format = new Intl.DateTimeFormat('en-CA', {
    timeZone: company.timeZone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  });
  return {
    company,
    org,
    idOf: {
      account: sharedIds('001'),
      campaign: sharedIds('701'),
      case: sharedIds('500'),
      contact: sharedIds('003'),
      deal: sharedIds('006'),
      lead: sharedIds('00Q'),
      person: sharedIds('005'),
      team: sharedIds('00E'),
    },
    dayOf: (ms) => format.format(ms),
  };
}

/** The same text for the same record everywhere: with many records that saves much memory. */
function sharedIds(prefix: string): (n: number) => string {
  const ids = new Map<number, string>();
  return (n) => {
    const known = ids.get(n) ?? salesforceId(prefix, n);
    ids.set(n, known);
    return known;
  };
}

export const seconds = (ms: number): number => Math.floor(ms / 1000);
export const orNull = (ms: number | null): number | null => (ms === null ? null : seconds(ms));

/** Stamps of a record made and last changed by one person. */
export function stamps(createdAt: number, modifiedAt: number, by: string) {
  const modified = seconds(modifiedAt);
  return {
    IsDeleted: false,
    CreatedDate: seconds(createdAt),
    CreatedById: by,
    LastModifiedDate: modified,
    LastModifiedById: by,
    SystemModstamp: modified,
  };
}

/** Adds a row with the next id of its object. */
export function addNext(
  org: Org,
  object: { name: string; prefix: string },
  fields: Readonly<Record<string, Value>>,
): void {
  const table = tableOf(org, object.name);
  addRow(table, { Id: salesforceId(object.prefix, ++table.lastNumber), ...fields });
}
