import { readFileSync } from 'node:fs';
import { statOrNull } from './file-stat.ts';
import type { Problem } from './problems.ts';

export interface EnvFile {
  readonly values: Readonly<Record<string, string>>;
  readonly problems: readonly Problem[];
}

/** Reads `.env`; none is fine. Others on the machine must not be able to read it. */
export function readEnvFile(path: string): EnvFile {
  const found = statOrNull(path);
  if (!found?.isFile()) return { values: {}, problems: [] };
  const { values, problems } = parseEnvFile(readFileSync(path, 'utf8'));
  // Windows has no such permission bits.
  if (process.platform === 'win32' || (found.mode & 0o077) === 0) return { values, problems };
  const mode = (found.mode & 0o777).toString(8).padStart(4, '0');
  const rule = `holds secrets and can be read by others (mode ${mode})`;
  const open = { file: '.env', line: null, path: '', value: null, rule, fix: `chmod 600 ${path}` };
  return { values, problems: [open, ...problems] };
}

const entry = /[ \t]*(?:export[ \t]+)?([A-Za-z_][A-Za-z0-9_]*)[ \t]*=[ \t]*/y;
const blank = /[ \t]*(?:#[^\n]*)?(?:\r?\n|$)/y;
const single = /'([^']*)'[ \t]*(?:#[^\n]*)?(?:\r?\n|$)/y;
const double = /"((?:[^"\\]|\\[\s\S])*)"[ \t]*(?:#[^\n]*)?(?:\r?\n|$)/y;
const bare = /([^\n]*?)(?:[ \t]+#[^\n]*)?[ \t]*(?:\r?\n|$)/y;
const restOfLine = /[^\n]*(?:\n|$)/y;

/**
 * `KEY=value` a line, `export` allowed, `#` starts a comment. Text in single quotes stays as it is, in double quotes
 * \n, \r, \t, \" and \\ are replaced; both may run over several lines.
 */
export function parseEnvFile(text: string): EnvFile {
  const values: Record<string, string> = {};
  const problems: Problem[] = [];
  let at = text.startsWith('\uFEFF') ? 1 : 0;

  function take(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    if (match) at = pattern.lastIndex;
    return match;
  }

  while (at < text.length) {
    if (take(blank)) continue;
    const line = text.slice(0, at).split('\n').length;
    const key = take(entry)?.[1];
    const quoted = key === undefined ? null : (take(single)?.[1] ?? unquote(take(double)?.[1]));
    const open = quoted === null && /["']/.test(text[at] ?? '');
    if (key === undefined || open) problems.push(malformed(line));
    if (key !== undefined && quoted !== null) values[key] = quoted;
    else if (key !== undefined && !open) values[key] = take(bare)?.[1] ?? '';
    else take(restOfLine);
  }
  return { values, problems };
}

const escapes: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' };

function unquote(text: string | undefined): string | null {
  if (text === undefined) return null;
  return text.replace(/\\([\s\S])/g, (_, letter: string) => escapes[letter] ?? letter);
}

function malformed(line: number): Problem {
  return {
    file: '.env',
    line,
    path: '',
    value: null,
    rule: 'is no KEY=value line, or a quote in it is not closed',
    fix: 'write KEY=value, with quotes around values that hold spaces or #; # alone starts a comment.',
  };
}
