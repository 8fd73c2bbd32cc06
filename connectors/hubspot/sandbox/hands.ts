import type { Sandbox } from '../../../src/sandbox/sandbox.ts';
import { toId } from './body.ts';
import { addLink, type Link, removeLink } from './links.ts';
import { addOwner, readCampaign, readEmail, readOwner, readPipeline, readRate } from './load-documents.ts';
import { addOwnProperty, findType, inferType } from './object-type.ts';
import { definePipelineProperties } from './pipelines.ts';
import type { ObjectType, Portal, StoredRecord } from './portal.ts';
import { showWhole } from './record-answer.ts';
import {
  archiveRecord,
  changeRecord,
  createRecord,
  findRecord,
  mergeRecords,
  purgeRecord,
  restoreRecord,
  type Writer,
} from './records.ts';
import { invalidValues } from './refusal.ts';
import { checkValues } from './values.ts';

type Fields = Readonly<Record<string, unknown>>;

/** What a person does in the CRM's own pages. */
export interface Hands extends Pick<Sandbox, 'get' | 'ids' | 'put' | 'remove'> {
  /** Takes an archived record out of the recycle bin. */
  restore(object: string, id: string): void;
  /** Merges one record into another; the survivor's id. */
  merge(object: string, ids: { readonly from: string; readonly into: string }): string;
  /** Links two records; neither is modified by it. The newest company becomes the primary one. */
  link(from: readonly [object: string, id: string], to: readonly [object: string, id: string]): void;
  unlink(from: readonly [object: string, id: string], to: readonly [object: string, id: string]): void;
  /** Takes a scope from the app, or an object from the account. */
  withhold(name: string): void;
}

const writer: Writer = { sourceType: 'CRM_UI', sourceId: 'userId:9000001' };

export function createHands(portal: Portal): Hands {
  const documents = documentsOf(portal);
  return {
    get: (object, id) => {
      const own = documents[object];
      if (own) return own.get(id);
      const type = findType(portal, object);
      const record = type && findRecord(type, toId(id));
      return type && record ? showWhole(portal, type, record) : undefined;
    },
    ids: (object) => documents[object]?.ids() ?? livingIds(findType(portal, object)),
    put: (object, fields, id) => {
      const own = documents[object];
      if (own) return own.put(fields, id);
      return putRecord(portal, needType(portal, object), { fields, id });
    },
    remove: (object, id, how = 'delete') => {
      const own = documents[object];
      if (own) return own.remove(id);
      const type = needType(portal, object);
      const record = needRecord(type, id);
      if (how === 'purge') purgeRecord(portal, type, record);
      else archiveRecord(portal, type, record);
    },
    restore: (object, id) => {
      const type = needType(portal, object);
      restoreRecord(portal, type, needRecord(type, id));
    },
    merge: (object, pair) => {
      const type = needType(portal, object);
      const [into, from] = [needRecord(type, pair.into), needRecord(type, pair.from)];
      return `${mergeRecords(portal, type, { into, from, writer }).id}`;
    },
    link: (from, to) => addLink(portal, needLink(portal, from, to), to[0] === 'companies'),
    unlink: (from, to) => removeLink(portal, needLink(portal, from, to)),
    withhold: (name) => void portal.without.add(name),
  };
}

function livingIds(type: ObjectType | undefined): string[] {
  if (!type) return [];
  return type.ids.filter((id) => type.records.has(id) && !type.archived.has(id)).map(String);
}

function needType(portal: Portal, object: string): ObjectType {
  const type = findType(portal, object);
  if (type) return type;
  throw new RangeError(`The sandbox has no object ${object}.`);
}

function needRecord(type: ObjectType, id: string): StoredRecord {
  const record = findRecord(type, toId(id));
  if (record) return record;
  throw new RangeError(`The sandbox has no ${type.spec.singular} ${id}.`);
}

