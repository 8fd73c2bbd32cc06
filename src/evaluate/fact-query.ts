import type { SqlValue } from '../model/entities.ts';
import type { FactQuery } from '../model/fact-store.ts';
import type { Kpi } from '../model/kpi.ts';
import { tokenize } from './tokens.ts';
import { type WideQuery, widenQuery } from './widen-query.ts';

/** What a file may return beside dimensions; the engine asks for those that are there. */
const factColumns = [
  'source_id',
  'object',
  'id',
  'at',
  'day',
  'period',
  'since',
  'until',
  'part',
  'num',
  'den',
  'start_at',
  'end_at',
  'observed_until',
  'mature_at',
  'value',
  'censored',
  'currency',
  'rate_day',
  'inferred',
] as const;

export type FactColumn = (typeof factColumns)[number];

/** A row's values by column; null where the file returns no such column. */
export interface Layout {
  readonly has: (column: FactColumn) => boolean;
  readonly read: (row: readonly SqlValue[], column: FactColumn) => SqlValue;
  /** Place of a column in the rows, or -1. */
  readonly placeOf: (column: FactColumn) => number;
  /** Segment kind (but company, connection, team) -> place in the row. */
  readonly dimensions: ReadonlyMap<string, number>;
  /** The file itself says whose record it was: no history is looked up. */
  readonly ownOwner: boolean;
  /** Place of the team's id, where the file itself gives one. */
  readonly ownTeam: number | null;
  /** How many columns a row has. */
  readonly width: number;
}

export interface QueryPlan {
  readonly query: FactQuery;
  readonly layout: Layout;
  /** The file reads one table's records, row by row. */
  readonly readsRecords: boolean;
}

export interface QueryInput {
  readonly kpi: Kpi;
  readonly columns: readonly string[];
  /** Values of `object` in the rows. */
  readonly objects: readonly string[];
  /** Segment kinds wanted. */
  readonly kinds: readonly string[];
  readonly asOf: number;
  /** The `period` table, for files that read it; else empty. */
  readonly prefix?: string;
  /** A condition on the file's rows `f`. */
  readonly where?: string;
}

/** How a record of each object leads to its dimensions; `r` is the record, `a` its account, `d` deal, `t` ticket. */
const homes: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  account: { owner: 'r.owner_id', category: 'r.category' },
  activity: {
    owner: 'r.owner_id',
    category: 'a.category',
    channel: 'r.kind',
    pipeline: 'd.pipeline',
    type: 'd.type',
    case_category: 't.category',
    priority: 't.priority',
  },
  campaign: { owner: 'r.owner_id', campaign: 'r.id' },
  campaign_member: { campaign: 'r.campaign_id' },
  deal: {
    owner: 'r.owner_id',
    category: 'a.category',
    pipeline: 'r.pipeline',
    type: 'r.type',
    source: 'r.source',
    campaign: 'r.campaign_id',
  },
  email_stat: { owner: 'r.owner_id', campaign: 'r.campaign_id' },
  lead: { owner: 'r.owner_id', source: 'r.source', campaign: 'r.first_campaign_id' },
  survey_answer: {
    owner: 'r.owner_id',
    category: 'a.category',
    channel: 'r.channel',
    case_category: 't.category',
    priority: 't.priority',
    pipeline: 't.pipeline',
  },
  ticket: {
    owner: 'r.owner_id',
    category: 'a.category',
    pipeline: 'r.pipeline',
    priority: 'r.priority',
    channel: 'r.channel',
    case_category: 'r.category',
  },
};
const parents = { a: ['account', 'account_id'], d: ['deal', 'deal_id'], t: ['ticket', 'ticket_id'] } as const;

/** Canonical kinds; any other is a mapped dimension. */
const canonical = new Set([...Object.values(homes).flatMap((home) => Object.keys(home)), 'stage']);

/** The columns that lead from an object's records to a dimension, `table.column`. */
export function columnsOfDimension(object: string, kind: string): readonly string[] {
  const column = homes[object]?.[kind === 'team' ? 'owner' : kind];
  if (!column) return [];
  const [alias = 'r', name = ''] = column.split('.');
  if (alias !== 'a' && alias !== 'd' && alias !== 't') return [`${object}.${name}`];
  const [table, key] = parents[alias];
  return [`${object}.${key}`, `${table}.${name}`];
}

/** The objects whose facts a query lists, where it names them; null where only its rows can tell. */
export function namedObjects(sql: string): readonly string[] | null {
  const tokens = tokenize(sql);
  const names = new Set<string>();
  for (const [index, token] of tokens.entries()) {
    if (token.text !== 'object' || tokens[index - 1]?.text !== 'as') continue;
    const value = tokens[index - 2];
    if (value?.kind !== 'string') return null;
    names.add(value.text.slice(1, -1));
  }
  return names.size > 0 ? [...names].sort() : null;
}

