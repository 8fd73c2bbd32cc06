/** A record of the other portal: values as they were written, newest history first. */
export interface PortalRecord {
  readonly id: string;
  readonly type: string;
  readonly createdAt: number;
  updatedAt: number;
  archivedAt: number | null;
  readonly values: Map<string, string | null>;
  readonly history: Map<string, { readonly value: string; readonly at: number }[]>;
}

export interface PortalProperty {
  readonly name: string;
  readonly type: string;
  readonly fieldType: string;
  readonly label: string;
  readonly groupName: string;
  readonly unique: boolean;
  readonly options: readonly string[];
  readonly builtIn: boolean;
}

export interface Link {
  readonly from: string;
  readonly to: string;
  readonly types: readonly number[];
}

export interface PortalSchema {
  readonly objectTypeId: string;
  readonly name: string;
  readonly required: readonly string[];
}

/** What the portal's subscription and its token allow. */
export interface PortalRights {
  readonly tier: 'free' | 'enterprise';
  /** Object types and tools that are answered with 403. */
  readonly refused: readonly string[];
}

export interface Portal {
  readonly rights: PortalRights;
  readonly records: Map<string, Map<string, PortalRecord>>;
  readonly properties: Map<string, Map<string, PortalProperty>>;
  readonly groups: Map<string, Set<string>>;
  /** `deals>companies`: links by `from` id. */
  readonly links: Map<string, Link[]>;
  readonly schemas: PortalSchema[];
  /** Records merged away: `contacts 21` -> survivor's id. */
  readonly merged: Map<string, string>;
  /** What no client that has read the documentation would send. */
  readonly complaints: string[];
  now(): number;
  nextId: number;
}

const typeIds: Readonly<Record<string, string>> = {
  '0-1': 'contacts',
  '0-2': 'companies',
  '0-3': 'deals',
  '0-5': 'tickets',
  '0-19': 'feedback_submissions',
  '0-27': 'tasks',
  '0-46': 'notes',
  '0-47': 'meetings',
  '0-48': 'calls',
  '0-49': 'emails',
  '0-74': 'goal_targets',
  '0-136': 'leads',
};

/** The type's name; null: the portal has no such type. */
export function typeNamed(portal: Portal, name: string): string | null {
  const known = typeIds[name] ?? name;
  if (portal.records.has(known)) return known;
  return portal.schemas.find((schema) => schema.name === name)?.objectTypeId ?? null;
}

export function recordsOf(portal: Portal, type: string): Map<string, PortalRecord> {
  const known = portal.records.get(type) ?? new Map<string, PortalRecord>();
  portal.records.set(type, known);
  return known;
}

export function modifiedName(type: string): string {
  return type === 'contacts' ? 'lastmodifieddate' : 'hs_lastmodifieddate';
}

export function addRecord(
  portal: Portal,
  type: string,
  given: {
    readonly id?: string;
    readonly at?: number;
    readonly values: Readonly<Record<string, string | null>>;
  },
): PortalRecord {
  const at = given.at ?? portal.now();
  const id = given.id ?? String(portal.nextId++);
  const record: PortalRecord = {
    id,
    type,
    createdAt: at,
    updatedAt: at,
    archivedAt: null,
    values: new Map(),
    history: new Map(),
  };
  recordsOf(portal, type).set(id, record);
  setValues(portal, record, { values: given.values, at });
  return record;
}

export function setValues(
  portal: Portal,
  record: PortalRecord,
  change: { readonly values: Readonly<Record<string, string | null>>; readonly at?: number },
): void {
  const at = change.at ?? portal.now();
  for (const [name, value] of Object.entries(change.values)) {
    record.values.set(name, value === '' ? null : value);
    const past = record.history.get(name) ?? [];
    past.unshift({ value: value ?? '', at });
    record.history.set(name, past);
  }
  record.updatedAt = at;
}

export function link(portal: Portal, pair: readonly [from: string, to: string], given: Link): void {
  const [from, to] = pair;
  const there = portal.links.get(`${from}>${to}`) ?? [];
  there.push(given);
  portal.links.set(`${from}>${to}`, there);
  const back = portal.links.get(`${to}>${from}`) ?? [];
  back.push({ from: given.to, to: given.from, types: given.types.map((type) => type + 1) });
  portal.links.set(`${to}>${from}`, back);
}

/** Whether a record is there under its own id. */
export function isMerged(portal: Portal, { type, id }: Pick<PortalRecord, 'type' | 'id'>): boolean {
  return portal.merged.has(`${type} ${id}`);
}

/** The record that stands for an id today, over however many merges. */
export function survivorOf(portal: Portal, type: string, id: string): string {
  const into = portal.merged.get(`${type} ${id}`);
  return into === undefined ? id : survivorOf(portal, type, into);
}

export function compareNumbers(one: string, other: string): number {
  const difference = BigInt(one) - BigInt(other);
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}
