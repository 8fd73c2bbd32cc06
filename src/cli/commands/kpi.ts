import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { neededColumns } from '../../evaluate/needed-columns.ts';
import { findUnserved } from '../../evaluate/silence.ts';
import { RunError } from '../../model/errors.ts';
import type { Kpi } from '../../model/kpi.ts';
import type { CommandContext, ExitCode } from '../context.ts';
import { readCases } from '../own-kpis/case-file.ts';
import { formulaOf } from '../own-kpis/formula.ts';
import { type CaseOutcome, runCase } from '../own-kpis/run-case.ts';
import { casesTemplate, kpiTemplate } from '../own-kpis/template.ts';
import { formatTable } from '../table.ts';
import { openWorkspace, type Workspace } from '../wire.ts';

type Action = (context: CommandContext, workspace: Workspace, id: string | undefined) => Promise<ExitCode>;

export async function run(context: CommandContext, [action = '', id]: readonly string[]): Promise<ExitCode> {
  const actions: Readonly<Record<string, Action>> = {
    new: writeNew,
    test: testCases,
    list: listAll,
    show: showOne,
  };
  const chosen = actions[action];
  if (!chosen) {
    throw new RunError('usage', {
      where: `kpi ${action}`,
      message: 'There is no such action.',
      fix: 'Use `kpi list`, `kpi show ID`, `kpi new ID` or `kpi test [ID]`.',
    });
  }
  await using workspace = await openWorkspace(context);
  return chosen(context, workspace, id);
}

function isOwn({ settings }: Workspace, { file }: Kpi): boolean {
  return dirname(file) === join(settings.folder, 'kpis');
}

/** A KPI file that works and a file of cases, to be changed. Never overwrites. */
async function writeNew(
  { out, note, flags }: CommandContext,
  workspace: Workspace,
  id = '',
): Promise<ExitCode> {
  if (!/^[a-z][a-z0-9_]*$/.test(id)) {
    throw new RunError('usage', {
      where: `kpi new ${id}`,
      message: 'A KPI is called by lower case letters, digits and _.',
      fix: 'Give it a name such as `crm-kpi kpi new large_deals_won`.',
    });
  }
  const folder = join(workspace.settings.folder, 'kpis');
  const files = [join(folder, `${id}.sql`), join(folder, `${id}.yaml`)] as const;
  const taken =
    workspace.catalog.find((kpi) => kpi.id === id)?.file ?? files.find((file) => existsSync(file));
  if (taken) {
    throw new RunError('usage', {
      where: taken,
      message: `There is a KPI called ${id} already.`,
      fix: 'Give the new one another name; what stands behind a name never changes.',
    });
  }
  mkdirSync(folder, { recursive: true });
  const name = id.charAt(0).toUpperCase() + id.slice(1).replaceAll('_', ' ');
  writeFileSync(files[0], kpiTemplate(id, name), { flag: 'wx' });
  writeFileSync(files[1], casesTemplate(id), { flag: 'wx' });
  out(flags.json ? JSON.stringify({ kpi: id, files }) : files.join('\n'));
  note(`Change the query, then its cases, and run them: crm-kpi kpi test ${id}`);
  return 0;
}

interface TestedKpi {
  readonly kpi: string;
  readonly cases: readonly CaseOutcome[];
}

/** Runs the cases beside the workspace's own KPIs. */
async function testCases(context: CommandContext, workspace: Workspace, id?: string): Promise<ExitCode> {
  const own = workspace.catalog.filter((kpi) => isOwn(workspace, kpi) && (id === undefined || kpi.id === id));
  if (id !== undefined && own.length === 0) throw unknownOwn(workspace, id);
  const tested: TestedKpi[] = [];
  for (const kpi of own) {
    const file = kpi.file.replace(/\.sql$/, '.yaml');
    const cases: CaseOutcome[] = [];
    for (const one of existsSync(file) ? readCases(file) : [])
      cases.push(await runCase(kpi, workspace.catalog, one));
    tested.push({ kpi: kpi.id, cases });
  }
  if (context.flags.json) context.out(JSON.stringify(tested));
  else for (const kpi of tested) printTested(context, kpi);
  if (own.length === 0) context.note('There are no KPIs of your own; `crm-kpi kpi new NAME` writes one.');
  return tested.some(({ cases }) => cases.some(({ ok }) => !ok)) ? 2 : 0;
}

