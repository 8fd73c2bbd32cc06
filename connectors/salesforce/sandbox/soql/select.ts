import { fieldReader, toJson } from '../records/value.ts';
import type { Field } from '../schema/fields.ts';
import type { Row, SObject, Value } from '../schema/object.ts';
import type { SelectItem, Statement } from './ast.ts';
import { malformed } from './refuse.ts';
import { asNamed, type Column, type Parent, resolveColumn, type Scope } from './resolve.ts';

export interface Selected {
  readonly columns: readonly Column[];
  /** Dotted names as in the query, for CSV. */
  readonly names: readonly string[];
  readonly tree: Node;
}

/** Fields of one level and the parents below it, in the order of the SELECT. */
interface Node {
  readonly fields: Field[];
  readonly readers: ((row: Row) => Value)[];
  readonly parents: Map<string, { readonly parent: Parent; readonly node: Node }>;
}

const newNode = (): Node => ({ fields: [], readers: [], parents: new Map() });

export function resolveSelect(scope: Scope, statement: Statement): Selected {
  const columns: Column[] = [];
  for (const item of statement.select) columns.push(...columnsOf(scope, statement, item));
  const names = columns.map(nameOf);
  const repeated = names.find((name, index) => names.indexOf(name) < index);
  if (repeated) throw malformed(`duplicate field selected: ${repeated}`);
  const tree = newNode();
  for (const column of columns) place(tree, column);
  return { columns, names, tree };
}

const nameOf = (column: Column) =>
  [...column.parents.map((parent) => parent.relationship), column.field.name].join('.');

function columnsOf(scope: Scope, statement: Statement, item: SelectItem): readonly Column[] {
  if (item.kind === 'aggregate') throw malformed('Grouped query can not be resolved');
  if (item.kind === 'field') {
    if (item.alias) throw malformed('only aggregate expressions use field aliasing');
    return [resolveColumn(scope, item.ref)];
  }
  if (!['all', 'custom', 'standard'].includes(item.which))
    throw malformed(`unexpected token: '${item.which}'`);
  const bounded = statement.limit !== null && statement.limit <= 200;
  if (item.which !== 'standard' && !bounded) {
    throw malformed('The SOQL FIELDS function must have a LIMIT of at most 200');
  }
  const fields = scope.view
    .fields(scope.object)
    .filter((field) => item.which === 'all' || field.custom === (item.which === 'custom'));
  return fields.map((field) => resolveColumn(scope, { path: [field.name], at: item.at }));
}

function place(root: Node, column: Column): void {
  let node = root;
  for (const parent of column.parents) {
    const child = node.parents.get(parent.relationship) ?? { parent, node: newNode() };
    node.parents.set(parent.relationship, child);
    node = child.node;
  }
  node.fields.push(column.field);
  node.readers.push(fieldReader(column.field));
}

/** A row as REST returns it, parents nested; a missing parent is null. */
export function renderRow(
  node: Node,
  object: SObject,
  context: { row: Row; base: string; type?: string },
): object {
  const { row, base } = context;
  const type = context.type ?? object.name;
  const record: Record<string, unknown> = {
    attributes: { type: object.name, url: `${base}/sobjects/${type}/${row.Id}` },
  };
  node.fields.forEach((field, index) => {
    record[field.name] = toJson(field, node.readers[index]?.(row) ?? null, row);
  });
  for (const [relationship, { parent, node: below }] of node.parents) {
    const found = parent.find(row);
    const seen = found && parent.object.name === 'Name' ? asNamed(found) : found?.row;
    record[relationship] =
      found && seen ? renderRow(below, parent.object, { row: seen, base, type: found.object }) : null;
  }
  return record;
}
