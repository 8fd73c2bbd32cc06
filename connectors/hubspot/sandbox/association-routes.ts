import type { SandboxAnswer } from '../../../src/sandbox/server.ts';
import { batchAnswer } from './batch-routes.ts';
import { readFields, readInputs, readLimit, readList, readText, requireText, toId } from './body.ts';
import { type Access, type Call, requireAccess, requireScopes } from './call.ts';
import { addLinkType, type LinkType, linkTypesOf } from './link-types.ts';
import { type Link, removeLink, targetsOf, typesOfLink } from './links.ts';
import { requireType } from './object-type.ts';
import type { ObjectType } from './portal.ts';
import { findRecord } from './records.ts';
import { invalid, notFound } from './refusal.ts';
import { lowerBound } from './search-index.ts';
import { invalidLinkType, makeLink } from './write-input.ts';

const maxRead = 1000;
const maxCreated = 2000;
const maxArchived = 100;
/** Targets of one record in one answer. */
const maxTargets = 500;

interface Pair {
  readonly from: ObjectType;
  readonly to: ObjectType;
}

/** Both sides have to be allowed. */
function openPair(call: Call, access: Access): Pair {
  const from = requireType(call.portal, call.params.from ?? '');
  const to = requireType(call.portal, call.params.to ?? '');
  requireAccess(call, from, access);
  requireAccess(call, to, access);
  if (linkTypesOf(call.portal, from, to).length > 0) return { from, to };
  throw invalid(`${from.spec.name} cannot be associated with ${to.spec.name}`, {
    subCategory: 'crm.associations.INVALID_ASSOCIATION_TYPE',
  });
}

export function readLinks(call: Call): SandboxAnswer {
  const pair = openPair(call, 'read');
  const results: unknown[] = [];
  const errors: unknown[] = [];
  for (const input of readInputs(call.body, maxRead)) {
    const id = requireText(input.id, 'id');
    const page = pageOfLinks(call, pair, { id, after: readText(input.after), limit: maxTargets });
    if (page.to.length > 0) {
      results.push({ from: { id }, to: page.to, ...page.paging });
    } else {
      errors.push(noLinks(pair, id));
    }
  }
  return batchAnswer(call, { status: 200, results, errors });
}

function noLinks({ from, to }: Pair, id: string): object {
  return {
    status: 'error',
    category: 'OBJECT_NOT_FOUND',
    subCategory: 'crm.associations.NO_ASSOCIATIONS_FOUND',
    message: `No ${to.spec.singular} is associated with ${from.spec.singular} ${id}.`,
    context: { fromObjectId: [id] },
  };
}

function pageOfLinks(
  call: Call,
  { from, to }: Pair,
  page: { readonly id: string; readonly after: string | null; readonly limit: number },
) {
  const fromId = findRecord(from, toId(page.id))?.id ?? Number.NaN;
  const ids = [...targetsOf(call.portal, from, fromId, to)].sort((a, b) => a - b);
  const start = page.after === null ? 0 : lowerBound(ids, toId(page.after));
  const shown = ids.slice(start, start + page.limit);
  const next = ids[start + page.limit];
  return {
    to: shown.map((targetId) => ({
      toObjectId: targetId,
      associationTypes: typesOfLink(call.portal, { from, fromId, to, toId: targetId }),
    })),
    paging: next === undefined ? {} : { paging: { next: { after: `${next}` } } },
  };
}

export function listLinks(call: Call): SandboxAnswer {
  const pair = openPair(call, 'read');
  const id = call.params.id ?? '';
  if (!findRecord(pair.from, toId(id))) throw notFound();
  const limit = readLimit(call.query, { standard: maxTargets, max: maxTargets });
  const page = pageOfLinks(call, pair, { id, after: call.query.get('after'), limit });
  return { status: 200, body: { results: page.to, ...page.paging } };
}

