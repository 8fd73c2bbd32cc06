import type { Pass } from './cursor.ts';
import type { ReadPlan } from './plan.ts';
import { soqlInstant, soqlText } from './values.ts';

export interface Slice {
  /** Lower bound of the cursor field, epoch ms. */
  readonly from: number | null;
  /** Start again at this record. */
  readonly after: Pick<Pass, 'at' | 'id'> | null;
  /** First instant of the settings' `since`. */
  readonly since: number | null;
}

/** Changed records in the order in which reading can be resumed. */
export function changedRecordsSoql(plan: ReadPlan, slice: Slice): string {
  const field = plan.cursorField;
  const bound = field === null ? [] : boundOf(field, slice);
  return join(plan, [...conditionsOf(plan), ...sinceOf(plan, slice.since), ...bound], field);
}

/** Records that meet a condition, by id. */
export function matchingRecordsSoql(plan: ReadPlan, condition: string, since: number | null): string {
  return join(plan, [...conditionsOf(plan), ...sinceOf(plan, since), condition], null);
}

/** Records changed since `from` that no longer meet the settings' condition. */
export function leftRecordsSoql(plan: ReadPlan, from: number): string | null {
  if (plan.where === null || plan.cursorField === null) return null;
  return `SELECT Id FROM ${plan.object} WHERE ${plan.cursorField} >= ${soqlInstant(from)} AND (NOT (${plan.where}))`;
}

/** Living records by the same rules as rows are made of them. */
export function countSoql(plan: ReadPlan, since: number | null): string {
  const conditions = [...conditionsOf(plan), ...plan.countOnly, ...sinceOf(plan, since)];
  const living = plan.select.includes('IsDeleted') ? ['IsDeleted = false'] : [];
  return `SELECT count() FROM ${plan.object}${whereOf([...living, ...conditions])}`;
}

function conditionsOf(plan: ReadPlan): string[] {
  return [...plan.only, ...(plan.where === null ? [] : [`(${plan.where})`])];
}

function sinceOf(plan: ReadPlan, since: number | null): string[] {
  return plan.sinceField === null || since === null ? [] : [`${plan.sinceField} >= ${soqlInstant(since)}`];
}

/** Many records share one second, so the id decides within it; the last one is read again rather than skipped. */
function boundOf(field: string, { from, after }: Slice): string[] {
  if (after) {
    const at = soqlInstant(after.at);
    return [`((${field} = ${at} AND Id >= ${soqlText(after.id)}) OR ${field} > ${at})`];
  }
  return from === null ? [] : [`${field} >= ${soqlInstant(from)}`];
}

function join(plan: ReadPlan, conditions: readonly string[], orderField: string | null): string {
  const order = orderField === null ? 'Id' : `${orderField}, Id`;
  const fields = ['Id', ...plan.select].join(', ');
  return `SELECT ${fields} FROM ${plan.object}${whereOf(conditions)} ORDER BY ${order}`;
}

function whereOf(conditions: readonly string[]): string {
  return conditions.length === 0 ? '' : ` WHERE ${conditions.join(' AND ')}`;
}
