import type { Outcome } from '../../src/model/connector.ts';
import type { ApiProblem } from './failure.ts';
import { isRecord, toText } from './values.ts';

/** What became of one record of a collections call. */
export interface RowResult {
  readonly success: boolean;
  readonly id: string | null;
  readonly problem: ApiProblem | null;
}

export function readRowResult(item: unknown): RowResult | null {
  if (!isRecord(item)) return null;
  const errors = Array.isArray(item.errors) ? item.errors.filter(isRecord) : [];
  const [first] = errors;
  return {
    success: item.success === true,
    id: toText(item.id),
    problem: first
      ? {
          code: toText(first.statusCode) ?? toText(first.errorCode) ?? 'UNKNOWN',
          message: toText(first.message) ?? '',
          fields: Array.isArray(first.fields) ? first.fields.map(String) : [],
        }
      : null,
  };
}

const transient = new Set(['UNABLE_TO_LOCK_ROW', 'SERVER_UNAVAILABLE', 'UNKNOWN_EXCEPTION', 'QUERY_TIMEOUT']);
const setup = new Set([
  'INVALID_FIELD',
  'INVALID_FIELD_FOR_INSERT_UPDATE',
  'INSUFFICIENT_ACCESS_OR_READONLY',
  'INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY',
  'CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY',
  'STORAGE_LIMIT_EXCEEDED',
]);
const ownerCodes = new Set([
  'INACTIVE_OWNER_OR_USER',
  'TRANSFER_REQUIRES_READ',
  'OPERATION_WITH_INVALID_USER_TYPE_EXCEPTION',
]);

/** `owner`: the same without OwnerId may do. `data`: this record alone. */
export function refusalOf(result: RowResult | null): 'none' | 'transient' | 'setup' | 'owner' | 'data' {
  if (!result) return 'data';
  if (result.success) return 'none';
  const code = result.problem?.code ?? '';
  if (transient.has(code)) return 'transient';
  if (ownerCodes.has(code) || result.problem?.fields.includes('OwnerId')) return 'owner';
  return setup.has(code) ? 'setup' : 'data';
}

const advice: Readonly<Record<string, string>> = {
  REQUIRED_FIELD_MISSING:
    'the org demands a field that crm-kpi does not fill; make it optional on this object',
  FIELD_CUSTOM_VALIDATION_EXCEPTION:
    'a validation rule of the org refuses it; let it pass the integration user',
  DUPLICATE_VALUE: 'another record has the same unique value; remove the other one',
  DUPLICATE_EXTERNAL_ID: 'several records have this key; remove all but one',
  DUPLICATES_DETECTED: 'a duplicate rule of the org refuses it; let it pass the integration user',
  INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST: 'a picklist lacks the value; run install again',
  NUMBER_OUTSIDE_VALID_RANGE: 'the figure is larger than the field holds',
  INVALID_CROSS_REFERENCE_KEY: 'the user it speaks of is not in this org',
  MALFORMED_ID: 'the user it speaks of has an id that is none of this org',
  JSON_PARSER_ERROR: 'Salesforce could not read a value of it',
  CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY: 'a trigger or flow of the org failed on it; its owner must mend it',
  UNABLE_TO_LOCK_ROW: 'the record was locked by another program; the next run tries again',
};

/** For people: what to do; else the org's own words, which for unknown codes are all there is. */
function rowAdvice(problem: ApiProblem): string {
  return advice[problem.code] ?? (problem.message.split('\n')[0] ?? '').slice(0, 200);
}

export function toOutcome(key: string, result: RowResult | null): Outcome {
  if (result?.success) return { key, ok: true, ...(result.id === null ? {} : { remoteId: result.id }) };
  if (!result?.problem) return { key, ok: false, reason: 'Salesforce did not say what became of it' };
  return { key, ok: false, reason: `${result.problem.code}: ${rowAdvice(result.problem)}` };
}
