import { existsSync, readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { RunError } from '../model/errors.ts';
import type { Kpi } from '../model/kpi.ts';
import { completeDerived, findDerivationProblems, type PlacedProblem } from './derived-kpis.ts';
import { readText } from './file-text.ts';
import { type KnownKpis, recallKpi } from './known-kpis.ts';
import type { FileProblem } from './query-rules.ts';
import type { CheckOptions, ReadKpi } from './read-kpi.ts';

export interface CatalogOptions extends CheckOptions {
  /** The shipped folder, then the workspace's own; one that does not exist is empty. */
  readonly folders: readonly string[];
  /** What files with the same text have been found to be before; they are not parsed and checked again. */
  readonly known?: KnownKpis;
}

/** Reads and checks every KPI file; all problems of all files are reported at once. */
export async function loadCatalog(options: CatalogOptions): Promise<readonly Kpi[]> {
  const kpis = new Map<string, Kpi>();
  const problems: PlacedProblem[] = [];
  for (const { file, read } of await readKpiFiles(options)) {
    if ('problems' in read) {
      problems.push(...read.problems.map((problem) => ({ ...problem, file })));
      continue;
    }
    const twin = kpis.get(read.kpi.id);
    if (twin) problems.push({ file, ...duplicate(read.kpi, twin) });
    else kpis.set(read.kpi.id, read.kpi);
  }
  problems.push(...findDerivationProblems(kpis));
  if (problems.length > 0) throw refusal(problems);
  const complete = (kpi: Kpi) => (kpi.derive ? completeDerived(kpi, kpis) : kpi);
  return [...kpis.values()].map(complete).sort((a, b) => (a.id < b.id ? -1 : 1));
}

export interface KpiFile {
  readonly file: string;
  readonly text: string;
  readonly read: ReadKpi;
}

/** Each file by itself: those that derive from others are not complete yet. */
export async function readKpiFiles(options: CatalogOptions): Promise<readonly KpiFile[]> {
  const files: KpiFile[] = [];
  for (const file of listFiles(options.folders)) {
    const found = readText(file);
    if ('problem' in found) {
      files.push({ file, text: '', read: { problems: [found.problem] } });
      continue;
    }
    const { text } = found;
    const kpi = recallKpi(file, text, options.known);
    files.push({ file, text, read: kpi ? { kpi } : await readAnew(file, text, options) });
  }
  return files;
}

/** What it takes to parse and check a file is loaded with the first one that is not known. */
async function readAnew(file: string, text: string, options: CatalogOptions): Promise<ReadKpi> {
  const { readKpi } = await import('./read-kpi.ts');
  return readKpi(file, text, options);
}

function listFiles(folders: readonly string[]): readonly string[] {
  const files: string[] = [];
  for (const folder of folders.filter((path) => existsSync(path))) {
    const names = readdirSync(folder);
    files.push(
      ...names
        .filter((name) => name.endsWith('.sql'))
        .sort()
        .map((name) => join(folder, name)),
    );
  }
  return files;
}

function duplicate(kpi: Kpi, twin: Kpi): FileProblem {
  const isOurs = dirname(kpi.file) !== dirname(twin.file);
  const holder = isOurs ? 'a KPI that comes with crm-kpi' : basename(twin.file);
  return {
    line: 1,
    message: `has the id ${kpi.id}, which ${holder} has already`,
    fix: 'Give it an id of its own; what stands behind an id never changes.',
  };
}

function refusal(problems: readonly PlacedProblem[]): RunError {
  const blocks = problems.map(
    ({ file, line, message, fix }) => `${basename(file)}:${line} ${message}.\n  Fix: ${fix}`,
  );
  const first = problems[0];
  return new RunError('config', {
    where: first ? `${first.file}:${first.line}` : 'kpis',
    message: blocks.join('\n'),
    fix: problems.length === 1 ? (first?.fix ?? '') : 'Correct each place named above.',
  });
}
