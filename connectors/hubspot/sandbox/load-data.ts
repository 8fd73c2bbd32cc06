import { findNdjson, readNdjson } from '../../../src/sandbox/ndjson.ts';
import { type Fields, isFields } from './body.ts';
import { badRow, readInstant } from './data-rows.ts';
import { linkTypesOf } from './link-types.ts';
import { addLink } from './links.ts';
import { loadCampaigns, loadEmails, loadOwners, loadPipelines, loadRates } from './load-documents.ts';
import { addOwnProperty, createType, findType, inferType } from './object-type.ts';
import { customSpec } from './object-types.ts';
import type { HistoryItem, ObjectType, Portal } from './portal.ts';
import { seedRecord } from './records.ts';

/** Fills a portal from a folder with one file per object; ids, times and values stay as they are. */
export async function loadData(portal: Portal, folder: string): Promise<void> {
  const files = await findNdjson(folder);
  const links: LoadedLink[] = [];
  for (const [object, path] of files) {
    const rows = await readAll(path);
    if (loadDocuments(portal, object, { rows, path })) continue;
    const type = findType(portal, object) ?? addObject(portal, object);
    loadRecords(portal, type, { rows, path, links });
  }
  for (const link of links) makeLoadedLink(portal, link);
}

async function readAll(path: string): Promise<Fields[]> {
  const rows: Fields[] = [];
  for await (const row of readNdjson(path)) rows.push(row);
  return rows;
}

interface Loaded {
  readonly rows: readonly Fields[];
  readonly path: string;
}

/** Files whose rows are no CRM records. */
function loadDocuments(portal: Portal, object: string, { rows, path }: Loaded): boolean {
  if (object === 'owners') loadOwners(portal, rows, path);
  else if (object === 'marketing_emails') loadEmails(portal, rows, path);
  else if (object === 'exchange_rates') loadRates(portal, rows, path);
  else if (object === 'campaigns' || object === 'marketing_campaigns') loadCampaigns(portal, rows, path);
  else if (object.startsWith('pipelines_'))
    loadPipelines(portal, object.slice('pipelines_'.length), { rows, path });
  else return false;
  return true;
}

/** An object that HubSpot does not have is one of the portal's own. */
function addObject(portal: Portal, name: string): ObjectType {
  const typeId = `2-${3_000_000 + portal.nextSerial()}`;
  const type = createType(customSpec({ name, typeId, singular: name }), portal.startedAt);
  const at = new Date(portal.startedAt).toISOString();
  type.schema = {
    id: typeId.slice(2),
    labels: { singular: name, plural: name },
    description: null,
    primaryDisplayProperty: null,
    secondaryDisplayProperties: [],
    searchableProperties: [],
    requiredProperties: [],
    associatedObjects: [],
    createdAt: at,
    updatedAt: at,
    archived: false,
  };
  portal.types.set(name, type);
  return type;
}

interface LoadedLink {
  readonly from: ObjectType;
  readonly fromId: number;
  readonly object: string;
  readonly toId: number;
}

function loadRecords(
  portal: Portal,
  type: ObjectType,
  { rows, path, links }: Loaded & { readonly links: LoadedLink[] },
): void {
  defineUnknown(portal, type, rows);
  const records = rows.map((row, index) => readRecord(row, `${path}:${index + 1}`));
  records.sort((a, b) => a.id - b.id);
  for (const { associations, ...record } of records) {
    seedRecord(type, record);
    for (const [object, toId] of associations) links.push({ from: type, fromId: record.id, object, toId });
  }
}

/** Properties that HubSpot does not have are the portal's own, typed by their values. */
function defineUnknown(portal: Portal, type: ObjectType, rows: readonly Fields[]): void {
  const samples = new Map<string, string[]>();
  for (const { properties } of rows) {
    for (const [name, value] of Object.entries(isFields(properties) ? properties : {})) {
      if (type.properties.has(name)) continue;
      const seen = samples.get(name) ?? [];
      samples.set(name, seen);
      if (value !== null && value !== undefined && value !== '') seen.push(String(value));
    }
  }
  for (const [name, values] of samples)
    addOwnProperty(type, { name, type: inferType(values) }, portal.startedAt);
}

function readRecord(row: Fields, where: string) {
  const id = Number(row.id);
  const createdAt = readInstant(row.createdAt, `${where} createdAt`);
  const updatedAt = readInstant(row.updatedAt ?? row.createdAt, `${where} updatedAt`);
  if (!Number.isSafeInteger(id) || id <= 0) throw badRow(`${where} id`, 'is not a whole number');
  const archivedAt = row.archived === true ? readInstant(row.archivedAt ?? row.updatedAt, where) : null;
  const contents = { values: readValues(row.properties), histories: readHistories(row), since: updatedAt };
  return { id, createdAt, updatedAt, archivedAt, contents, associations: readAssociations(row.associations) };
}

function readValues(raw: unknown): Record<string, string | null> {
  const values: Record<string, string | null> = {};
  for (const [name, value] of Object.entries(isFields(raw) ? raw : {})) {
    values[name] = value === null || value === undefined || value === '' ? null : String(value);
  }
  return values;
}

function readHistories(row: Fields): Record<string, HistoryItem[]> {
  const histories: Record<string, HistoryItem[]> = {};
  const raw = isFields(row.propertiesWithHistory) ? row.propertiesWithHistory : {};
  for (const [name, items] of Object.entries(raw)) {
    if (!Array.isArray(items)) continue;
    histories[name] = items.filter(isFields).map((item) => ({
      value: String(item.value ?? ''),
      timestamp: String(item.timestamp ?? ''),
      sourceType: String(item.sourceType ?? 'IMPORT'),
      ...(item.sourceId === undefined ? {} : { sourceId: String(item.sourceId) }),
    }));
  }
  return histories;
}

function readAssociations(raw: unknown): [object: string, toId: number][] {
  return Object.entries(isFields(raw) ? raw : {}).flatMap(([object, list]) => {
    const results = isFields(list) && Array.isArray(list.results) ? list.results.filter(isFields) : [];
    return results.map(({ id }): [string, number] => [object.replaceAll(' ', '_'), Number(id)]);
  });
}

function makeLoadedLink(portal: Portal, { from, fromId, object, toId }: LoadedLink): void {
  const to = findType(portal, object);
  if (!to?.records.has(toId) || linkTypesOf(portal, from, to).length === 0) return;
  addLink(portal, { from, fromId, to, toId });
}
