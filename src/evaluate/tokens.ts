export type TokenKind = 'word' | 'quoted' | 'string' | 'number' | 'parameter' | 'mark' | 'broken';

export interface Token {
  readonly kind: TokenKind;
  /** Words in lower case, the rest as written. */
  readonly text: string;
  readonly line: number;
}

/** What may start at a place in SQL, tried in this order; the first group that matches names the kind. */
const pattern =
  /(?<space>\s+|--[^\n]*|\/\*[\s\S]*?\*\/)|(?<string>'(?:[^']|'')*')|(?<quoted>"(?:[^"]|"")*"|`[^`]*`|\[[^\]]*\])|(?<number>(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)|(?<word>[\p{L}_][\p{L}\p{N}_$]*)|(?<parameter>[:@$][\p{L}\p{N}_]+|\?\d*)|(?<mark><>|[<>!=]=|\|\||->>?|[^'"`[])|(?<broken>[\s\S])/uy;

const kinds = ['string', 'quoted', 'number', 'word', 'parameter', 'mark', 'broken'] as const;

/** Splits SQL into tokens without spaces and comments, so that rules never trip over a text or a remark. */
export function tokenize(sql: string, firstLine = 1): readonly Token[] {
  const tokens: Token[] = [];
  let line = firstLine;
  for (const match of sql.matchAll(new RegExp(pattern, 'guy'))) {
    const text = match[0];
    const kind = kinds.find((name) => match.groups?.[name] !== undefined);
    // A comment that never ends would swallow what the engine puts after the query.
    const unfinished = kind === 'mark' && sql.startsWith('/*', match.index);
    if (kind) {
      tokens.push({
        kind: unfinished ? 'broken' : kind,
        text: kind === 'word' ? text.toLowerCase() : text,
        line,
      });
    }
    line += text.split('\n').length - 1;
    if (unfinished) break;
  }
  return tokens;
}
