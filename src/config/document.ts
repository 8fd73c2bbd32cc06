import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
  visit,
} from 'yaml';
import type { Path } from './paths.ts';
import type { Problem } from './problems.ts';

/** A YAML file as plain values, with the line of each. */
export interface SettingsDocument {
  readonly file: string;
  readonly root: unknown;
  readonly problems: readonly Problem[];
  /** Line of the deepest part of a path that stands in the file. */
  lineOf(path: Path): number | null;
}

export function parseSettings(file: string, text: string): SettingsDocument {
  const lines = new LineCounter();
  const document = parseDocument(text, { merge: true, lineCounter: lines, prettyErrors: false });
  const lineAt = (offset: number) => lines.linePos(offset).line;
  const problems = explainSyntax(document, { file, text, lineAt });
  keepKeysAsWritten(document);
  const lineOf = (path: Path) => {
    const offset = offsetOf(document, path);
    return offset === null ? null : lineAt(offset);
  };
  if (problems.length > 0) return { file, root: null, problems, lineOf };
  try {
    return { file, root: document.toJS(), problems, lineOf };
  } catch {
    const problem = {
      file,
      line: null,
      path: '',
      value: null,
      rule: 'uses an alias that cannot be resolved',
      fix: 'define &NAME above *NAME, and put quotes around texts that start with *.',
    };
    return { file, root: null, problems: [problem], lineOf };
  }
}

interface Source {
  readonly file: string;
  readonly text: string;
  readonly lineAt: (offset: number) => number;
}

/** In words of ours: the parser's may quote the text, which may be a secret. What follows a first error is noise. */
function explainSyntax(document: Document, { file, text, lineAt }: Source): Problem[] {
  const problems: Problem[] = [];
  for (const { pos, code } of document.errors) {
    if (problems.length > 0 && code !== 'DUPLICATE_KEY') continue;
    const line = lineAt(pos[0]);
    const { rule, fix } = syntaxWords[code] ?? otherSyntax;
    const unquoted = /[{[,].*[^"'\w]\$\{/.test(text.split('\n')[line - 1] ?? '');
    const mend = unquoted && code !== 'DUPLICATE_KEY' ? quoteReferences : fix;
    problems.push({ file, line, path: '', value: null, rule, fix: mend });
  }
  return problems;
}

const dollarBrace = '${';
const quoteReferences = `put quotes around references within { } and [ ]: "${dollarBrace}NAME}".`;

const otherSyntax = {
  rule: 'is not valid YAML',
  fix: 'check indentation, quotes and brackets around this line.',
};

const syntaxWords: Readonly<Record<string, { readonly rule: string; readonly fix: string }>> = {
  DUPLICATE_KEY: { rule: 'has a key that stands here already', fix: 'delete one of the two, or rename it.' },
  TAB_AS_INDENT: { rule: 'is indented with a tab', fix: 'indent with blanks.' },
  BAD_INDENT: { rule: 'is indented wrongly', fix: 'start it in the same column as the lines beside it.' },
  MISSING_CHAR: {
    rule: 'lacks a closing quote, bracket, comma or blank',
    fix: 'close what was opened on this line or before.',
  },
  BAD_ALIAS: { rule: 'uses an anchor that is not defined before', fix: 'define it above with &NAME.' },
  MULTIPLE_DOCS: { rule: 'starts a second document', fix: 'delete the line ---.' },
};

/** A key is text: an owner id like 0055e01 must not become the number 550. */
function keepKeysAsWritten(document: Document): void {
  visit(document, {
    Pair(_, { key }) {
      if (isScalar(key) && typeof key.value !== 'string' && key.source !== undefined) key.value = key.source;
    },
  });
}

function offsetOf(document: Document, path: Path): number | null {
  let node = resolveAlias(document, document.contents);
  let offset = node?.range?.[0] ?? null;
  for (const part of path) {
    const found = childOf(document, node, part);
    if (!found) return offset;
    offset = found.offset ?? offset;
    node = resolveAlias(document, found.node);
  }
  return offset;
}

interface Child {
  readonly node: unknown;
  readonly offset: number | null;
}

function childOf(document: Document, parent: Node | null, part: PropertyKey): Child | null {
  if (isSeq(parent)) {
    const node = parent.items[Number(part)];
    return node === undefined ? null : { node, offset: startOf(node) };
  }
  if (!isMap(parent)) return null;
  for (const { key, value } of parent.items) {
    if (isScalar(key) && String(key.value) === String(part)) return { node: value, offset: startOf(key) };
  }
  for (const { key, value } of parent.items) {
    if (!isScalar(key) || key.value !== '<<') continue;
    const merged = resolveAlias(document, value);
    const sources = isSeq(merged) ? merged.items : [merged];
    for (const source of sources) {
      const found = childOf(document, resolveAlias(document, source), part);
      if (found) return found;
    }
  }
  return null;
}

function startOf(node: unknown): number | null {
  return isScalar(node) || isMap(node) || isSeq(node) || isAlias(node) ? (node.range?.[0] ?? null) : null;
}

function resolveAlias(document: Document, node: unknown): Node | null {
  if (isAlias(node)) return node.resolve(document) ?? null;
  return isScalar(node) || isMap(node) || isSeq(node) ? node : null;
}
