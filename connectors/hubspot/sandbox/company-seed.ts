import type { Company } from '../../../src/sandbox/company.ts';
import { addLink } from './links.ts';
import type { Contents, HistoryItem, ObjectType, Portal } from './portal.ts';
import { makeOptions, makeProperty } from './property.ts';
import { toIso } from './read-value.ts';
import { seedRecord } from './records.ts';

/** HubSpot ids of the made-up company's records: one range of numbers for each kind. */
export const ids = {
  owner: (id: number) => 71_000_000 + id,
  user: (id: number) => 9_000_000 + id,
  team: (id: number) => 810_000 + id,
  company: (id: number) => 510_000_000 + id,
  contact: (id: number) => 520_000_000 + id,
  /** A lead that is no contact of an account yet. */
  person: (id: number) => 525_000_000 + id,
  deal: (id: number) => 530_000_000 + id,
  ticket: (id: number) => 540_000_000 + id,
  activity: (id: number) => 550_000_000 + id,
  lead: (id: number) => 560_000_000 + id,
  feedback: (id: number) => 570_000_000 + id,
  email: (id: number) => 580_000_000 + id,
  goal: (id: number) => 590_000_000 + id,
  userRecord: (id: number) => 600_000_000 + id,
  campaign: (id: number) => `7c0de000-0000-4000-8000-${`${id}`.padStart(12, '0')}`,
} as const;

export interface Seed<T> {
  readonly items: readonly T[];
  id(item: T): number;
  createdAt(item: T): number;
  updatedAt(item: T): number;
  contents(item: T): Contents;
}

/** Records that are made of the company's items whenever they are looked at. */
export function seedRecords<T>(type: ObjectType, seed: Seed<T>): void {
  const items = [...seed.items].sort((a, b) => seed.id(a) - seed.id(b));
  const nothing: Contents = { values: {}, histories: {}, since: 0 };
  const load = (index: number) => {
    const item = items[index];
    return item === undefined ? nothing : seed.contents(item);
  };
  for (const [index, item] of items.entries()) {
    seedRecord(type, {
      id: seed.id(item),
      createdAt: seed.createdAt(item),
      updatedAt: seed.updatedAt(item),
      seed: index,
      load,
    });
  }
}

export function typeOf(portal: Portal, name: string): ObjectType {
  const type = portal.types.get(name);
  if (type) return type;
  throw new Error(`the portal has no ${name}`);
}

/** One end of links that are made in bulk. */
export function linkAll<T>(
  portal: Portal,
  pair: { readonly from: string; readonly to: string },
  items: Iterable<T>,
  endsOf: (item: T) => readonly [fromId: number, toId: number] | null,
): void {
  const from = typeOf(portal, pair.from);
  const to = typeOf(portal, pair.to);
  for (const item of items) {
    const ends = endsOf(item);
    if (ends) addLink(portal, { from, fromId: ends[0], to, toId: ends[1] });
  }
}

/** Steps oldest first become history newest first; a step that keeps the value is none. */
export function toHistory<T extends { readonly at: number; readonly by: number }>(
  steps: readonly T[],
  pickValue: (step: T) => string | null,
): HistoryItem[] {
  const items: HistoryItem[] = [];
  let before = '';
  for (const step of steps) {
    const value = pickValue(step) ?? '';
    if (value === before) continue;
    before = value;
    const userId = ids.user(step.by);
    const sourceId = `userId:${userId}`;
    items.unshift({
      value,
      timestamp: toIso(step.at),
      sourceType: 'CRM_UI',
      sourceId,
      updatedByUserId: userId,
    });
  }
  return items;
}

export function toIsoOrNull(at: number | null): string | null {
  return at === null ? null : toIso(at);
}

/** A date without a time, as an instant of that day in every zone of Europe and the Americas. */
export function noonOf(day: string): string {
  return `${day}T12:00:00.000Z`;
}

/** A property that this company added. */
export function addPick(
  portal: Portal,
  type: ObjectType,
  pick: { readonly name: string; readonly label: string; readonly values: Iterable<string> },
): void {
  const groupName = [...type.groups.keys()][0] ?? '';
  const options = makeOptions([...new Set(pick.values)].sort().map((value) => [value, value]));
  const part = { name: pick.name, label: pick.label, type: 'enumeration', options } as const;
  const origin = { groupName, hubspotDefined: false, readOnly: false, at: portal.startedAt };
  type.properties.set(pick.name, makeProperty(part, origin));
}

type ListName = { [K in keyof Company]: Company[K] extends readonly unknown[] ? K : never }[keyof Company];

/** One item of a list of the company: `Part<'deals'>`. */
export type Part<K extends ListName> = Company[K][number];