function readTypes(call: Call, { from, to }: Pair, raw: unknown): readonly LinkType[] {
  const known = linkTypesOf(call.portal, from, to);
  return readList(raw, 'types').map((entry) => {
    const typeId = Number(readText(readFields(entry, 'types').associationTypeId));
    const type = known.find((each) => each.typeId === typeId);
    if (type) return type;
    throw invalidLinkType(typeId);
  });
}

function openLink({ from, to }: Pair, fromText: string, toText: string): Link {
  const fromId = findRecord(from, toId(fromText))?.id;
  const target = findRecord(to, toId(toText))?.id;
  if (fromId !== undefined && target !== undefined) return { from, fromId, to, toId: target };
  throw invalid(`One of ${fromText} and ${toText} does not exist`, {
    subCategory: 'crm.associations.INVALID_IDENTIFIER',
  });
}

function showLink(call: Call, link: Link): object {
  return {
    fromObjectTypeId: link.from.spec.typeId,
    fromObjectId: `${link.fromId}`,
    toObjectTypeId: link.to.spec.typeId,
    toObjectId: `${link.toId}`,
    labels: typesOfLink(call.portal, link).flatMap(({ label }) => label ?? []),
  };
}

export function createLinks(call: Call): SandboxAnswer {
  const pair = openPair(call, 'write');
  const planned = readInputs(call.body, maxCreated).map((input) => ({
    link: openLink(
      pair,
      requireText(readFields(input.from, 'from').id, 'from.id'),
      requireText(readFields(input.to, 'to').id, 'to.id'),
    ),
    types: readTypes(call, pair, input.types),
  }));
  for (const { link, types } of planned) makeLink(call.portal, link, types);
  const results = planned.map(({ link }) => showLink(call, link));
  return batchAnswer(call, { status: 201, results, errors: [] });
}

export function putLink(call: Call): SandboxAnswer {
  const pair = openPair(call, 'write');
  const link = openLink(pair, call.params.id ?? '', call.params.toId ?? '');
  makeLink(call.portal, link, readTypes(call, pair, call.body));
  return { status: 201, body: showLink(call, link) };
}

export function putDefaultLink(call: Call): SandboxAnswer {
  const pair = openPair(call, 'write');
  const link = openLink(pair, call.params.id ?? '', call.params.toId ?? '');
  makeLink(call.portal, link, []);
  return batchAnswer(call, { status: 200, results: [showLink(call, link)], errors: [] });
}

export function deleteLink(call: Call): SandboxAnswer {
  const pair = openPair(call, 'write');
  removeLink(call.portal, openLink(pair, call.params.id ?? '', call.params.toId ?? ''));
  return { status: 204 };
}

/** One input may name several targets. */
export function archiveLinks(call: Call): SandboxAnswer {
  const pair = openPair(call, 'write');
  for (const input of readInputs(call.body, maxArchived)) {
    const from = requireText(readFields(input.from, 'from').id, 'from.id');
    const targets = Array.isArray(input.to) ? input.to : [input.to];
    for (const target of targets) {
      removeLink(call.portal, openLink(pair, from, requireText(readFields(target, 'to').id, 'to.id')));
    }
  }
  return { status: 204 };
}

export function listLabels(call: Call): SandboxAnswer {
  const { from, to } = openPair(call, 'read');
  return { status: 200, body: { results: linkTypesOf(call.portal, from, to) } };
}

/** Labels of one's own need Professional. */
export function createLabel(call: Call): SandboxAnswer {
  const pair = openPair(call, 'write');
  requireScopes(call, [`${pair.from.spec.schemaScope}.write`], 'professional');
  const body = readFields(call.body);
  const label = requireText(body.label, 'label');
  const there = addLinkType(call.portal, pair, label);
  const back = addLinkType(
    call.portal,
    { from: pair.to, to: pair.from },
    readText(body.inverseLabel) ?? label,
  );
  return { status: 200, body: { results: pair.from === pair.to ? [there] : [there, back] } };
}
