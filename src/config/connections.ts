import type { Connector } from '../model/connector.ts';
import { columnKind, entityTables, type TableName } from '../model/entities.ts';
import { RunError } from '../model/errors.ts';
import type { ConnectionSettings } from '../model/settings.ts';
import { suggest } from './did-you-mean.ts';
import { explainIssues, type Finding } from './issues.ts';
import { isRecord, type Path } from './paths.ts';
import { type ConnectionInput, connectionSchema, parsedOnce } from './schema.ts';

export interface ConnectorSource {
  readonly connectorIds: readonly string[];
  /** An id, a path or a package name; null where there is no such connector. */
  readonly resolveConnector: (id: string) => Promise<Connector | null>;
}

export interface Built<T> {
  readonly value: T | null;
  readonly findings: readonly Finding[];
}

const tableNames = Object.keys(entityTables);

export async function buildConnection(
  name: string,
  raw: unknown,
  source: ConnectorSource,
): Promise<Built<ConnectionSettings>> {
  const at: Path = ['connections', name];
  const badName = /^[\p{L}\p{N}_][\p{L}\p{N}_.-]*$/u.test(name) ? [] : [nameFinding(at)];
  if (!isRecord(raw)) return { value: null, findings: [...badName, groupFinding(at)] };
  const { common, own } = splitKeys(raw);
  const parsed = connectionSchema.safeParse(common, parsedOnce);
  const findings = [
    ...badName,
    ...explainIssues(parsed.error?.issues ?? [], { schema: connectionSchema, value: common, at }),
  ];
  const connector = await findConnector(raw.connector, at, source);
  findings.push(...connector.findings);
  if (connector.value === null) return { value: null, findings };

  const mine = connector.value.settings.safeParse(own, parsedOnce);
  findings.push(...explainOwn(mine.error?.issues ?? [], { connector: connector.value, own, at }));
  const sound = parsed.success
    ? parsed
    : connectionSchema.safeParse(withoutFaulty(common, parsed.error.issues), parsedOnce);
  if (sound.success) {
    findings.push(...checkObjects(sound.data, connector.value, at), ...checkMappings(sound.data, at));
  }
  if (!parsed.success || !mine.success || findings.length > 0) return { value: null, findings };
  return {
    value: assemble(name, { input: parsed.data, connector: connector.value, own: mine.data }),
    findings,
  };
}

/** What is left without the keys that are wrong, so that one mistake hides no other. */
function withoutFaulty(
  common: Readonly<Record<string, unknown>>,
  issues: readonly { readonly path: readonly PropertyKey[] }[],
): Readonly<Record<string, unknown>> {
  const faulty = new Set(issues.map(({ path }) => path[0]));
  return Object.fromEntries(Object.entries(common).filter(([key]) => !faulty.has(key)));
}

function assemble(
  name: string,
  parts: { readonly input: ConnectionInput; readonly connector: Connector; readonly own: unknown },
): ConnectionSettings {
  const { input, connector, own } = parts;
  return {
    name,
    connector: input.connector,
    own,
    objects: input.objects ?? connector.objects,
    since: input.since ?? null,
    apiBudget: input.apiBudget ?? null,
    fields: input.fields,
    entities: input.entities,
    publish: input.publish,
    ...(input.emailBotFilter && { emailBotFilter: input.emailBotFilter }),
  };
}

function splitKeys(raw: Readonly<Record<string, unknown>>) {
  const common: Record<string, unknown> = {};
  const own: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(raw)) (key in connectionSchema.shape ? common : own)[key] = value;
  return { common, own };
}

async function findConnector(id: unknown, at: Path, source: ConnectorSource): Promise<Built<Connector>> {
  if (typeof id !== 'string' || id === '') return { value: null, findings: [] };
  const path = [...at, 'connector'];
  try {
    const value = await source.resolveConnector(id);
    if (value) return { value, findings: [] };
  } catch (error) {
    if (!(error instanceof RunError)) throw error;
    const rule = `cannot be used: ${error.message.replace(/\.$/, '')}`;
    return { value: null, findings: [{ path, rule, fix: error.fix, showsValue: true }] };
  }
  const fix = /[./@]/.test(id)
    ? 'name a file with ./ or an installed package that exports `connector`.'
    : suggest(id, source.connectorIds);
  return { value: null, findings: [{ path, rule: 'which is no connector', fix, showsValue: true }] };
}