function needLink(portal: Portal, from: readonly [string, string], to: readonly [string, string]): Link {
  const [fromType, toType] = [needType(portal, from[0]), needType(portal, to[0])];
  return {
    from: fromType,
    fromId: needRecord(fromType, from[1]).id,
    to: toType,
    toId: needRecord(toType, to[1]).id,
  };
}

/** Unknown properties are made in passing; values are checked as everywhere. */
function putRecord(
  portal: Portal,
  type: ObjectType,
  { fields, id }: { readonly fields: Fields; readonly id: string | undefined },
): string {
  for (const [name, value] of Object.entries(fields)) {
    if (type.properties.has(name)) continue;
    const values = value === null || value === undefined ? [] : [String(value)];
    addOwnProperty(type, { name, type: inferType(values) }, portal.now());
  }
  const record = id === undefined ? null : needRecord(type, id);
  const { values, problems } = checkValues(portal, type, { fields, ownId: record?.id ?? null });
  if (problems.length > 0) throw invalidValues(problems, portal.id);
  const written = record
    ? changeRecord(portal, type, { record, values, writer })
    : createRecord(portal, type, { values, writer });
  return `${written.id}`;
}

interface Documents {
  get(id: string): Fields | undefined;
  ids(): string[];
  put(fields: Fields, id?: string): string;
  remove(id: string): void;
}

/** What is no CRM record: it is put in the API's own shape, a part of it being enough. */
function documentsOf(portal: Portal): Readonly<Record<string, Documents>> {
  const campaigns = makeDocuments(portal, portal.campaigns, (row) => readCampaign(portal, row));
  return {
    owners: ownersOf(portal),
    marketing_emails: makeDocuments(portal, portal.emails, (row) => readEmail(portal, row)),
    campaigns,
    marketing_campaigns: campaigns,
    exchange_rates: makeDocuments(portal, portal.rates, (row) => readRate(portal, row)),
    pipelines_deals: pipelinesOf(portal, 'deals'),
    pipelines_tickets: pipelinesOf(portal, 'tickets'),
  };
}

function makeDocuments<T extends { readonly id: string; readonly updatedAt: string }>(
  portal: Portal,
  items: Map<string, T>,
  read: (row: Fields) => T,
): Documents {
  return {
    get: (id) => {
      const item = items.get(id);
      return item && { ...item };
    },
    ids: () => [...items.keys()],
    put: (fields, id = `${portal.nextSerial()}`) => {
      const updatedAt = new Date(portal.now()).toISOString();
      const before: Partial<T> = items.get(id) ?? {};
      items.set(id, read({ createdAt: updatedAt, ...before, ...fields, id, updatedAt }));
      return id;
    },
    remove: (id) => void items.delete(id),
  };
}

/** Someone who leaves is archived, not deleted. */
function ownersOf(portal: Portal): Documents {
  const documents = makeDocuments(portal, portal.owners, (row) => readOwner(portal, row));
  return {
    ...documents,
    ids: () => [...portal.owners.values()].filter(({ archived }) => !archived).map(({ id }) => id),
    put: (fields, id) => {
      const stored = documents.put(fields, id);
      const owner = portal.owners.get(stored);
      if (owner) addOwner(portal, owner);
      return stored;
    },
    remove: (id) => void documents.put({ archived: true }, id),
  };
}

function pipelinesOf(portal: Portal, object: string): Documents {
  const all = () => portal.pipelines.get(object) ?? [];
  return {
    get: (id) => {
      const pipeline = all().find((each) => each.id === id);
      return pipeline && { ...pipeline };
    },
    ids: () => all().map(({ id }) => id),
    put: (fields, id = `${portal.nextSerial()}`) => {
      const before = all().find((each) => each.id === id);
      const updatedAt = new Date(portal.now()).toISOString();
      const pipeline = readPipeline(portal, { ...before, ...fields, id, updatedAt }, all().length);
      portal.pipelines.set(object, [...all().filter((each) => each.id !== id), pipeline]);
      definePipelineProperties(portal, object);
      return id;
    },
    remove: (id) => {
      portal.pipelines.set(
        object,
        all().filter((each) => each.id !== id),
      );
    },
  };
}
