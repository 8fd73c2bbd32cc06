import { readFile } from 'node:fs/promises';

export interface TableRow {
  /** In the file, from 1. */
  readonly line: number;
  readonly cells: Readonly<Record<string, string>>;
}

export type TableFile =
  | { readonly rows: readonly TableRow[] }
  | { readonly rule: string; readonly fix: string };

/** A small csv file with a header line; separated by comma or semicolon, quotes as usual, blank lines skipped. */
export async function readTableFile(path: string, columns: readonly string[]): Promise<TableFile> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
    return { rule: `but that file cannot be read (${code})`, fix: `create ${path}, readable by this user.` };
  }
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/);
  const separator = (lines[0] ?? '').includes(';') ? ';' : ',';
  const header = splitLine(lines[0] ?? '', separator).map((cell) => cell.toLowerCase());
  const missing = columns.filter((column) => !header.includes(column));
  if (missing.length > 0) {
    const rule = `but that file has no column ${missing.join(', ')}`;
    return { rule, fix: `start it with the line ${columns.join(separator)}` };
  }
  const rows: TableRow[] = [];
  for (const [index, line] of lines.entries()) {
    if (index === 0 || line.trim() === '') continue;
    const cells = splitLine(line, separator);
    rows.push({
      line: index + 1,
      cells: Object.fromEntries(header.map((name, i) => [name, cells[i] ?? ''])),
    });
  }
  return { rows };
}

function splitLine(line: string, separator: string): string[] {
  const cells: string[] = [];
  let cell = '';
  let quoted = false;
  for (let i = 0; i < line.length; i++) {
    const letter = line[i] ?? '';
    if (letter === '"' && quoted && line[i + 1] === '"') cell += line[++i];
    else if (letter === '"') quoted = !quoted;
    else if (letter === separator && !quoted) {
      cells.push(cell.trim());
      cell = '';
    } else cell += letter;
  }
  return [...cells, cell.trim()];
}
