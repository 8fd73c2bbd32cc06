import type { WantedColumns } from '../model/connector.ts';
import { entityTables, type TableName } from '../model/entities.ts';
import type { Kpi } from '../model/kpi.ts';
import { columnsOfDimension, namedObjects } from './fact-query.ts';
import { listTables } from './query-tables.ts';
import { type Token, tokenize } from './tokens.ts';

/** Of these everything is kept: they tell who, where and how, not what a customer is or buys. */
const wholeTables = new Set<TableName>(['actor', 'team', 'stage', 'entry', 'fx_rate', 'dimension']);

const dealStates = 'outcome pipeline stage closed_on closed_at owner_id';
const purchases = 'account_id outcome closed_on closed_at';

/** What the derived tables are made of. */
const ingredients: Readonly<Record<string, readonly (readonly [table: TableName, columns: string])[]>> = {
  deal_state: [['deal', dealStates]],
  stage_visit: [['deal', dealStates]],
  ticket_state: [['ticket', 'is_closed status pipeline owner_id first_closed_at last_closed_at reopened_at']],
  purchase: [['deal', purchases]],
  customer_span: [['deal', purchases]],
  cost_day: [['campaign', 'starts_on ends_on cost_minor currency']],
  actor_day: [
    ['deal', 'created_by_id'],
    ['ticket', 'created_by_id'],
    ['activity', 'created_by_id automated'],
  ],
  ticket_agent: [['ticket', 'owner_id']],
  told_field: [['ticket', 'first_reply_at']],
};

/** Derived tables whose columns are those of a record, at some time. */
const mirrors: Readonly<Record<string, TableName>> = {
  deal_state: 'deal',
  stage_visit: 'deal',
  ticket_state: 'ticket',
};

/** Where a KPI reads how a record ended, its history tells how it stood on an earlier day. */
const pasts: Readonly<Partial<Record<TableName, { readonly ends: string; readonly told: string }>>> = {
  deal: { ends: 'outcome', told: 'stage pipeline expected_close_on expected_close_at' },
  ticket: { ends: 'is_closed', told: 'status pipeline reopened_at' },
};

/** Local days that the store makes from instants. */
const daysOf: Readonly<Record<string, string>> = {
  closed_on: 'closed_at',
  expected_close_on: 'expected_close_at',
};

/** `table.column` of everything that a KPI's facts and dimensions are made of, further than id and dates of the record. */
export function neededColumns(kpi: Kpi, catalog: ReadonlyMap<string, Kpi>): ReadonlySet<string> {
  const needed = new Set<string>();
  if (kpi.derive) {
    for (const id of kpi.derive.inputs) {
      const input = catalog.get(id);
      if (input) for (const column of neededColumns(input, catalog)) needed.add(column);
    }
    return needed;
  }
  for (const column of columnsRead(kpi.sql)) needed.add(column);
  const objects = namedObjects(kpi.sql) ?? kpi.needs;
  for (const object of objects) {
    for (const kind of kpi.dimensions)
      for (const column of columnsOfDimension(object, kind)) needed.add(column);
  }
  for (const column of [...needed]) {
    const [table = '', name = ''] = column.split('.');
    if (daysOf[name]) needed.add(`${table}.${daysOf[name]}`);
  }
  return needed;
}

/** The columns that several KPIs need together, for each table that a KPI may read. */
export function wantedColumns(ids: readonly string[], kpis: readonly Kpi[]): WantedColumns {
  const catalog = new Map(kpis.map((kpi) => [kpi.id, kpi]));
  const wanted: Partial<Record<TableName, Set<string>>> = {};
  for (const table of Object.keys(entityTables) as TableName[])
    if (!wholeTables.has(table) && table !== 'change') wanted[table] = new Set();
  for (const id of ids) {
    const kpi = catalog.get(id);
    if (!kpi) continue;
    for (const column of neededColumns(kpi, catalog)) {
      const [table = '', name = ''] = column.split('.');
      wanted[table as TableName]?.add(name);
    }
  }
  for (const [table, { ends, told }] of Object.entries(pasts)) {
    const columns = wanted[table as TableName];
    if (columns?.has(ends)) for (const name of told.split(' ')) columns.add(name);
  }
  return wanted;
}

