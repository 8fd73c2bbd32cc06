import { isUtf8 } from 'node:buffer';
import { readFileSync, statSync } from 'node:fs';
import type { FileProblem } from './query-rules.ts';

/** A query that people write has some thousand letters. */
const mostBytes = 1_000_000;

/** The text of a KPI file, or why it has none. */
export function readText(file: string): { readonly text: string } | { readonly problem: FileProblem } {
  try {
    const info = statSync(file);
    if (info.isDirectory()) return { problem: problems.folder };
    if (info.size > mostBytes) return { problem: problems.large };
    const bytes = readFileSync(file);
    if (isUtf16(bytes)) return { problem: problems.utf16 };
    return isUtf8(bytes) ? { text: bytes.toString('utf8') } : { problem: problems.foreign };
  } catch {
    return { problem: problems.locked };
  }
}

/** By its byte order mark. */
function isUtf16([first, second]: Uint8Array): boolean {
  return (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);
}

const problems = {
  folder: {
    line: 1,
    message: 'is a folder',
    fix: 'Give it a name that does not end in .sql; KPI files lie in kpis/ itself.',
  },
  large: {
    line: 1,
    message: 'is larger than 1 MB',
    fix: 'A KPI file is a header and one SELECT; bring data in by a csv connection.',
  },
  utf16: {
    line: 1,
    message: 'is written in UTF-16',
    fix: 'Save it as UTF-8 (Notepad: Save as, Encoding).',
  },
  foreign: {
    line: 1,
    message: 'is not written in UTF-8',
    fix: 'Save it as UTF-8; else accented letters come out wrong.',
  },
  locked: {
    line: 1,
    message: 'cannot be read',
    fix: 'Make it readable for the user that crm-kpi runs as, or remove it.',
  },
} as const satisfies Record<string, FileProblem>;
