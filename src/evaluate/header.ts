import { type Document, isNode, LineCounter, parseDocument } from 'yaml';
import * as z from 'zod';
import { entityTables, type TableName } from '../model/entities.ts';
import { recordKinds, segmentKinds } from '../model/kpi.ts';
import { type Advice, teach } from './header-advice.ts';
import type { FileProblem } from './query-rules.ts';
import type { SplitFile } from './split-file.ts';

const dayMs = 86_400_000;
const hourMs = 3_600_000;

const Duration = z
  .string()
  .regex(/^\d+ ?[hd]$/, 'must be hours or days, as 72h or 90d')
  .transform((text) => Number.parseInt(text, 10) * (text.endsWith('h') ? hourMs : dayMs));
const LabelText = z.strictObject({ en: z.string().min(1), es: z.string().min(1) });
function isColumn(text: string): boolean {
  const [table = '', column = ''] = text.split('.');
  return tableNames.some((name) => name === table && column in entityTables[name]);
}
const tableNames = Object.keys(entityTables).filter((name): name is TableName => name in entityTables);

/**
 * The header of a KPI file.
 *
 * - `kind`: flow, snapshot or cohort. `unit`, `better`, `dimensions`, `needs` (tables without which there is no value).
 * - `money: [num, den]`: measures in minor units of the row's `currency`, converted at `rate_day`, else the anchor's day.
 * - `within: 90d`: the share that ended within that time; `matures: 72h`: members count once observed that long (default
 *   of a cohort's rate: as `within`); a column `mature_at` says so row by row.
 * - `window: 90d`: rolling, of the local days before the period's end.
 * - `complete: cost`: no value unless every day has a cost (rows of `entry` or `campaign` for each day, whose `part` is the day or null).
 * - `inputs: [ticket.due_at]`: no value where no record has one of these columns, rather than a 0.
 * - `estimate: true`: it rests on what people entered by judgement; results carry the flag `estimate`.
 * - `per: deal`: each row follows from the records of one deal alone, however many tables it joins, and else only from
 *   tables that rarely change; a night then reads no more than the deals that changed. A query of one table needs no word.
 * - `captured: true`: its rows were noted at the time, so that past periods are not reconstructed.
 * - `quantiles: true`: of a mean of money, p50 and p90 are kept beside it.
 * - `derive: { num: "a.num - b.num", den: "b.num" }`: computed from other KPIs' sums; the file has no query then.
 *
 * The query returns `source_id`, `object`, `id`, where one record gives several rows `part`, an anchor and a measure.
 * Anchor: `at` (instant) or `day`; of a state `since` and `until`; or `period`, from the table `period`, whose columns
 * are in `period-table.ts`. Measure: `num` with or without `den`; or a duration, `start_at` (default: the anchor),
 * `end_at` and `observed_until`, each an instant or a day; or `value`, a duration in milliseconds, and `censored`, 1
 * where it goes on: with `start_at`, since when it would have gone on had there been no break.
 * Durations of a cohort are Kaplan-Meier: what has no end goes on, until `observed_until` or as_of. Columns named like a
 * dimension take the place of the record's own.
 */
const Header = z.strictObject({
  id: z.string().regex(/^[a-z][a-z0-9_]*$/, 'must be lower case letters, digits and _'),
  label: LabelText,
  description: LabelText.optional(),
  domain: z.string().default('other'),
  unit: z.enum(['ratio', 'money', 'hours', 'count', 'points', 'months']),
  better: z.enum(['higher', 'lower', 'range']),
  kind: z.enum(['flow', 'snapshot', 'cohort']),
  dimensions: z.array(z.string()).default([]),
  needs: z.array(z.enum(tableNames)).optional(),
  money: z.array(z.enum(['num', 'den'])).optional(),
  within: Duration.optional(),
  matures: Duration.optional(),
  window: z
    .string()
    .regex(/^\d+ ?d$/, 'must be whole days, as 90d')
    .transform((text) => Number.parseInt(text, 10))
    .optional(),
  complete: z.enum(['cost']).optional(),
  per: z.enum(recordKinds).optional(),
  captured: z.boolean().optional(),
  quantiles: z.boolean().optional(),
  estimate: z.boolean().optional(),
  inputs: z
    .array(z.string().refine(isColumn, 'must be a column of a table, as ticket.due_at'))
    .min(1)
    .optional(),
  derive: z.strictObject({ num: z.string().min(1), den: z.string().min(1).optional() }).optional(),
});

