import type { TableName } from '../model/entities.ts';
import type { Kpi } from '../model/kpi.ts';
import { parseFormula } from './derivation.ts';
import { describeKpi, versionOf } from './describe-kpi.ts';
import type { KpiHeader } from './header.ts';
import type { FileProblem } from './query-rules.ts';
import type { SplitFile } from './split-file.ts';

export interface PlacedProblem extends FileProblem {
  readonly file: string;
}

/** A file without a query: its KPI is computed from others. */
export function readDerived(
  file: string,
  header: KpiHeader,
  { headerLine: line, sql, sqlLine }: SplitFile,
): { readonly kpi: Kpi } | { readonly problems: readonly FileProblem[] } {
  const problems: FileProblem[] = [];
  const { num = '', den } = header.derive ?? {};
  if (sql.trim() !== '') {
    const fix = 'Leave either `derive` or the query.';
    problems.push({ line: sqlLine, message: 'derives from other KPIs and has a query too', fix });
  }
  const inputs = new Set<string>();
  for (const [name, text] of Object.entries({ num, ...(den !== undefined && { den }) })) {
    const parsed = parseFormula(text);
    if ('problem' in parsed) {
      const fix =
        'Write it as `revenue_won.num - costs.num`: KPIs with .num, .den or .value, numbers, + - * / ( ).';
      problems.push({ line, message: `has a ${name} that ${parsed.problem}`, fix });
    } else for (const input of parsed.inputs) inputs.add(input);
  }
  if (problems.length > 0) return { problems };
  return {
    kpi: {
      ...describeKpi(header),
      needs: header.needs ?? [],
      derive: { num, den: den ?? null, inputs: [...inputs] },
      sql: '',
      version: versionOf(JSON.stringify(header)),
      file,
    },
  };
}

/** What it names must be there, computed from records, and have its dimensions. */
export function findDerivationProblems(kpis: ReadonlyMap<string, Kpi>): readonly PlacedProblem[] {
  return [...kpis.values()].flatMap(({ file, derive, dimensions }) =>
    (derive?.inputs ?? []).flatMap((id): PlacedProblem[] => {
      const input = kpis.get(id);
      if (!input) {
        const fix = `There are: ${[...kpis.keys()].sort().join(', ')}.`;
        return [{ file, line: 1, message: `derives from ${id}, which is no KPI`, fix }];
      }
      if (input.derive) {
        const fix = `Write out what ${id} derives from.`;
        return [{ file, line: 1, message: `derives from ${id}, which is itself derived`, fix }];
      }
      const missing = dimensions.filter((name) => !input.dimensions.includes(name));
      if (missing.length === 0) return [];
      const fix = 'Leave only dimensions that all of them have: the parts must speak of the same records.';
      return [{ file, line: 1, message: `has the dimension ${missing.join(', ')}, which ${id} lacks`, fix }];
    }),
  );
}

/** It needs what they need, and changes when one of them does. */
export function completeDerived(kpi: Kpi, kpis: ReadonlyMap<string, Kpi>): Kpi {
  const inputs = (kpi.derive?.inputs ?? []).flatMap((id) => kpis.get(id) ?? []);
  const needs = new Set<TableName>([...kpi.needs, ...inputs.flatMap((input) => input.needs)]);
  const version = versionOf([kpi.version, ...inputs.map((input) => input.version)].join(' '));
  return { ...kpi, needs: [...needs], version };
}
