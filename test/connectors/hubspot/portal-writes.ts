import { type Answer, instant, invalid, notFound, type Question, showRecord } from './portal-answer.ts';
import { addRecord, link, type Portal, type PortalRecord, recordsOf, setValues } from './portal-state.ts';

interface Input {
  readonly id?: string;
  readonly idProperty?: string;
  readonly properties: Readonly<Record<string, string>>;
  readonly objectWriteTraceId?: string;
}

/** What is wrong with these values; null: nothing. */
function refusalOf(portal: Portal, type: string, values: Readonly<Record<string, unknown>>): string | null {
  const known = portal.properties.get(type);
  for (const [name, value] of Object.entries(values)) {
    const property = known?.get(name);
    if (!property) return `PROPERTY_DOESNT_EXIST ${name}`;
    if (typeof value !== 'string') return `${name} is no text`;
    if (value === '') continue;
    if (property.options.length > 0 && !property.options.includes(value))
      return `INVALID_OPTION ${name} ${value}`;
    if (property.type === 'number' && !Number.isFinite(Number(value))) return `INVALID_LONG ${name}`;
    if (property.type === 'date' && !/^\d{4}-\d{2}-\d{2}$/.test(value)) return `INVALID_DATE ${name}`;
    if (property.type === 'datetime' && Number.isNaN(Date.parse(value))) return `INVALID_DATE ${name}`;
    if (value.length > 65_536) return `${name} is too long`;
  }
  return null;
}

/**
 * POST .../batch/upsert: partial only where every input has a trace id of its own. The answer repeats neither key nor
 * trace id, and comes in no order: a client has to look.
 */
export function upsertRecords(portal: Portal, type: string, { body }: Question): Answer {
  const inputs = (body.inputs ?? []) as Input[];
  if (inputs.length === 0 || inputs.length > 100) return invalid(portal, `${inputs.length} inputs to upsert`);
  const traces = new Set(inputs.map(({ objectWriteTraceId }) => objectWriteTraceId).filter(Boolean));
  const mayBePartial = traces.size === inputs.length;
  const results: unknown[] = [];
  const errors: unknown[] = [];
  for (const input of inputs) {
    const { idProperty = 'hs_object_id', id = '', properties, objectWriteTraceId } = input;
    if (!portal.properties.get(type)?.get(idProperty)?.unique)
      return invalid(portal, `${idProperty} is not unique`);
    const problem = refusalOf(portal, type, properties);
    if (problem && !mayBePartial) return invalid(portal, problem);
    if (problem) {
      portal.complaints.push(problem);
      errors.push({
        category: 'VALIDATION_ERROR',
        context: { objectWriteTraceId: [objectWriteTraceId] },
        message: 'x',
      });
      continue;
    }
    const stands = [...recordsOf(portal, type).values()].find(
      (one) => one.values.get(idProperty) === id && one.archivedAt === null,
    );
    const values = { ...properties, [idProperty]: id };
    if (stands) setValues(portal, stands, { values });
    const record = stands ?? addRecord(portal, type, { values });
    results.unshift({ new: !stands, ...showRecord(portal, record, { names: [] }) });
  }
  const tail = errors.length > 0 ? { errors, numErrors: errors.length } : {};
  const times = { completedAt: instant(portal.now()), startedAt: instant(portal.now()) };
  return { status: errors.length > 0 ? 207 : 200, body: { ...times, results, ...tail, status: 'COMPLETE' } };
}

export function archiveRecords(portal: Portal, type: string, { body }: Question): Answer {
  for (const { id } of (body.inputs ?? []) as { readonly id: string }[]) {
    const record = recordsOf(portal, type).get(id);
    if (record) archive(portal, record);
  }
  return { status: 204 };
}

export function archive(portal: Portal, record: PortalRecord): void {
  record.archivedAt = portal.now();
}

export function archiveOne(portal: Portal, type: string, id: string): Answer {
  const record = recordsOf(portal, type).get(id);
  if (!record || record.archivedAt !== null) return notFound;
  archive(portal, record);
  return { status: 204 };
}

interface Association {
  readonly to: { readonly id: string };
  readonly types: readonly { readonly associationCategory: string; readonly associationTypeId: number }[];
}

const linkTypes: Readonly<Record<number, readonly [string, string]>> = {
  190: ['notes', 'companies'],
  192: ['tasks', 'companies'],
};

export function createRecord(portal: Portal, type: string, { body }: Question): Answer {
  const values = (body.properties ?? {}) as Record<string, string>;
  const needsTime = ['notes', 'tasks', 'calls'].includes(type) && !values.hs_timestamp;
  const problem = needsTime ? 'no hs_timestamp' : refusalOf(portal, type, values);
  if (problem) return invalid(portal, problem);
  const record = addRecord(portal, type, { values });
  for (const { to, types } of (body.associations ?? []) as Association[]) {
    for (const { associationTypeId } of types) {
      const pair = linkTypes[associationTypeId];
      if (pair?.[0] !== type) return invalid(portal, `association type ${associationTypeId} of ${type}`);
      link(portal, pair, { from: record.id, to: to.id, types: [associationTypeId] });
    }
  }
  return { status: 201, body: showRecord(portal, record, { names: Object.keys(values) }) };
}

export function updateRecord(
  portal: Portal,
  type: string,
  given: { readonly id: string; readonly question: Question },
) {
  const record = recordsOf(portal, type).get(given.id);
  if (!record || record.archivedAt !== null) return notFound;
  const values = (given.question.body.properties ?? {}) as Record<string, string>;
  const problem = refusalOf(portal, type, values);
  if (problem) return invalid(portal, problem);
  setValues(portal, record, { values });
  return { status: 200, body: showRecord(portal, record, { names: Object.keys(values) }) };
}
