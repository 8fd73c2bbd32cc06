import { commonColumns, entityTables, type TableName } from '../../src/model/entities.ts';

/** What a file cannot say: a row that is gone is one that is no longer in it. */
export const notInFiles = ['deleted_at', 'merged_into'];

export function columnNames(table: TableName): readonly string[] {
  const all = Object.keys({ ...entityTables[table], ...commonColumns });
  const own = all.filter((name) => !notInFiles.includes(name));
  const majors = own.filter((name) => name.endsWith('_minor')).map((name) => name.slice(0, -'_minor'.length));
  return ['id', ...own, ...majors];
}

/** The name that takes fewest edits, if they are few for its length. */
export function findNearest(name: string, table: TableName): string | null {
  const known = columnNames(table);
  let nearest: string | null = null;
  let least = Math.max(2, Math.floor(name.length / 3)) + 1;
  for (const candidate of known) {
    const edits = countEdits(name.replace(/[\s-]+/g, '_'), candidate);
    if (edits < least) [nearest, least] = [candidate, edits];
  }
  return nearest;
}

/** Levenshtein distance. */
function countEdits(from: string, to: string): number {
  let above = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let row = 1; row <= from.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= to.length; column += 1) {
      const change = (above[column - 1] ?? 0) + (from[row - 1] === to[column - 1] ? 0 : 1);
      current.push(Math.min(change, (above[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1));
    }
    above = current;
  }
  return above[to.length] ?? 0;
}
