import {
  type Answer,
  fromToken,
  instant,
  invalid,
  listParam,
  notFound,
  type Question,
  showRecord,
  toToken,
} from './portal-answer.ts';
import { compareNumbers, isMerged, type Portal, recordsOf, survivorOf } from './portal-state.ts';

/** GET /crm/v3/objects/{type}: ids ascending, opaque page tokens, no `paging` on the last page. */
export function listRecords(portal: Portal, type: string, { query }: Question): Answer {
  const limit = Number(query.get('limit') ?? 10);
  const history = listParam(query, 'propertiesWithHistory');
  const most = history.length > 0 ? 50 : 100;
  if (!(limit >= 1 && limit <= most)) return invalid(portal, `limit ${limit} of ${type}`);
  const wantsArchived = query.get('archived') === 'true';
  const after = fromToken(query.get('after'));
  const found = [...recordsOf(portal, type).values()]
    .filter((record) => (record.archivedAt !== null) === wantsArchived && !isMerged(portal, record))
    .filter(({ id }) => after === null || compareNumbers(id, after) > 0)
    .sort((one, other) => compareNumbers(one.id, other.id));
  const page = found.slice(0, limit);
  const names = listParam(query, 'properties');
  const types = listParam(query, 'associations');
  const results = page.map((record) => ({
    ...(types.length > 0 && withLinks(portal, record.id, { type, types })),
    ...showRecord(portal, record, { names, history }),
  }));
  const last = page.at(-1)?.id;
  const next = found.length > limit && last ? { paging: { next: { link: '?', after: toToken(last) } } } : {};
  return { status: 200, body: { ...next, results } };
}

function withLinks(
  portal: Portal,
  id: string,
  { type, types }: { readonly type: string; readonly types: readonly string[] },
): Record<string, unknown> {
  const associations: Record<string, unknown> = {};
  for (const other of types) {
    const links = (portal.links.get(`${type}>${other}`) ?? []).filter(({ from }) => from === id);
    if (links.length === 0) continue;
    // An id comes once for each of its types.
    const results = links.flatMap(({ to, types: ids }) =>
      ids.map((one) => ({ type: `${type}_${one}`, id: to })),
    );
    associations[other] = { results };
  }
  return Object.keys(associations).length > 0 ? { associations } : {};
}

/** POST .../batch/read: any order, 207 as soon as one id is not there; survivors answer for what was merged away. */
export function readBatch(portal: Portal, type: string, { body, query }: Question): Answer {
  const inputs = (body.inputs ?? []) as { readonly id: string }[];
  const history = (body.propertiesWithHistory ?? []) as string[];
  const most = history.length > 0 ? 50 : 100;
  if (inputs.length > most) return invalid(portal, `${inputs.length} inputs of ${type}`);
  const idProperty = body.idProperty as string | undefined;
  const all = [...recordsOf(portal, type).values()];
  const wantsArchived = query.get('archived') === 'true';
  const results: unknown[] = [];
  const missing: string[] = [];
  for (const { id } of inputs) {
    const asked = idProperty ? id : survivorOf(portal, type, id);
    const record = all.find((one) => (idProperty ? one.values.get(idProperty) : one.id) === asked);
    if (!record || (record.archivedAt !== null) !== wantsArchived) missing.push(id);
    else results.unshift(showRecord(portal, record, { names: (body.properties ?? []) as string[], history }));
  }
  const done = { startedAt: instant(portal.now()), completedAt: instant(portal.now()), results };
  if (missing.length === 0) return { status: 200, body: { ...done, status: 'COMPLETE' } };
  const error = { category: 'OBJECT_NOT_FOUND', context: { ids: missing }, message: 'x', status: 'error' };
  return { status: 207, body: { ...done, errors: [error], numErrors: 1, status: 'COMPLETE' } };
}

/** GET /crm/v3/objects/{type}/{id}: the answer's id is the survivor's. */
export function readOne(
  portal: Portal,
  type: string,
  given: { readonly id: string; readonly question: Question },
) {
  const record = recordsOf(portal, type).get(survivorOf(portal, type, given.id));
  if (!record || record.archivedAt !== null) return notFound;
  const names = listParam(given.question.query, 'properties');
  return { status: 200, body: showRecord(portal, record, { names }) };
}

/** POST /crm/v4/associations/{from}/{to}/batch/read: ids as text, 207 for every record without any. */
export function readLinks(portal: Portal, pair: readonly [string, string], { body }: Question): Answer {
  const inputs = (body.inputs ?? []) as { readonly id: string }[];
  if (inputs.length > 1_000) return invalid(portal, `${inputs.length} inputs of associations`);
  const links = portal.links.get(pair.join('>')) ?? [];
  const results: unknown[] = [];
  const errors: unknown[] = [];
  for (const { id } of inputs) {
    const own = links.filter(({ from }) => from === id);
    if (own.length === 0) errors.push(noLinks(id));
    else results.push({ to: own.map(showLink), from: { id } });
  }
  const tail = errors.length > 0 ? { errors, numErrors: errors.length } : {};
  return { status: errors.length > 0 ? 207 : 200, body: { status: 'COMPLETE', results, ...tail } };
}

function showLink({ to, types }: { readonly to: string; readonly types: readonly number[] }): unknown {
  const shown = types.map((typeId) => ({ label: null, typeId: String(typeId), category: 'HUBSPOT_DEFINED' }));
  return { associationTypes: shown, toObjectId: to };
}

function noLinks(id: string): unknown {
  return {
    status: 'error',
    subCategory: 'crm.associations.NO_ASSOCIATIONS_FOUND',
    context: { fromObjectId: [id] },
    category: 'OBJECT_NOT_FOUND',
    message: 'x',
  };
}
