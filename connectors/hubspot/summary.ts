/** What an account with room for few properties shows of all its key figures: one line, each with its KPI. */
export interface SummaryPart {
  readonly kpi: string;
  readonly text: string;
}

const piece = /^(.*)\s\[([^[\]]+)\]$/s;
const separator = '; ';

/** The line as it stands with some of its figures replaced and others taken out; in the order of the KPIs. */
export function changeSummary(
  before: string,
  changed: readonly SummaryPart[],
  removed: ReadonlySet<string>,
): string {
  const parts = new Map<string, string>();
  for (const text of before.split(separator)) {
    const match = piece.exec(text.trim());
    if (match?.[1] && match[2]) parts.set(match[2], match[1]);
  }
  for (const kpi of removed) parts.delete(kpi);
  for (const { kpi, text } of changed)
    parts.set(
      kpi,
      text
        .replace(/[;[\]]/g, ' ')
        .replace(/\s+/g, ' ')
        .trim(),
    );
  return [...parts]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([kpi, text]) => `${text} [${kpi}]`)
    .join(separator);
}
