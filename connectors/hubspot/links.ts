import type { Api } from './client.ts';
import { HubspotError } from './explain.ts';
import { associationAnswer, type BatchError, type HubspotRecord } from './shapes.ts';

interface Link {
  readonly id: string;
  readonly primary: boolean;
}

/** A record's links by object type. */
export type Linked = Readonly<Record<string, readonly Link[]>>;

/** Labels "Primary": deal, ticket and contact to company (developer documentation, "Associate records"). */
const primaryTypes = new Set([5, 26, 1]);
const readsPerCall = 1_000;

/** The primary link; else the one with the smallest id, so that every read chooses the same. */
export function pickLink(links: Linked, type: string): string | null {
  const found = links[type] ?? [];
  const primary = found.find((link) => link.primary);
  if (primary) return primary.id;
  return found.reduce<string | null>((least, { id }) => smaller(least, id), null);
}

function smaller(one: string | null, other: string): string {
  if (one === null) return other;
  if (one.length !== other.length) return one.length < other.length ? one : other;
  return one < other ? one : other;
}

/**
 * Links as a list page brings them. undefined: they must be asked for, as the list was cut, or names several records
 * of which none is said to be the primary one.
 */
export function linksInList(record: HubspotRecord, type: string): readonly Link[] | undefined {
  const list = record.associations?.[type];
  if (!list) return undefined;
  if (list.paging?.next) return undefined;
  const byId = new Map<string, boolean>();
  for (const { id, type: label } of list.results ?? []) {
    byId.set(id, (byId.get(id) ?? false) || /primary/i.test(label ?? ''));
  }
  const links = [...byId].map(([id, primary]) => ({ id, primary }));
  const unclear = type === 'companies' && links.length > 1 && !links.some((link) => link.primary);
  return unclear ? undefined : links;
}

/** Links of many records by v4 batch read; a record without any is no error. */
export async function fetchLinks(
  api: Api,
  pair: { readonly from: string; readonly to: string },
  ids: readonly string[],
): Promise<ReadonlyMap<string, readonly Link[]>> {
  const found = new Map<string, Link[]>();
  let wanted: { id: string; after?: string }[] = ids.map((id) => ({ id }));
  let size = readsPerCall;
  while (wanted.length > 0) {
    const inputs = wanted.slice(0, size);
    try {
      const more = await fetchOnce(api, pair, { inputs, found });
      wanted = [...wanted.slice(inputs.length), ...more];
    } catch (error) {
      // 524: it took more than 100 seconds; half of it may not.
      if (!(error instanceof HubspotError) || error.status !== 524 || inputs.length === 1) throw error;
      size = Math.ceil(inputs.length / 2);
    }
  }
  return found;
}

/** Returns what is still to be read of records with more links than one answer holds. */
async function fetchOnce(
  api: Api,
  pair: { readonly from: string; readonly to: string },
  work: {
    readonly inputs: readonly { id: string; after?: string }[];
    readonly found: Map<string, Link[]>;
  },
): Promise<{ id: string; after: string }[]> {
  const { value } = await api.call({
    what: `associations of ${pair.from} with ${pair.to}`,
    request: api.build.associations.getPage(pair.from, pair.to, { inputs: [...work.inputs] }),
    shape: associationAnswer,
    repeatable: true,
  });
  const more: { id: string; after: string }[] = [];
  for (const { from, to, paging } of value.results) {
    const links = work.found.get(from.id) ?? [];
    for (const { toObjectId, associationTypes } of to) {
      const primary = associationTypes.some(
        ({ category, typeId, label }) =>
          label === 'Primary' || (category !== 'USER_DEFINED' && primaryTypes.has(typeId)),
      );
      links.push({ id: toObjectId, primary });
    }
    work.found.set(from.id, links);
    if (paging?.next) more.push({ id: from.id, after: paging.next.after });
  }
  if (value.errors.some(isRealError)) reportErrors(api, pair, value.errors);
  return more;
}

/** Answers are 207 as soon as one record has no links: that is no error. */
function isRealError({ category, subCategory }: BatchError): boolean {
  if (subCategory?.endsWith('NO_ASSOCIATIONS_FOUND')) return false;
  return category !== 'OBJECT_NOT_FOUND';
}

function reportErrors(
  api: Api,
  pair: { readonly from: string; readonly to: string },
  errors: readonly BatchError[],
): never {
  const [first] = errors.filter(isRealError);
  throw new HubspotError(
    'remote',
    {
      where: `${api.connection} associations of ${pair.from} with ${pair.to}`,
      message: `HubSpot refused some of the links (${first?.subCategory ?? first?.category ?? 'no reason given'}).`,
      fix: 'Run again; if it persists, run crm-kpi sync --full.',
    },
    { status: 207, body: {} },
  );
}
