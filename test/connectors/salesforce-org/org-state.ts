export type Value = string | number | boolean | null;
export type OrgRecord = Map<string, Value>;

export interface OrgField {
  readonly name: string;
  /** As describes name it: `datetime`, `reference`, `currency`. */
  readonly type: string;
  readonly parents: readonly string[];
}

export interface OrgObject {
  readonly name: string;
  readonly prefix: string;
  readonly fields: Map<string, OrgField>;
  /** By id, 18 characters. */
  readonly rows: Map<string, OrgRecord>;
  /** Gone for good: id -> when, epoch ms. */
  readonly purged: Map<string, number>;
}

/** What differs between one org and another. */
export interface Dialect {
  readonly pageSize: number;
  /** Values that are null are left out of answers; objects and fields come without their optional keys. */
  readonly sparse: boolean;
  /** Where the time zone of instants lies: `+0000`, `-0330`. */
  readonly offset: string;
  readonly namespace: string | null;
  readonly currencies: boolean;
  readonly limitHeader: boolean;
  /** `/services/data/v60.0` is the newest where 60. */
  readonly version: number;
  readonly lineEnd: '\n' | '\r\n';
  /** A describe of these fails, each in its way. */
  readonly broken: ReadonlyMap<string, { readonly status: number; readonly body: unknown }>;
  /** Objects that this user does not see. */
  readonly hidden: ReadonlySet<string>;
  /** `Case.Priority`, in describes and refused all the same. */
  readonly lying: ReadonlySet<string>;
}

export interface Org {
  readonly dialect: Dialect;
  readonly objects: Map<string, OrgObject>;
  readonly now: () => number;
  readonly jobs: Map<string, Job>;
  readonly deploys: Map<string, unknown>;
  /** What was asked for and would be refused by an org. */
  readonly complaints: string[];
  counter: number;
}

export interface Job {
  readonly id: string;
  state: string;
  polls: number;
  readonly query: string | null;
  readonly object: string;
  upload: string;
  lines: readonly string[];
  failed: readonly string[];
}

/** The three letters that make an id safe where upper and lower case are one. */
export function longId(short: string): string {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ012345';
  let tail = '';
  for (let from = 0; from < 15; from += 5) {
    let bits = 0;
    for (let at = 0; at < 5; at += 1) if (/[A-Z]/.test(short[from + at] ?? '')) bits += 2 ** at;
    tail += letters[bits];
  }
  return short + tail;
}

export function idOf(prefix: string, number: number): string {
  return longId(`${prefix}Xy000${String(number).padStart(7, '0')}`);
}

export function objectNamed(org: Org, name: string): OrgObject | null {
  if (org.dialect.hidden.has(name)) return null;
  for (const object of org.objects.values())
    if (object.name.toLowerCase() === name.toLowerCase()) return object;
  return null;
}

export function fieldNamed(object: OrgObject, name: string): OrgField | null {
  for (const field of object.fields.values())
    if (field.name.toLowerCase() === name.toLowerCase()) return field;
  return null;
}

/** `CloseDate date`, `OwnerId reference User Group`; every object has the system's own fields. */
export function defineObject(org: Org, name: string, prefix: string, fields: readonly string[]): OrgObject {
  const system = [
    'Id id',
    'CreatedDate datetime',
    'CreatedById reference User',
    'LastModifiedDate datetime',
    'SystemModstamp datetime',
    'IsDeleted boolean',
  ];
  const object: OrgObject = { name, prefix, fields: new Map(), rows: new Map(), purged: new Map() };
  for (const text of [...system, ...fields]) {
    const [field = '', type = 'string', ...parents] = text.split(' ');
    object.fields.set(field, { name: field, type, parents });
  }
  org.objects.set(name, object);
  return object;
}

export function addRow(org: Org, name: string, values: Readonly<Record<string, Value>>): string {
  const object = org.objects.get(name);
  if (!object) throw new Error(`no object ${name}`);
  org.counter += 1;
  const id = typeof values.Id === 'string' ? values.Id : idOf(object.prefix, org.counter);
  const at = typeof values.CreatedDate === 'number' ? values.CreatedDate : org.now();
  const row: OrgRecord = new Map();
  for (const field of object.fields.keys()) row.set(field, null);
  const common = { CreatedDate: at, LastModifiedDate: at, SystemModstamp: at, IsDeleted: false };
  for (const [field, value] of Object.entries({ ...common, ...values, Id: id })) row.set(field, value);
  object.rows.set(id, row);
  return id;
}

export function changeRow(org: Org, row: OrgRecord, values: Readonly<Record<string, Value>>): void {
  for (const [field, value] of Object.entries(values)) row.set(field, value);
  row.set('LastModifiedDate', org.now());
  row.set('SystemModstamp', org.now());
}

export function purgeRow(org: Org, object: OrgObject, id: string): void {
  object.rows.delete(id);
  object.purged.set(id, org.now());
}
