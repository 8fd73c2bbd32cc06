import type { SettingsDocument } from './document.ts';
import type { Finding } from './issues.ts';
import { formatPath, type Path, valueAt } from './paths.ts';
import type { Problem } from './problems.ts';
import type { Resolved } from './references.ts';

/** Collects problems, so that all are told at once. */
export interface Report {
  readonly problems: readonly Problem[];
  add(...findings: readonly Finding[]): void;
  /** Of another file than the settings. */
  addProblem(...problems: readonly Problem[]): void;
}

export function createReport(document: SettingsDocument, resolved: Resolved): Report {
  const problems: Problem[] = [];
  const unresolved = resolved.missing.map(({ path }) => formatPath(path));

  function add(...findings: readonly Finding[]): void {
    for (const { path, rule, fix, showsValue } of findings) {
      const place = formatPath(path);
      // What could not be filled in fails every other check as well.
      if (unresolved.some((start) => place === start || place.startsWith(`${start}.`))) continue;
      const value = showsValue ? showValue(path, document.root, resolved.written) : null;
      problems.push({ file: document.file, line: document.lineOf(path), path: place, value, rule, fix });
    }
  }

  for (const { path, rule, fix } of resolved.missing) {
    const value = showValue(path, document.root, resolved.written);
    problems.push({
      file: document.file,
      line: document.lineOf(path),
      path: formatPath(path),
      value,
      rule,
      fix,
    });
  }
  return { problems, add, addProblem: (...more) => void problems.push(...more) };
}

const onlyReferences = /^\s*(\$\{[^}]*\}\s*)+$/;
const secretKey = /token|secret|password|passphrase|credential|api_?key|webhook|slack|teams/i;

/** A value as written; null for lists and groups. Secrets show as their reference or not at all. */
function showValue(path: Path, root: unknown, written: ReadonlyMap<string, string>): string | null {
  const value = valueAt(root, path);
  if (value === undefined || value === null || typeof value === 'object') return null;
  const text = written.get(formatPath(path)) ?? String(value);
  if (onlyReferences.test(text)) return text;
  if (isSecret(path, text)) return '***';
  if (text === '') return 'empty';
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

function isSecret(path: Path, text: string): boolean {
  if (path.at(-1) === 'flow' && /^\w{1,30}$/.test(text)) return false;
  // A user name and password may stand in a web address.
  if (text.includes('@') && text.includes('//')) return true;
  return path[0] === 'alerts' || path.some((part) => part === 'auth' || secretKey.test(String(part)));
}
