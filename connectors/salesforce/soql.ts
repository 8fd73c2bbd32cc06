import type { Mark } from './cursor.ts';
import type { ReadPlan } from './plan.ts';
import { soqlInstant, soqlText } from './values.ts';

export interface Slice {
  /** Lower bound of the cursor field, epoch ms. */
  readonly from: number | null;
  /** Start again at this record. */
  readonly after: Mark | null;
  /** Upper bound, not included; null: all there is. */
  readonly until: number | null;
}

/**
 * Ids in one question: its URL has to stay under Salesforce's 16,384 bytes, and an id takes 23 of them beside some
 * thousands for the fields.
 */
export const idsPerQuestion = 300;

/** Changed records in the order in which reading can be resumed. */
export function changedRecordsSoql(plan: ReadPlan, slice: Slice, since: number | null): string {
  const field = plan.cursorField;
  const bound = field === null ? [] : boundOf(field, slice);
  return select(plan, [...population(plan, since), ...bound], field === null ? 'Id' : `${field}, Id`);
}

/** The same without an order, which the Bulk API would have to give up its chunks for. */
export function unorderedSoql(plan: ReadPlan, since: number | null): string {
  return select(plan, population(plan, since), null);
}

/** Records that meet a condition, by id. */
export function matchingRecordsSoql(plan: ReadPlan, condition: string, since: number | null): string {
  return select(plan, [...population(plan, since), condition], 'Id');
}

/** Those with these ids, deleted ones included. */
export function recordsByIdSoql(plan: ReadPlan, ids: readonly string[], since: number | null): string {
  return select(plan, [...population(plan, since), idCondition('Id', ids)], null);
}

export function idCondition(field: string, ids: readonly string[]): string {
  return `${field} IN (${ids.map(soqlText).join(',')})`;
}

/** Records changed since `from` that no longer meet the settings' condition. */
export function leftRecordsSoql(plan: ReadPlan, from: number): string | null {
  if (plan.where === null || plan.cursorField === null) return null;
  return `SELECT Id FROM ${plan.object} WHERE ${plan.cursorField} >= ${soqlInstant(from)} AND (NOT (${plan.where}))`;
}

/** Living records by the same rules as rows are made of them. */
export function countSoql(plan: ReadPlan, since: number | null): string {
  return `SELECT count() FROM ${plan.object}${whereOf(living(plan, since))}`;
}

/** Sum of a field over the same records. */
export function sumSoql(plan: ReadPlan, field: string, since: number | null): string {
  return `SELECT SUM(${field}) total FROM ${plan.object}${whereOf(living(plan, since))}`;
}

/** The field itself, with the currency that each is in. */
export function amountsSoql(plan: ReadPlan, field: string, since: number | null): string {
  const conditions = [...living(plan, since), `${field} != null`];
  return `SELECT Id, CurrencyIsoCode, ${field} FROM ${plan.object}${whereOf(conditions)}`;
}

/** Ids of the same records, in ascending order. */
export function livingIdsSoql(plan: ReadPlan, after: string | null, since: number | null): string {
  const bound = after === null ? [] : [`Id > ${soqlText(after)}`];
  return `SELECT Id FROM ${plan.object}${whereOf([...living(plan, since), ...bound])} ORDER BY Id`;
}

/** How many records a pass from this instant would read; null: all. */
export function countChangedSoql(plan: ReadPlan, from: number | null, since: number | null): string {
  const { cursorField } = plan;
  const bound = from === null || cursorField === null ? [] : [`${cursorField} >= ${soqlInstant(from)}`];
  return `SELECT count() FROM ${plan.object}${whereOf([...population(plan, since), ...bound])}`;
}

function living(plan: ReadPlan, since: number | null): string[] {
  const kept = plan.select.includes('IsDeleted') ? ['IsDeleted = false'] : [];
  return [...kept, ...population(plan, since), ...plan.countOnly];
}

function population(plan: ReadPlan, since: number | null): string[] {
  return [
    ...plan.only,
    ...(plan.where === null ? [] : [`(${plan.where})`]),
    ...(plan.sinceField === null || since === null ? [] : [`${plan.sinceField} >= ${soqlInstant(since)}`]),
  ];
}

/** Many records share one second, so the id decides within it; the last one is read again rather than skipped. */
function boundOf(field: string, { from, after, until }: Slice): string[] {
  const upper = until === null ? [] : [`${field} < ${soqlInstant(until)}`];
  if (after) {
    const at = soqlInstant(after.at);
    return [`((${field} = ${at} AND Id >= ${soqlText(after.id)}) OR ${field} > ${at})`, ...upper];
  }
  return from === null ? upper : [`${field} >= ${soqlInstant(from)}`, ...upper];
}

function select(plan: ReadPlan, conditions: readonly string[], order: string | null): string {
  const fields = ['Id', ...plan.select].join(', ');
  const tail = order === null ? '' : ` ORDER BY ${order}`;
  return `SELECT ${fields} FROM ${plan.object}${whereOf(conditions)}${tail}`;
}

function whereOf(conditions: readonly string[]): string {
  return conditions.length === 0 ? '' : ` WHERE ${conditions.join(' AND ')}`;
}