function unknownOwn(workspace: Workspace, id: string): RunError {
  const own = workspace.catalog.filter((kpi) => isOwn(workspace, kpi)).map((kpi) => kpi.id);
  return new RunError('usage', {
    where: id,
    message: 'There is no KPI of your own by that name.',
    fix: own.length > 0 ? `Use one of: ${own.join(', ')}.` : 'Write one with `crm-kpi kpi new NAME`.',
  });
}

function printTested({ out }: CommandContext, { kpi, cases }: TestedKpi): void {
  const failed = cases.filter(({ ok }) => !ok);
  if (cases.length === 0) out(`${kpi}: no cases; write some into kpis/${kpi}.yaml`);
  else out(`${kpi}: ${cases.length - failed.length} of ${cases.length} cases hold`);
  for (const { it, lines } of failed) {
    out(`  fails: ${it}`);
    for (const line of lines) out(`    ${line}`);
  }
}

async function listAll({ out, flags }: CommandContext, workspace: Workspace): Promise<ExitCode> {
  const { catalog, settings } = workspace;
  const silent = await findUnserved(workspace, { kpis: null, goals: [] });
  const rows = catalog.map((kpi) => ({
    kpi: kpi.id,
    label: kpi.label[settings.language],
    domain: kpi.domain,
    unit: kpi.unit,
    better: kpi.better,
    kind: kpi.kind,
    dimensions: kpi.dimensions,
    own: isOwn(workspace, kpi),
    chosen: settings.kpis === null || settings.kpis.includes(kpi.id),
    goals: settings.goals.filter((goal) => goal.kpi === kpi.id).map((goal) => goal.id),
    noValue: silent.find((silence) => silence.kpi === kpi.id)?.reason[settings.language] ?? null,
  }));
  if (flags.json) out(JSON.stringify(rows));
  else
    out(
      formatTable(
        ['KPI', 'Label', 'Domain', 'Unit', 'Own', 'No value because'],
        rows.map((row) => [
          row.kpi,
          row.label,
          row.domain,
          row.unit,
          row.own ? 'own' : '',
          row.noValue ?? '',
        ]),
      ),
    );
  return 0;
}

async function showOne({ out, flags }: CommandContext, workspace: Workspace, id = ''): Promise<ExitCode> {
  const { catalog, settings } = workspace;
  const kpi = catalog.find((known) => known.id === id);
  if (!kpi) {
    throw new RunError('usage', {
      where: `kpi show ${id}`,
      message: 'There is no KPI of that id.',
      fix: `Use one of: ${catalog.map((known) => known.id).join(', ')}.`,
    });
  }
  const { language } = settings;
  const shown = {
    kpi: kpi.id,
    label: kpi.label[language],
    definition: kpi.description[language],
    formula: formulaOf(kpi)[language],
    unit: kpi.unit,
    better: kpi.better,
    kind: kpi.kind,
    dimensions: kpi.dimensions,
    needs: kpi.needs,
    columns: [...neededColumns(kpi, new Map(catalog.map((known) => [known.id, known])))].sort(),
    derive: kpi.derive ?? null,
    version: kpi.version,
    file: isOwn(workspace, kpi) ? kpi.file : basename(kpi.file),
    sql: kpi.sql,
  };
  if (flags.json) out(JSON.stringify(shown));
  else printShown(out, shown);
  return 0;
}

function printShown(
  out: CommandContext['out'],
  shown: {
    readonly kpi: string;
    readonly label: string;
    readonly definition: string;
    readonly formula: string;
    readonly dimensions: readonly string[];
    readonly needs: readonly string[];
    readonly columns: readonly string[];
    readonly file: string;
    readonly version: string;
    readonly sql: string;
  },
): void {
  out(`${shown.label} (${shown.kpi})`);
  out(shown.definition);
  out(shown.formula);
  out(`Needs ${shown.needs.join(', ')}; reads ${shown.columns.join(', ')}.`);
  if (shown.dimensions.length > 0) out(`Splits by ${shown.dimensions.join(', ')}.`);
  out(`${shown.file}, version ${shown.version}`);
  if (shown.sql !== '') out(`\n${shown.sql}`);
}
