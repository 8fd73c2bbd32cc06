import { entityTables, type TableName } from '../model/entities.ts';
import type { FactStore } from '../model/fact-store.ts';
import type { Kpi } from '../model/kpi.ts';
import { readDerived } from './derived-kpis.ts';
import { describeKpi, moneyOf, versionOf } from './describe-kpi.ts';
import { type KpiHeader, parseHeader } from './header.ts';
import { checkableQuery } from './period-table.ts';
import { type FileProblem, findQueryProblems } from './query-rules.ts';
import { findEndlessQueries, findTableProblems, listEntities, listTables } from './query-tables.ts';
import { type SplitFile, splitFile, withoutEnd } from './split-file.ts';
import { type Token, tokenize } from './tokens.ts';

export interface CheckOptions {
  readonly check: FactStore['checkQuery'];
  /** Dimensions that the settings map, beside the canonical ones. */
  readonly mapped?: readonly string[];
}

/** A KPI, or why the file holds none. */
export type ReadKpi = { readonly kpi: Kpi } | { readonly problems: readonly FileProblem[] };

/** One file by itself. */
export async function readKpi(file: string, text: string, options: CheckOptions): Promise<ReadKpi> {
  const parts = splitFile(text);
  if (!parts) {
    const message = /^\s*\/\*/.test(text) ? 'has a header that never ends' : 'has no header';
    const fix = 'Start the file with /* and the header (id, label, unit, better, kind), closed by */.';
    return { problems: [{ line: 1, message, fix }] };
  }
  const parsed = parseHeader(parts, options.mapped ?? []);
  if ('header' in parsed && parsed.header.derive) return readDerived(file, parsed.header, parts);
  const tokens = tokenize(parts.sql, parts.sqlLine);
  const tables = listTables(tokens);
  const problems = [
    ...('problems' in parsed ? parsed.problems : []),
    ...findQueryProblems(tokens),
    ...findTableProblems(tables),
    ...findEndlessQueries(tokens),
  ];
  if (problems.length > 0 || 'problems' in parsed) return { problems };
  const sql = withoutEnd(parts.sql);
  const answer = await options.check(checkableQuery(sql));
  const line = tokens[0]?.line ?? parts.sqlLine;
  if ('problem' in answer) {
    const fix = 'Correct the query; the columns of every table are in the reference.';
    return { problems: [{ line, message: `is refused by the database: ${answer.problem}`, fix }] };
  }
  const missing = findColumnProblems(answer.columns, parsed.header, line);
  if (missing.length > 0) return { problems: missing };
  return { kpi: makeKpi({ file, header: parsed.header, parts, tokens, entities: listEntities(tables) }) };
}

/** What every row says of its record. */
const identity = {
  source_id: 'Return the column source_id of the table that is counted: the connection that it came from.',
  object: "Return the name of the table that is counted, as 'deal' as object.",
  id: 'Return the column id of the table that is counted.',
} as const;

function findColumnProblems(
  columns: readonly string[],
  header: KpiHeader,
  line: number,
): readonly FileProblem[] {
  const has = (name: string) => columns.includes(name);
  const problems: FileProblem[] = [];
  for (const [name, fix] of Object.entries(identity)) {
    if (!has(name)) problems.push({ line, message: `returns no column ${name}`, fix });
  }
  const anchors = header.kind === 'snapshot' ? ['since', 'period'] : ['at', 'day', 'period'];
  if (!anchors.some(has)) {
    const fix =
      header.kind === 'snapshot'
        ? 'Return from when the state holds, as since, and until when, as until.'
        : 'Return when a record counts: an instant as at, or a day as day.';
    problems.push({ line, message: `returns no anchor: ${anchors.join(' or ')}`, fix });
  }
  const duration = header.unit === 'hours' || header.unit === 'months' || header.within !== undefined;
  if (!has('num') && !(duration && (has('end_at') || has('start_at') || has('value')))) {
    const wanted = duration ? 'end_at (with start_at), or num' : 'num';
    const fix = duration
      ? 'Return the instants between which it lasts, as start_at and end_at.'
      : 'Return what a record adds, as num: 1 as num counts records.';
    problems.push({ line, message: `returns no measure: ${wanted}`, fix });
  }
  if (header.unit === 'ratio' && has('num') && !has('den')) {
    problems.push({ line, message: 'returns a ratio without den', fix: 'Return num and den per record.' });
  }
  if (moneyOf(header).length > 0 && !has('currency')) {
    problems.push({
      line,
      message: 'returns money without its currency',
      fix: 'Return the column currency.',
    });
  }
  return problems;
}

interface KpiParts {
  readonly file: string;
  readonly header: KpiHeader;
  readonly parts: SplitFile;
  readonly tokens: readonly Token[];
  readonly entities: readonly string[];
}

function makeKpi({ file, header, parts, tokens, entities }: KpiParts): Kpi {
  const normalized = tokens.map((token) => token.text).join(' ');
  return {
    ...describeKpi(header),
    needs: header.needs ?? entities.filter((name): name is TableName => name in entityTables),
    sql: withoutEnd(parts.sql),
    version: versionOf(JSON.stringify(header) + normalized),
    file,
  };
}
