import { type Link, targetsOf, typesOfLink } from './links.ts';
import type { ObjectType, Portal, StoredRecord } from './portal.ts';
import { openRecord, readHistory, toIso } from './read-value.ts';

export interface Selection {
  /** Empty: the object's standard ones. */
  readonly properties: readonly string[];
  readonly histories: readonly string[];
  readonly associations: readonly ObjectType[];
}

/** Targets in one record's answer; more follow by the associations endpoints. */
const maxTargets = 100;

export const standardSelection: Selection = { properties: [], histories: [], associations: [] };

/** One record as the objects endpoints show it; names that it does not have are left out without a word. */
export function showRecord(
  portal: Portal,
  type: ObjectType,
  { record, selection }: { readonly record: StoredRecord; readonly selection: Selection },
): Record<string, unknown> {
  const { archivedAt } = record;
  return {
    id: `${record.id}`,
    properties: showValues(portal, type, { record, selection }),
    ...(selection.histories.length > 0
      ? { propertiesWithHistory: showHistories(portal, type, { record, selection }) }
      : {}),
    createdAt: toIso(record.createdAt),
    updatedAt: toIso(record.updatedAt),
    archived: archivedAt !== null,
    ...(archivedAt === null ? {} : { archivedAt: toIso(archivedAt) }),
    ...showAssociations(portal, type, { record, selection }),
    url: `https://app.hubspot.com/contacts/${portal.id}/record/${type.spec.typeId}/${record.id}`,
  };
}

interface Shown {
  readonly record: StoredRecord;
  readonly selection: Selection;
}

function showValues(
  portal: Portal,
  type: ObjectType,
  { record, selection }: Shown,
): Record<string, string | null> {
  const { spec } = type;
  const named = selection.properties.length > 0 ? selection.properties : standardNames(type);
  const read = openRecord(portal, type, record);
  const values: Record<string, string | null> = {};
  for (const name of [
    ...named,
    ...selection.histories,
    spec.createdProperty,
    spec.modifiedProperty,
    'hs_object_id',
  ]) {
    const value = read(name);
    if (value !== undefined) values[name] = value;
  }
  return values;
}

function standardNames(type: ObjectType): readonly string[] {
  const { schema } = type;
  if (!schema) return type.spec.standard;
  return [
    schema.primaryDisplayProperty ?? [],
    schema.secondaryDisplayProperties,
    schema.requiredProperties,
  ].flat();
}

function showHistories(
  portal: Portal,
  type: ObjectType,
  { record, selection }: Shown,
): Record<string, unknown> {
  const histories: Record<string, unknown> = {};
  for (const name of selection.histories) {
    const items = readHistory(portal, type, { record, name });
    if (items) histories[name] = items;
  }
  return histories;
}

function showAssociations(portal: Portal, type: ObjectType, { record, selection }: Shown): object {
  const associations: Record<string, unknown> = {};
  for (const to of selection.associations) {
    const ids = targetsOf(portal, type, record.id, to);
    if (ids.length === 0) continue;
    const shown = ids.slice(0, maxTargets);
    const results = shown.flatMap((toId) => showTypes(portal, { from: type, fromId: record.id, to, toId }));
    associations[associationKey(portal, to)] = {
      results,
      ...(ids.length > shown.length ? { paging: { next: { after: `${shown.at(-1)}` } } } : {}),
    };
  }
  return Object.keys(associations).length > 0 ? { associations } : {};
}

function associationKey(portal: Portal, { spec }: ObjectType): string {
  return spec.custom ? `p${portal.id}_${spec.name}` : spec.name.replaceAll('_', ' ');
}

/** An id repeats for each type: the primary company is there twice. */
function showTypes(portal: Portal, link: Link): { readonly id: string; readonly type: string }[] {
  const base = `${link.from.spec.singular}_to_${link.to.spec.singular}`;
  const types = typesOfLink(portal, link);
  const hasPrimary = types.some(({ label }) => label === 'Primary');
  return types.map(({ label }) => {
    const id = `${link.toId}`;
    if (label === 'Primary' || (label === null && !hasPrimary)) return { id, type: base };
    return { id, type: label === null ? `${base}_unlabeled` : label.toLowerCase().replaceAll(' ', '_') };
  });
}

/** Everything that there is about a record. */
export function showWhole(portal: Portal, type: ObjectType, record: StoredRecord): Record<string, unknown> {
  return showRecord(portal, type, {
    record,
    selection: {
      properties: [...type.properties.keys()],
      histories: [],
      associations: [...portal.types.values()],
    },
  });
}
