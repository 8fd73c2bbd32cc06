import type { SandboxAnswer } from '../../../src/sandbox/server.ts';
import {
  type Fields,
  readFields,
  readFlag,
  readInputs,
  readText,
  readTexts,
  requireText,
  toId,
} from './body.ts';
import { type Call, openType } from './call.ts';
import { findByKey, requireUnique, showWritten, writerOf } from './object-routes.ts';
import type { ObjectType, StoredRecord } from './portal.ts';
import { toIso } from './read-value.ts';
import { showRecord } from './record-answer.ts';
import { archiveRecord, changeRecord } from './records.ts';
import { invalid, notFound, Refusal } from './refusal.ts';
import { carryOut, planRecord, writeValues } from './write-input.ts';

const maxInputs = 100;
const maxInputsWithHistory = 50;

/** `results` and `errors` of a batch; 207 as soon as there is an error. */
export function batchAnswer(
  call: Call,
  outcome: {
    readonly status: number;
    readonly results: readonly unknown[];
    readonly errors: readonly unknown[];
  },
): SandboxAnswer {
  const { results, errors } = outcome;
  const at = toIso(call.portal.now());
  return {
    status: errors.length > 0 ? 207 : outcome.status,
    body: {
      status: 'COMPLETE',
      results,
      ...(errors.length > 0 ? { numErrors: errors.length, errors } : {}),
      startedAt: at,
      completedAt: at,
    },
  };
}

export function readBatch(call: Call): SandboxAnswer {
  const type = openType(call, 'read');
  const body = readFields(call.body);
  const histories = readTexts(body.propertiesWithHistory, 'propertiesWithHistory');
  const inputs = readInputs(body, histories.length > 0 ? maxInputsWithHistory : maxInputs);
  const selection = { properties: readTexts(body.properties, 'properties'), histories, associations: [] };
  const archived = readFlag(call.query, 'archived');
  const idProperty = readText(body.idProperty);
  const missing: string[] = [];
  const found = new Map<number, StoredRecord>();
  for (const input of inputs) {
    const id = requireText(input.id, 'id');
    const record = findByKey(type, id, idProperty);
    if (record && (record.archivedAt !== null) === archived) found.set(record.id, record);
    else missing.push(id);
  }
  const results = [...found.values()].map((record) => showRecord(call.portal, type, { record, selection }));
  return batchAnswer(call, {
    status: 200,
    results,
    errors: missing.length > 0 ? [missingError(type, missing)] : [],
  });
}

function missingError(type: ObjectType, ids: readonly string[]): object {
  return {
    status: 'error',
    category: 'OBJECT_NOT_FOUND',
    message: `Could not get some ${type.spec.singular.toUpperCase()} objects, they may be deleted or not exist. Check that ids are valid.`,
    context: { ids },
  };
}

interface Written {
  readonly record: StoredRecord;
  readonly isNew?: boolean;
}

/** Checks one input and gives the write that is left to do; null: nothing, and nothing is said. */
type Plan = (input: Fields) => (() => Written) | null;

/**
 * Partial success only if every input carries an objectWriteTraceId of its own; otherwise the first bad input
 * refuses the batch, and nothing is written.
 */
function writeBatch(
  call: Call,
  type: ObjectType,
  how: { status: number; plan: Plan; partial: boolean },
): SandboxAnswer {
  const inputs = readInputs(call.body, maxInputs);
  const traces = inputs.map((input) => readText(input.objectWriteTraceId));
  const distinct = new Set(traces.filter((trace) => trace !== null && trace !== ''));
  const isPartial = how.partial && inputs.length > 0 && distinct.size === inputs.length;
  if (!isPartial) refuseIfAnyIsBad(inputs, how.plan);
  const results: unknown[] = [];
  const errors: unknown[] = [];
  for (const [index, input] of inputs.entries()) {
    try {
      const written = how.plan(input)?.();
      if (written) results.push(showOutcome(call, type, { written, input }));
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      errors.push(inputError(error, { trace: traces[index] ?? null, id: readText(input.id) }));
    }
  }
  return batchAnswer(call, { status: how.status, results, errors });
}

/** Unknown ids do not refuse a batch: they are told beside the results. */
function refuseIfAnyIsBad(inputs: readonly Fields[], plan: Plan): void {
  for (const input of inputs) {
    try {
      plan(input);
    } catch (error) {
      if (!(error instanceof Refusal) || error.status !== 404) throw error;
    }
  }
}

