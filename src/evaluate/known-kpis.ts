import { createHash } from 'node:crypto';
import type { Kpi } from '../model/kpi.ts';
import { splitFile, withoutEnd } from './split-file.ts';

/** What a file's text says of its KPI, beside the query itself. */
type Found = Omit<Kpi, 'file' | 'sql'>;

/** What files were found to be, by the hash of their text. */
export type KnownKpis = ReadonlyMap<string, Found>;

interface KnownLine {
  readonly text: string;
  readonly kpi: Found;
}

/** A line of JSON for each file, so that a changed file is a changed line. */
export function formatKnown(files: readonly { readonly text: string; readonly kpi: Kpi }[]): string {
  const lines = files.map(({ text, kpi: { file: _, sql: __, ...kpi } }) =>
    JSON.stringify({ text: hashOf(text), kpi } satisfies KnownLine),
  );
  return `${lines.join('\n')}\n`;
}

export function parseKnown(text: string): KnownKpis {
  const lines = text.split('\n').filter((line) => line !== '');
  return new Map(
    lines.map((line) => {
      const known: KnownLine = JSON.parse(line);
      return [known.text, known.kpi];
    }),
  );
}

/** undefined: the file has changed since, or is not one of ours. */
export function recallKpi(file: string, text: string, known: KnownKpis | undefined): Kpi | undefined {
  const found = known?.get(hashOf(text));
  const parts = found ? splitFile(text) : null;
  return found && parts ? { ...found, sql: withoutEnd(parts.sql), file } : undefined;
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
