export interface SplitFile {
  readonly header: string;
  readonly headerLine: number;
  readonly sql: string;
  readonly sqlLine: number;
}

/** A KPI file is a block comment with the header, then the query. */
export function splitFile(text: string): SplitFile | null {
  const match = /^\s*\/\*([\s\S]*?)\*\//.exec(text);
  if (!match) return null;
  const lineOf = (offset: number) => text.slice(0, offset).split('\n').length;
  const start = match[0].indexOf('/*') + 2;
  return {
    header: match[1] ?? '',
    headerLine: lineOf(start),
    sql: text.slice(match[0].length),
    sqlLine: lineOf(match[0].length),
  };
}

/** The query without its semicolon. */
export function withoutEnd(sql: string): string {
  return sql.trim().replace(/;\s*$/, '');
}