type Issues = Parameters<typeof explainIssues>[0];

/** Unknown keys may be mistyped keys of any connection, not only of this connector. */
function explainOwn(
  issues: Issues,
  { connector, own, at }: { readonly connector: Connector; readonly own: unknown; readonly at: Path },
): Finding[] {
  const common = Object.keys(connectionSchema.shape);
  return explainIssues(issues, { schema: connector.settings, value: own, at, alsoKnown: common });
}

function checkObjects({ objects = [] }: ConnectionInput, connector: Connector, at: Path): Finding[] {
  const findings: Finding[] = [];
  for (const [index, object] of objects.entries()) {
    if (connector.objects.includes(object)) continue;
    const path = [...at, 'objects', index];
    const rule = `which ${connector.title} does not have here`;
    findings.push({ path, rule, fix: suggest(object, connector.objects), showsValue: true });
  }
  return findings;
}

function checkMappings({ fields, entities }: ConnectionInput, at: Path): Finding[] {
  const findings: Finding[] = [];
  for (const key of Object.keys(fields)) {
    const [table = '', column = '', ...rest] = key.split('.');
    const path = [...at, 'fields', key];
    if (!/^[a-z][a-z0-9_]*$/.test(column) || rest.length > 0) findings.push(mappingFinding(path));
    else if (!isTable(table)) findings.push(tableFinding(path, table));
  }
  for (const [table, columns] of Object.entries(entities)) {
    const path = [...at, 'entities', table];
    if (!isTable(table)) findings.push(tableFinding(path, table));
    else findings.push(...checkEntity(table, columns, path));
  }
  return findings;
}

function checkEntity(table: TableName, columns: Readonly<Record<string, unknown>>, path: Path): Finding[] {
  const findings: Finding[] = [];
  if (typeof columns.object !== 'string' || columns.object === '') {
    const fix = 'name the object of the CRM that feeds the table, such as object: Case.';
    findings.push({ path: [...path, 'object'], rule: 'is missing', fix, showsValue: false });
  }
  const known = ['object', 'where', 'id', ...Object.keys(entityTables[table])];
  for (const column of Object.keys(columns)) {
    if (known.includes(column) || columnKind(table, column)) continue;
    const rule = `is no column of ${table}`;
    findings.push({ path: [...path, column], rule, fix: suggest(column, known), showsValue: false });
  }
  return findings;
}

function isTable(name: string): name is TableName {
  return Object.hasOwn(entityTables, name);
}

function tableFinding(path: Path, table: string): Finding {
  return { path, rule: `names no table: ${table}`, fix: suggest(table, tableNames), showsValue: false };
}

function mappingFinding(path: Path): Finding {
  const fix =
    'write table.column, such as account.category, or table.name for a dimension, such as deal.region.';
  return { path, rule: 'must be table.column in lower case', fix, showsValue: false };
}

function nameFinding(path: Path): Finding {
  const fix = 'use letters, digits, _ and -, such as sales.';
  return { path, rule: 'is no good name for a connection', fix, showsValue: false };
}

function groupFinding(path: Path): Finding {
  const fix = 'give it a connector, such as connector: salesforce, and what that needs.';
  return { path, rule: 'must be a group of settings', fix, showsValue: true };
}

/** Dimensions that the mapped fields add: columns that the table does not have. */
export function mappedDimensions(connections: Readonly<Record<string, unknown>>): string[] {
  const names = new Set<string>();
  for (const connection of Object.values(connections)) {
    if (!isRecord(connection) || !isRecord(connection.fields)) continue;
    for (const key of Object.keys(connection.fields)) {
      const [table = '', column = ''] = key.split('.');
      if (isTable(table) && column !== '' && !columnKind(table, column)) names.add(column);
    }
  }
  return [...names];
}
