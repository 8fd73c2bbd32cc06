import type { SqlValue } from '../model/entities.ts';

/** Which columns the connections were read with. */
export interface ColumnsRead {
  /** `table.column` was read wherever the connection's table is. */
  told(source: string, column: string): boolean;
}

/** Every object of a connection, with the columns that were wanted of it; null: all. */
export const columnsSql = 'select source_id, "table", columns from stream';

const everything = '*';

export function createColumnsRead(rows: readonly (readonly SqlValue[])[]): ColumnsRead {
  const streams = new Map<string, ReadonlySet<string>[]>();
  for (const [source, table, columns] of rows) {
    const key = `${source}\n${table}`;
    const lists = streams.get(key) ?? [];
    streams.set(key, lists);
    lists.push(new Set(String(columns ?? everything).split(' ')));
  }
  return {
    told: (source, column) => {
      const [table, name = ''] = column.split('.');
      const lists = streams.get(`${source}\n${table}`) ?? [];
      return lists.every((list) => list.has(everything) || list.has(name) || list.has(instantOf(name)));
    },
  };
}

/** Local days are made from instants. */
function instantOf(column: string): string {
  return column.replace(/_on$/, '_at');
}
