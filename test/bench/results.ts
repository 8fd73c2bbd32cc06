import { writeFileSync } from 'node:fs';
import { arch, cpus, platform, totalmem } from 'node:os';
import { join } from 'node:path';
import type { Bench, Figure, ScalePoint } from './bench.ts';
import { drawScaling } from './plot.ts';

export interface Group {
  readonly bench: Bench;
  readonly figures: readonly Figure[];
  readonly problem: string | null;
}

const head = ['figure', 'measured', 'limit or alternative', 'ratio', 'goal', 'met'];
const docs = join(import.meta.dirname, '../../docs');

/** The table for a terminal. */
export function printTable(groups: readonly Group[]): string {
  const lines = groups.flatMap(({ bench, figures, problem }) => [
    '',
    `${bench.name}: ${bench.about}`,
    ...align([head, ...figures.map(cellsOf)]),
    ...explanations({ bench, figures, problem }).map((line) => `  ${line}`),
  ]);
  return lines.join('\n');
}

function explanations({ bench, figures, problem }: Group): string[] {
  const missed = figures.some(({ met }) => met === false);
  return [
    ...(missed && bench.profile ? [`Where the time goes: ${bench.profile}`] : []),
    ...(problem === null ? [] : [`Failed: ${problem}`]),
  ];
}

function cellsOf({ what, ours, against, ratio, goal, met }: Figure): string[] {
  const verdict = met === null ? '' : met ? 'yes' : 'NO';
  return [
    what,
    ours,
    against ?? '',
    ratio === null ? '' : ratio.toFixed(ratio < 0.1 ? 3 : 2),
    goal ?? '',
    verdict,
  ];
}

function align(rows: readonly (readonly string[])[]): string[] {
  const widths = head.map((_, place) => Math.max(...rows.map((row) => (row[place] ?? '').length)));
  return rows.map((row) =>
    `  ${row.map((cell, place) => cell.padEnd(widths[place] ?? 0)).join('  ')}`.trimEnd(),
  );
}

/** docs/benchmarks.md and its plot, made anew. */
export function saveResults(groups: readonly Group[], points: readonly ScalePoint[]): void {
  const day = new Date().toISOString().slice(0, 10);
  const plot = points.length > 1;
  if (plot) writeFileSync(join(docs, 'scaling.svg'), drawScaling(points));
  const parts = [
    '# Benchmarks',
    `Made by \`npm run bench\` on ${day}: ${machine()}. Each ratio compares two figures of the same run; medians of several runs. Times are by the clock, of whole processes' work where nothing else is said.`,
    ...groups.map(sectionOf),
    ...(plot
      ? [
          '## Rows against time and memory',
          '![A first load: rows against seconds and megabytes](scaling.svg)',
        ]
      : []),
    notes,
  ];
  writeFileSync(join(docs, 'benchmarks.md'), `${parts.join('\n\n')}\n`);
}

function machine(): string {
  const cores = cpus().length;
  const memoryGb = Math.round(totalmem() / 2 ** 30);
  return `${platform()} ${arch()}, ${cores} cores (${cpus()[0]?.model.trim() || 'unnamed'}), ${memoryGb} GB, Node ${process.versions.node}`;
}

function sectionOf(group: Group): string {
  const { bench, figures } = group;
  const rows = figures.map((figure) => `| ${cellsOf(figure).join(' | ')} |`);
  const table = [`| ${head.join(' | ')} |`, `|${' - |'.repeat(head.length)}`, ...rows].join('\n');
  const about = `${bench.about[0]?.toUpperCase()}${bench.about.slice(1)}.`;
  return [`## ${bench.name}`, about, table, ...explanations(group)].join('\n\n');
}

const notes = `Sizes by flag or environment: \`npm run bench -- --only bulk --rows 1000000 --most 2000000 --scale 10000000 --runs 5\`, \`--deals 20000\` for a short evaluation, \`--limited 6000\` for a short run under HubSpot's limits.`;
