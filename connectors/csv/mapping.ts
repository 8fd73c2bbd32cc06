import { columnKind, type SqlValue, type TableName } from '../../src/model/entities.ts';
import { findNearest } from './nearest.ts';
import type { Problem } from './problems.ts';
import { parseValue } from './value.ts';

/** How the columns of another program's files are called, from a connection's `fields`. */
export interface Mapping {
  /** Header in lower case -> column of the table. */
  readonly targets: ReadonlyMap<string, string>;
  /** Columns that have a header or a constant of their own. */
  readonly named: ReadonlySet<string>;
  /** Columns that have the same value in every row: written `=user`. */
  readonly constants: Readonly<Record<string, SqlValue>>;
  /** Header in lower case -> dimension: of columns that no table has. */
  readonly dimensions: ReadonlyMap<string, string>;
  readonly problems: readonly Problem[];
}

export const noMapping: Mapping = {
  targets: new Map(),
  named: new Set(),
  constants: {},
  dimensions: new Map(),
  problems: [],
};

/** Tables whose records results are split by; of others a name that is no column is a mistake. */
const splitTables: ReadonlySet<TableName> = new Set([
  'deal',
  'ticket',
  'account',
  'lead',
  'activity',
  'campaign',
]);

export function hasMapping({ named, dimensions, problems }: Mapping): boolean {
  return named.size > 0 || dimensions.size > 0 || problems.length > 0;
}

/** `survey_answer.score: "How satisfied were you?"`, `survey_answer.audience: "=user"`, `deal.region: Region` */
export function readMapping(
  table: TableName,
  fields: Readonly<Record<string, string>>,
  timeZone: string,
): Mapping {
  const targets = new Map<string, string>();
  const named = new Set<string>();
  const constants: Record<string, SqlValue> = {};
  const dimensions = new Map<string, string>();
  const problems: Problem[] = [];
  for (const [key, text] of Object.entries(fields)) {
    const [owner, column = ''] = key.split('.');
    if (owner !== table) continue;
    const kind = columnKind(table, column) ?? columnKind(table, `${column}_minor`);
    if (kind === undefined && isDimension(table, column, text)) {
      dimensions.set(text.trim().toLowerCase(), column);
      continue;
    }
    if (kind === undefined) {
      problems.push({
        line: 1,
        text: `fields names ${key}, which is no column`,
        fix: nearestColumn(table, column),
      });
      continue;
    }
    named.add(columnKind(table, column) ? column : `${column}_minor`);
    if (!text.startsWith('=')) {
      targets.set(text.trim().toLowerCase(), column);
      continue;
    }
    const parsed = parseValue(kind, text.slice(1), timeZone);
    if ('rule' in parsed)
      problems.push({ line: 1, text: `fields ${key} is "${text}", ${parsed.rule}`, fix: parsed.fix });
    else constants[column] = parsed.value;
  }
  return { targets, named, constants, dimensions, problems };
}

/** What is almost the name of a column is a slip, not a dimension. */
function isDimension(table: TableName, column: string, text: string): boolean {
  const isName = /^[a-z][a-z0-9_]*$/.test(column);
  return isName && splitTables.has(table) && !text.startsWith('=') && findNearest(column, table) === null;
}

function nearestColumn(table: TableName, column: string): string {
  const nearest = findNearest(column, table);
  return nearest === null ? `name a column of ${table}` : `did you mean ${table}.${nearest}?`;
}
