import type { Outcome } from '../../src/model/connector.ts';
import type { ResultChange } from '../../src/model/result.ts';
import { type ErrorBody, errorCodes } from './explain.ts';
import { keyProperty } from './result-properties.ts';
import type { BatchAnswer, BatchError } from './shapes.ts';

/**
 * Reads a batch answer item by item, by trace id or key. Neither its status (200 or 207) nor its order is relied on,
 * and an input that is answered by nothing (HubSpot leaves some out silently) is refused, not done. `found`: ids by key,
 * where the answer itself does not tell which is which.
 */
export function readOutcomes(
  changes: readonly ResultChange[],
  answer: BatchAnswer,
  found: ReadonlyMap<string, string> = new Map(),
): readonly Outcome[] {
  const written = new Map<string, string>();
  const answered = new Set(answer.results.map(({ id }) => id));
  for (const [key, id] of found) if (answered.has(id)) written.set(key, id);
  for (const { id, objectWriteTraceId, properties } of answer.results) {
    const key = objectWriteTraceId ?? properties[keyProperty];
    if (key) written.set(key, id);
  }
  const refused = new Map<string, string>();
  for (const error of answer.errors) {
    for (const key of keysOf(error)) refused.set(key, reasonOf(error));
  }
  const general = answer.errors.find((error) => keysOf(error).length === 0);
  return changes.map(({ key }) => {
    const reason = refused.get(key);
    const remoteId = written.get(key);
    if (reason !== undefined) return { key, ok: false, reason };
    if (remoteId !== undefined) return { key, ok: true, remoteId };
    const silent = 'HubSpot did not confirm this record; it is written again by the next run.';
    return { key, ok: false, reason: general ? reasonOf(general) : silent };
  });
}

/** Whether records came back of which the answer does not tell which they are. */
export function isAnonymous({ results }: BatchAnswer): boolean {
  return results.some(
    ({ objectWriteTraceId, properties }) => !(objectWriteTraceId ?? properties[keyProperty]),
  );
}

function keysOf({ context }: BatchError): readonly string[] {
  const found: string[] = [];
  for (const name of ['objectWriteTraceId', 'ids', 'id']) {
    const value = context?.[name];
    for (const item of Array.isArray(value) ? value : [value]) {
      if (typeof item === 'string' || typeof item === 'number') found.push(String(item));
    }
  }
  return found;
}

const codePattern = /"error"\s*:\s*"([A-Z_]+)"[^}]*?"name"\s*:\s*"(\w+)"/g;

/** Categories, codes and property names; HubSpot's sentences repeat the values, which may be a customer's. */
function reasonOf(error: BatchError): string {
  const codes = (error.errors ?? []).flatMap(({ code }) => code ?? []);
  for (const [, code, name] of (error.message ?? '').matchAll(codePattern)) codes.push(`${code} ${name}`);
  return describe([error.category, error.subCategory, ...codes]);
}

export function refusalOf(body: ErrorBody): string {
  return describe([body.category, body.subCategory, ...errorCodes(body)]);
}

function describe(parts: readonly (string | null | undefined)[]): string {
  const words = [...new Set(parts.filter(Boolean))].join(', ');
  return `HubSpot refused it (${words || 'no reason given'}); run crm-kpi install if a property is named, else see crm-kpi check.`;
}