function showOutcome(
  call: Call,
  type: ObjectType,
  { written, input }: { readonly written: Written; readonly input: Fields },
): object {
  const trace = readText(input.objectWriteTraceId);
  return {
    ...showWritten(call.portal, type, { record: written.record, input }),
    ...(written.isNew === undefined ? {} : { new: written.isNew }),
    ...(trace === null ? {} : { objectWriteTraceId: trace }),
  };
}

function inputError(
  error: Refusal,
  input: { readonly trace: string | null; readonly id: string | null },
): object {
  const context = {
    ...(input.trace === null ? {} : { objectWriteTraceId: [input.trace] }),
    ...(error.status === 404 && input.id !== null ? { ids: [input.id] } : {}),
  };
  const { category, message, errors } = error.body;
  return { status: 'error', category, message, context, ...(errors === undefined ? {} : { errors }) };
}

export function createBatch(call: Call): SandboxAnswer {
  const type = openType(call, 'write');
  refuseRepeats(type, call.body);
  const plan: Plan = (input) => {
    const planned = planRecord(call, type, input);
    return () => ({ record: carryOut(call, type, planned) });
  };
  return writeBatch(call, type, { status: 201, plan, partial: true });
}

/** Two new records with one unique value would pass the check one by one. */
function refuseRepeats(type: ObjectType, body: unknown): void {
  const unique = [...type.properties.values()].filter(({ hasUniqueValue }) => hasUniqueValue);
  const inputs = readInputs(body, maxInputs).map((input) => readFields(input.properties ?? {}, 'properties'));
  for (const { name } of unique) {
    const values = inputs
      .map((fields) => readText(fields[name]))
      .filter((value) => value !== null && value !== '');
    if (new Set(values).size < values.length)
      throw invalid(`Duplicate values found in batch input for ${name}`);
  }
}

function refuseRepeatedIds(body: unknown): void {
  const ids = readInputs(body, maxInputs).map((input) => requireText(input.id, 'id'));
  const repeated = ids.filter((id, index) => ids.indexOf(id) !== index);
  if (repeated.length === 0) return;
  throw invalid(
    `Duplicate IDs found in batch input: [${[...new Set(repeated)].join(', ')}]. IDs must be unique`,
  );
}

export function updateBatch(call: Call): SandboxAnswer {
  const type = openType(call, 'write');
  refuseRepeatedIds(call.body);
  const plan: Plan = (input) => {
    const id = requireText(input.id, 'id');
    // Ids that were merged away are left out of the answer without an error.
    if (type.merged.has(toId(id))) return null;
    const record = findByKey(type, id, readText(input.idProperty));
    if (!record || record.archivedAt !== null) throw notFound();
    return planChange(call, type, { record, input });
  };
  return writeBatch(call, type, { status: 200, plan, partial: true });
}

function planChange(
  call: Call,
  type: ObjectType,
  { record, input }: { readonly record: StoredRecord; readonly input: Fields },
): () => Written {
  const fields = readFields(input.properties ?? {}, 'properties');
  const values = writeValues(call.portal, type, { fields, ownId: record.id });
  return () => ({ record: changeRecord(call.portal, type, { record, values, writer: writerOf(call) }) });
}

export function upsertBatch(call: Call): SandboxAnswer {
  const type = openType(call, 'write');
  refuseRepeatedIds(call.body);
  const plan: Plan = (input) => {
    const id = requireText(input.id, 'id');
    const property = readText(input.idProperty);
    if (property !== null && property !== 'hs_object_id') requireUnique(type, property);
    const record = findByKey(type, id, property);
    if (record && record.archivedAt === null) {
      const change = planChange(call, type, { record, input });
      return () => ({ ...change(), isNew: false });
    }
    if (property === null || property === 'hs_object_id') throw notFound();
    const fields = readFields(input.properties ?? {}, 'properties');
    const planned = planRecord(call, type, { ...input, properties: { ...fields, [property]: id } });
    return () => ({ record: carryOut(call, type, planned), isNew: true });
  };
  // Contacts by e-mail succeed or fail as a whole.
  const byEmail = readInputs(call.body, maxInputs).some((input) => readText(input.idProperty) === 'email');
  return writeBatch(call, type, { status: 200, plan, partial: !byEmail });
}

/** Unknown ids pass. */
export function archiveBatch(call: Call): SandboxAnswer {
  const type = openType(call, 'write');
  for (const input of readInputs(call.body, maxInputs)) {
    const record = type.records.get(toId(requireText(input.id, 'id')));
    if (record) archiveRecord(call.portal, type, record);
  }
  return { status: 204 };
}