const measures = new Set(['num', 'den', 'start_at', 'end_at', 'value']);

/** The columns that a query's measures are made of; all that it reads where its measures come from queries of its own. */
export function measureColumns(sql: string): ReadonlySet<string> {
  const all = columnsRead(sql);
  const tokens = tokenize(sql);
  const names = new Set<string>();
  for (const [index, token] of tokens.entries()) {
    if (token.text !== 'as' || !measures.has(tokens[index + 1]?.text ?? '')) continue;
    for (const name of wordsBefore(tokens, index)) names.add(name);
  }
  const found = [...all].filter((column) => names.has(column.slice(column.indexOf('.') + 1)));
  return found.length > 0 ? new Set(found) : all;
}

/** Back to the comma or word that begins the expression. */
function* wordsBefore(tokens: readonly Token[], end: number): Generator<string> {
  let depth = 0;
  for (let index = end - 1; index >= 0; index--) {
    const token = tokens[index];
    if (!token) return;
    if (token.text === ')') depth++;
    if (token.text === '(') depth--;
    if (depth < 0 || (depth === 0 && (token.text === ',' || token.text === 'select'))) return;
    if (token.kind === 'word') yield token.text;
  }
}

/** Over-estimates where a bare name could be of several tables, never under-estimates. */
function columnsRead(sql: string): ReadonlySet<string> {
  const tokens = tokenize(sql);
  const tables = new Set(listTables(tokens).map(({ name }) => name));
  const columns = new Set<string>();
  for (const name of tables) {
    for (const [table, list] of ingredients[name] ?? [])
      for (const column of list.split(' ')) columns.add(`${table}.${column}`);
  }
  const aliases = aliasesOf(tokens, tables);
  for (const [index, token] of tokens.entries()) {
    if (token.text === '*' && ['select', ',', '.'].includes(tokens[index - 1]?.text ?? ''))
      addAll(columns, tables);
    if (token.kind !== 'word') continue;
    const qualifier = tokens[index - 1]?.text === '.' ? (tokens[index - 2]?.text ?? '') : null;
    const named = qualifier === null ? undefined : aliases.get(qualifier);
    for (const name of named === undefined ? tables : [named]) {
      const table = mirrors[name] ?? name;
      if (hasColumn(table, token.text)) columns.add(`${table}.${token.text}`);
    }
  }
  return columns;
}

/** `deal d`, `deal as d` and `deal` itself. */
function aliasesOf(tokens: readonly Token[], tables: ReadonlySet<string>): ReadonlyMap<string, string> {
  const aliases = new Map<string, string>();
  for (const [index, token] of tokens.entries()) {
    if (token.kind !== 'word' || !tables.has(token.text)) continue;
    const before = tokens[index - 1]?.text ?? '';
    if (before !== 'from' && before !== 'join' && before !== ',') continue;
    aliases.set(token.text, token.text);
    const next = tokens[index + 1];
    const alias = next?.text === 'as' ? tokens[index + 2] : next;
    // One alias may stand for different tables in different parts of a query: then it tells nothing.
    if (alias?.kind !== 'word') continue;
    const known = aliases.get(alias.text);
    if (known === undefined) aliases.set(alias.text, token.text);
    else if (known !== token.text) aliases.set(alias.text, '');
  }
  for (const [alias, table] of [...aliases]) if (table === '') aliases.delete(alias);
  return aliases;
}

function addAll(columns: Set<string>, tables: ReadonlySet<string>): void {
  for (const table of tables) {
    if (!isEntity(table)) continue;
    for (const name of Object.keys(entityTables[table])) columns.add(`${table}.${name}`);
  }
}

function hasColumn(table: string, name: string): boolean {
  return isEntity(table) && name in entityTables[table];
}

function isEntity(table: string): table is TableName {
  return table in entityTables;
}