/** Completes a KPI's query with the columns of its segments. Each record is joined by key, so rows never multiply. */
export function planQuery(input: QueryInput): QueryPlan {
  const given = factColumns.filter((column) => input.columns.includes(column));
  const selected = given.map((column) => `f.${column}`);
  const params: Record<string, SqlValue> = { as_of: input.asOf };
  const joins = new Map<string, string>();
  const dimensions = new Map<string, number>();
  const [object = ''] = input.objects;
  const wide = input.objects.length === 1 ? widenQuery(input.kpi.sql, object) : null;
  const kinds = new Set(input.kinds.filter((kind) => !['company', 'connection', 'team'].includes(kind)));
  if (input.kinds.includes('team')) kinds.add('owner');
  for (const kind of kinds) {
    const own = ownColumn(kind, input.columns);
    dimensions.set(kind, selected.length);
    selected.push(own ? `f.${own}` : dimensionColumn(kind, { input, joins, params, wide }));
  }
  const teamColumn = ['team', 'team_id'].find((name) => input.columns.includes(name));
  const ownTeam = teamColumn ? selected.length : null;
  if (teamColumn) selected.push(`f.${teamColumn}`);
  const places = new Map(given.map((column, place) => [column, place]));
  const sql = `${input.prefix ?? ''}select ${selected.join(', ')} from (\n${wide?.sql() ?? input.kpi.sql}\n) f ${[...joins.values()].join(' ')}${input.where === undefined ? '' : ` where ${input.where}`}`;
  return {
    query: { sql, params },
    readsRecords: wide !== null,
    layout: {
      has: (column) => places.has(column),
      read: (row, column) => row[places.get(column) ?? -1] ?? null,
      placeOf: (column) => places.get(column) ?? -1,
      dimensions,
      ownOwner: input.columns.includes('owner_id') || input.columns.includes('owner'),
      ownTeam,
      width: selected.length,
    },
  };
}

/** A column of the file that is named like a dimension; `source_id` is the connection, not the lead source. */
function ownColumn(kind: string, columns: readonly string[]): string | undefined {
  const names = kind === 'source' ? [kind] : [kind, `${kind}_id`];
  return names.find((name) => columns.includes(name));
}

interface ColumnContext {
  readonly input: QueryInput;
  readonly joins: Map<string, string>;
  readonly params: Record<string, SqlValue>;
  readonly wide: WideQuery | null;
}

function dimensionColumn(kind: string, { input, joins, params, wide }: ColumnContext): string {
  if (!canonical.has(kind)) {
    const name = `dimension_${Object.keys(params).length}`;
    params[name] = kind;
    joinDimension(joins, name);
    return `${name}.value`;
  }
  const columns = input.objects.flatMap((object, place) => {
    const column = homes[object]?.[kind];
    if (!column) return [];
    const [alias = 'r', name = ''] = column.split('.');
    if (wide && alias === 'r') return [`f.${wide.add(name)}`];
    joinRecord(joins, { object, place, alias, alone: isAlone(input), wide });
    return [`${alias}${place}.${name}`];
  });
  if (columns.length === 0) return 'null';
  return columns.length === 1 ? (columns[0] ?? 'null') : `coalesce(${columns.join(', ')})`;
}

/** All rows are records of one object: parts of a union may leave theirs to a table. */
function isAlone({ kpi, objects }: QueryInput): boolean {
  return objects.length === 1 && !tokenize(kpi.sql).some(({ text }) => text === 'union');
}

/**
 * Grouped and joined, not asked for row by row: without statistics SQLite would look each value up by the source alone,
 * through all of its dimensions. A record with several values has one here, so rows never multiply.
 */
function joinDimension(joins: Map<string, string>, name: string): void {
  const values = `select source_id, object, record_id, min(value) as value from dimension where name = :${name} group by source_id, object, record_id`;
  const on = `${name}.source_id = f.source_id and ${name}.object = f.object and ${name}.record_id = f.id`;
  joins.set(name, `left join (${values}) ${name} on ${on}`);
}

interface Joining {
  readonly object: string;
  readonly place: number;
  readonly alias: string;
  readonly alone: boolean;
  readonly wide: WideQuery | null;
}

function joinRecord(joins: Map<string, string>, { object, place, alias, alone, wide }: Joining): void {
  const record = `r${place}`;
  if (!wide && !joins.has(record)) {
    const only = alone ? '' : ` and f.object = '${object}'`;
    const on = `${record}.source_id = f.source_id and ${record}.id = f.id${only}`;
    joins.set(record, `left join ${object} ${record} on ${on}`);
  }
  if (alias === 'a' || alias === 'd' || alias === 't') {
    const [table, key] = parents[alias];
    const parent = `${alias}${place}`;
    const id = wide ? `f.${wide.add(key)}` : `${record}.${key}`;
    joins.set(
      parent,
      `left join ${table} ${parent} on ${parent}.source_id = f.source_id and ${parent}.id = ${id}`,
    );
  }
}

/** The canonical kinds that some object of a query has, for what a KPI may be split by. */
export function isCanonicalKind(kind: string): boolean {
  return canonical.has(kind) || kind === 'team';
}
