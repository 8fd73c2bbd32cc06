import { type LinkType, linkTypesOf } from './link-types.ts';
import type { ObjectType, Portal } from './portal.ts';

/**
 * Associations between records, kept in both directions. The first company of a deal, contact or ticket is its
 * primary one. One number instead of a list where there is a single target: a large portal has millions of these.
 */
export interface Links {
  /** `deals>companies` -> from -> targets */
  readonly pairs: Map<string, Map<number, number | number[]>>;
  /** `deals>companies:1:2` -> type ids besides the pair's own. */
  readonly labels: Map<string, Set<number>>;
  /** Types that the portal's own objects and labels added; `from>to` -> types. */
  readonly ownTypes: Map<string, LinkType[]>;
  version: number;
}

export interface Link {
  readonly from: ObjectType;
  readonly fromId: number;
  readonly to: ObjectType;
  readonly toId: number;
}

export function createLinks(): Links {
  return { pairs: new Map(), labels: new Map(), ownTypes: new Map(), version: 0 };
}

function pairOf(from: ObjectType, to: ObjectType): string {
  return `${from.spec.name}>${to.spec.name}`;
}

export function targetsOf(
  portal: Portal,
  from: ObjectType,
  fromId: number,
  to: ObjectType,
): readonly number[] {
  const targets = portal.links.pairs.get(pairOf(from, to))?.get(fromId);
  if (targets === undefined) return [];
  const all = typeof targets === 'number' ? [targets] : targets;
  if (to.archived.size === 0) return all;
  return all.filter((id) => !to.archived.has(id));
}

/** Adds both directions; `primary` puts the target first. */
export function addLink(portal: Portal, link: Link, primary = false): void {
  const { from, fromId, to, toId } = link;
  addTarget(portal.links, pairOf(from, to), { fromId, toId, first: primary });
  addTarget(portal.links, pairOf(to, from), { fromId: toId, toId: fromId, first: false });
  portal.links.version += 1;
}

function addTarget(
  links: Links,
  pair: string,
  { fromId, toId, first }: { readonly fromId: number; readonly toId: number; readonly first: boolean },
): void {
  const targets = links.pairs.get(pair) ?? new Map<number, number | number[]>();
  links.pairs.set(pair, targets);
  const before = targets.get(fromId);
  if (before === undefined) return void targets.set(fromId, toId);
  const list = typeof before === 'number' ? [before] : before;
  if (list.includes(toId)) {
    if (first) targets.set(fromId, [toId, ...list.filter((id) => id !== toId)]);
    return;
  }
  if (first) list.unshift(toId);
  else list.push(toId);
  targets.set(fromId, list);
}

export function removeLink(portal: Portal, { from, fromId, to, toId }: Link): void {
  removeTarget(portal.links, pairOf(from, to), fromId, toId);
  removeTarget(portal.links, pairOf(to, from), toId, fromId);
  portal.links.version += 1;
}

function removeTarget(links: Links, pair: string, fromId: number, toId: number): void {
  const targets = links.pairs.get(pair);
  const before = targets?.get(fromId);
  links.labels.delete(`${pair}:${fromId}:${toId}`);
  if (!targets || before === undefined) return;
  const left = (typeof before === 'number' ? [before] : before).filter((id) => id !== toId);
  if (left.length === 0) targets.delete(fromId);
  else targets.set(fromId, left);
}

export function labelLink(portal: Portal, link: Link, typeId: number): void {
  const key = `${pairOf(link.from, link.to)}:${link.fromId}:${link.toId}`;
  const labels = portal.links.labels.get(key) ?? new Set();
  portal.links.labels.set(key, labels.add(typeId));
}

/** Every type that one link carries, the primary one first. */
export function typesOfLink(portal: Portal, link: Link): readonly LinkType[] {
  const { primary, plain, own } = splitTypes(linkTypesOf(portal, link.from, link.to));
  const labels = portal.links.labels.get(`${pairOf(link.from, link.to)}:${link.fromId}:${link.toId}`);
  const labelled = own.filter(({ typeId }) => labels?.has(typeId));
  return [...(primary && isPrimary(portal, link) ? [primary] : []), ...plain, ...labelled];
}

function splitTypes(types: readonly LinkType[]) {
  return {
    primary: types.find(({ label }) => label === 'Primary'),
    plain: types.filter(({ label }) => label === null),
    own: types.filter(({ label }) => label !== null && label !== 'Primary'),
  };
}

/** Only a company can be primary: seen from the company, whether it is so for the other record. */
function isPrimary(portal: Portal, { from, fromId, to, toId }: Link): boolean {
  if (to.spec.name === 'companies') return targetsOf(portal, from, fromId, to)[0] === toId;
  return targetsOf(portal, to, toId, from)[0] === fromId;
}

/** Every record linked to one, of every object: for merges and purges. */
export function linksOf(portal: Portal, from: ObjectType, fromId: number): Link[] {
  return [...portal.types.values()].flatMap((to) => {
    const targets = portal.links.pairs.get(pairOf(from, to))?.get(fromId);
    if (targets === undefined) return [];
    const ids = typeof targets === 'number' ? [targets] : targets;
    return ids.map((toId) => ({ from, fromId, to, toId }));
  });
}