export type KpiHeader = z.output<typeof Header>;

/** Reads the header; `mapped` are the dimensions that the settings add to the canonical ones. */
export function parseHeader(
  { header, headerLine }: SplitFile,
  mapped: readonly string[],
): { readonly header: KpiHeader } | { readonly problems: readonly FileProblem[] } {
  const { text, lines } = onePerLine(header);
  const counter = new LineCounter();
  const document = parseDocument(text, { lineCounter: counter });
  const lineAt = (offset: number) => headerLine + (lines[counter.linePos(offset).line - 1] ?? 0);
  if (document.errors.length > 0) {
    const problems = document.errors.map((error) => ({
      line: lineAt(error.pos[0]),
      message: `has a header that is not YAML: ${error.message.split('\n')[0]?.replace(/ at line .*$/, '')}`,
      fix: 'Write `key: value`, with { } and [ ] closed.',
    }));
    return { problems };
  }
  const told = valuesOf(document);
  if ('problem' in told) return { problems: [{ line: headerLine, ...told.problem }] };
  const parsed = Header.safeParse(told.values ?? {});
  const lineOfKey = (key: PropertyKey | undefined) => {
    const node = document.get(String(key), true);
    return isNode(node) && node.range ? lineAt(node.range[0]) : headerLine;
  };
  if (!parsed.success) {
    const problems = parsed.error.issues.map((issue) => ({
      line: lineOfKey(issue.code === 'unrecognized_keys' ? issue.keys[0] : issue.path[0]),
      ...teach(issue, { header: told.values, keys: Object.keys(Header.shape) }),
    }));
    return { problems };
  }
  const unknown = unknownDimensions(parsed.data.dimensions, mapped, lineOfKey('dimensions'));
  return unknown.length > 0 ? { problems: unknown } : { header: parsed.data };
}

/** An alias of nothing, or of a thousand others, is found only when it is followed. */
function valuesOf(document: Document.Parsed): { readonly values: unknown } | { readonly problem: Advice } {
  try {
    return { values: document.toJS() };
  } catch {
    const message = 'has a header with an alias (*) that cannot be followed';
    return { problem: { message, fix: 'Write the value itself.' } };
  }
}

function unknownDimensions(
  dimensions: readonly string[],
  mapped: readonly string[],
  line: number,
): readonly FileProblem[] {
  const known = new Set<string>([...segmentKinds, ...mapped]);
  return dimensions
    .filter((name) => !known.has(name))
    .map((name) => ({
      line,
      message: `has the unknown dimension "${name}"`,
      fix: `There are: ${segmentKinds.slice(2).join(', ')}, and those mapped under \`fields\`.`,
    }));
}

/**
 * Headers may hold several `key: value` on one line, which YAML does not. Breaks such lines before each header key that
 * stands outside brackets and quotes. `lines[i]`: how many lines below the start line i of the result was.
 */
function onePerLine(header: string): { readonly text: string; readonly lines: readonly number[] } {
  const keys = new RegExp(`^\\s+(?=(?:${Object.keys(Header.shape).join('|')}):\\s)`);
  const broken: string[] = [];
  const lines: number[] = [];
  let depth = 0;
  for (const [number, line] of header.split('\n').entries()) {
    let current = '';
    let quote = '';
    for (let i = 0; i < line.length; i++) {
      const letter = line.charAt(i);
      if (quote) quote = letter === quote ? '' : quote;
      else if ((letter === '"' || letter === "'") && /[\s:,{[]/.test(line.charAt(i - 1) || ' '))
        quote = letter;
      else if (letter === '{' || letter === '[') depth++;
      else if (letter === '}' || letter === ']') depth--;
      const gap = depth === 0 && !quote && current.trim() !== '' ? keys.exec(line.slice(i)) : null;
      if (!gap) {
        current += letter;
        continue;
      }
      broken.push(current);
      lines.push(number);
      current = '';
      i += gap[0].length - 1;
    }
    broken.push(current);
    lines.push(number);
  }
  return { text: broken.join('\n'), lines };
}
