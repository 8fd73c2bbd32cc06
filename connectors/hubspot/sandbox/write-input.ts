import { type Fields, readFields, readList, readText, requireText, toId } from './body.ts';
import { type Call, requireAccess } from './call.ts';
import { type LinkType, linkTypesOf } from './link-types.ts';
import { addLink, type Link, labelLink } from './links.ts';
import type { ObjectType, Portal, StoredRecord, Values } from './portal.ts';
import { createRecord, findRecord, findUnique } from './records.ts';
import { invalid, invalidValues, Refusal } from './refusal.ts';
import { checkRequired, checkValues } from './values.ts';

/** Checked values, or the refusal that names everything that is wrong with them. */
export function writeValues(
  portal: Portal,
  type: ObjectType,
  input: { readonly fields: Fields; readonly ownId: number | null },
): Values {
  const { values, problems } = checkValues(portal, type, input);
  const email = values.email;
  const holder = type.spec.name === 'contacts' && email ? findUnique(type, 'email', email) : undefined;
  if (holder && holder.id !== input.ownId) throw contactExists(holder);
  const clash = type.spec.name === 'contacts' ? problems.find(isEmailClash) : undefined;
  if (clash) {
    const other = findUnique(type, 'email', readText(input.fields.email) ?? '');
    if (other) throw contactExists(other);
  }
  if (problems.length > 0) throw invalidValues(problems, portal.id);
  return values;
}

function isEmailClash(problem: { readonly name: string; readonly code: string }): boolean {
  return problem.name === 'email' && problem.code === 'CONFLICTING_UNIQUE_VALUE';
}

function contactExists(holder: StoredRecord): Refusal {
  return new Refusal(409, {
    message: `Contact already exists. Existing ID: ${holder.id}`,
    category: 'CONFLICT',
  });
}

/** A plan that has been checked whole, so that nothing is written when it is refused. */
export interface PlannedRecord {
  readonly values: Values;
  readonly links: readonly PlannedLink[];
}

interface PlannedLink {
  readonly to: ObjectType;
  readonly toId: number;
  readonly types: readonly LinkType[];
}

export function planRecord(call: Call, type: ObjectType, input: Fields): PlannedRecord {
  const fields = readFields(input.properties ?? {}, 'properties');
  const values = writeValues(call.portal, type, { fields, ownId: null });
  checkRequired(type, values);
  const links = readList(input.associations, 'associations').flatMap((entry) =>
    planLinks(call, type, readFields(entry, 'associations')),
  );
  return { values, links };
}

export function carryOut(call: Call, type: ObjectType, planned: PlannedRecord): StoredRecord {
  const writer = { sourceType: 'INTEGRATION', sourceId: call.caller.app } as const;
  const record = createRecord(call.portal, type, { values: planned.values, writer });
  for (const { to, toId, types } of planned.links) {
    makeLink(call.portal, { from: type, fromId: record.id, to, toId }, types);
  }
  return record;
}

export function createFromInput(call: Call, type: ObjectType, input: Fields): StoredRecord {
  return carryOut(call, type, planRecord(call, type, input));
}

/** The object on the other side follows from the type's id. */
function planLinks(call: Call, from: ObjectType, entry: Fields): PlannedLink[] {
  const toId_ = toId(requireText(readFields(entry.to, 'to').id, 'to.id'));
  const wanted = readList(entry.types, 'types').map((type) => readFields(type, 'types'));
  if (wanted.length === 0) throw invalid('Some required fields were not set: [types]');
  return wanted.map((spec) => {
    const typeId = Number(readText(spec.associationTypeId));
    const found = findLinkType(call.portal, from, typeId);
    if (!found) throw invalidLinkType(typeId);
    requireAccess(call, found.to, 'write');
    if (!findRecord(found.to, toId_))
      throw invalid(`One or more associations are not valid: ${toId_} does not exist`);
    return { to: found.to, toId: toId_, types: [found.type] };
  });
}

function findLinkType(portal: Portal, from: ObjectType, typeId: number) {
  for (const to of portal.types.values()) {
    const type = linkTypesOf(portal, from, to).find((each) => each.typeId === typeId);
    if (type) return { to, type };
  }
  return undefined;
}

export function invalidLinkType(typeId: number): Refusal {
  return invalid(`The association type ${typeId} does not exist between these objects`, {
    subCategory: 'crm.associations.INVALID_ASSOCIATION_TYPE',
  });
}

export function makeLink(portal: Portal, link: Link, types: readonly LinkType[]): void {
  addLink(
    portal,
    link,
    types.some(({ label }) => label === 'Primary'),
  );
  for (const { label, typeId } of types) {
    if (label !== null && label !== 'Primary') labelLink(portal, link, typeId);
  }
}
