import { toId18 } from '../../../connectors/salesforce/sandbox/ids.ts';
import type { TableName } from '../../../src/model/entities.ts';
import { baseCurrency, type CaseRow, type FormCase, instantText, type Link, Untellable } from './form.ts';

export type Files = Record<string, object[]>;

const prefixes: Readonly<Partial<Record<TableName, string>>> = {
  actor: '005',
  team: '00E',
  account: '001',
  deal: '006',
  lead: '00Q',
  ticket: '500',
  activity: '00T',
  campaign: '701',
  campaign_member: '00v',
  email_stat: '0XB',
  contract: '800',
  entry: 'a01',
  survey_answer: 'a02',
  fx_rate: '04w',
  stage: '01J',
};

export const fieldOf = (column: string) => `${column}__c`;
export const objectOf = (table: string) => `${table}__c`;

export interface Ids {
  idOf(table: TableName, id: string): string;
  readonly link: Link;
}

export function createIds(one: FormCase): Ids {
  const queues = new Set((one.rows.actor ?? []).filter(({ kind }) => kind === 'queue').map(({ id }) => id));
  const events = new Set(
    (one.rows.activity ?? []).filter(({ kind }) => kind === 'meeting').map(({ id }) => id),
  );
  const idOf = (table: TableName, id: string): string => {
    const hex = Buffer.from(id).toString('hex').padStart(12, '0');
    const special = table === 'actor' && queues.has(id) ? '00G' : events.has(id) ? '00U' : undefined;
    const prefix = table === 'actor' || table === 'activity' ? (special ?? prefixes[table]) : prefixes[table];
    const found = hex.length > 12 ? null : toId18(`${prefix}${hex}`);
    if (!prefix || !found) throw new Untellable(`no id for ${table} ${id}`);
    return found;
  };
  const link: Link = (table, id) => {
    if (id === null || id === undefined) return null;
    // What pointed to a record that was merged away points to the one that survived.
    return idOf(table, one.merged[table]?.[String(id)] ?? String(id));
  };
  return { idOf, link };
}

export function currenciesOf({ rows }: FormCase): readonly string[] {
  const codes = [...(rows.deal ?? []), ...(rows.campaign ?? []), ...(rows.fx_rate ?? [])];
  return [
    ...new Set([baseCurrency, ...codes.flatMap(({ currency }) => (currency ? [String(currency)] : []))]),
  ];
}

export function add(files: Files, object: string, record: object): void {
  files[object] = [...(files[object] ?? []), record];
}

export const createdOf = (row: CaseRow): string =>
  instantText(row.created_at) ??
  (row.created_on ? `${row.created_on}T11:00:00.000Z` : '2025-12-01T08:00:00.000Z');
