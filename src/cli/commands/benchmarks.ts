import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readBenchmarks } from '../../improve/benchmark-file.ts';
import { type Benchmark, benchmarkOfEntry, type Held, holdAgainst } from '../../improve/benchmarks.ts';
import { cardsFor, readCards } from '../../improve/cards.ts';
import { benchmarkInternally, type InternalStanding } from '../../improve/internal-benchmark.ts';
import { entityTables } from '../../model/entities.ts';
import type { EntryFields } from '../../model/entry.ts';
import { RunError } from '../../model/errors.ts';
import { plainNumber } from '../../model/format.ts';
import type { Kpi } from '../../model/kpi.ts';
import type { Measure, Measured, Span } from '../../model/measure.ts';
import { quantile } from '../../statistics/intervals.ts';
import { survivalQuantiles } from '../../statistics/survival.ts';
import { benchmarkTable, internalTable, standingLabel } from '../benchmark-text.ts';
import type { CommandContext, ExitCode } from '../context.ts';
import { lazyMeasure, requireKpi, todayOf } from '../improve-parts.ts';
import { packageFile } from '../places.ts';
import { openWorkspace, type Workspace } from '../wire.ts';

type Options = Readonly<Record<string, unknown>>;

export async function run(
  context: CommandContext,
  [id]: readonly string[],
  options: Options,
): Promise<ExitCode> {
  await using workspace = await openWorkspace(context);
  if (options.practices !== undefined) {
    await showCards(context, workspace, typeof options.practices === 'string' ? options.practices : null);
    return 0;
  }
  const { settings } = workspace;
  const kpis = await chooseKpis(workspace, id);
  const measure = lazyMeasure(workspace);
  const span = lastTwelveMonths(todayOf(workspace));
  const all = await loadBenchmarks(workspace);
  const held: { kpi: Kpi; held: Held }[] = [];
  const internal: { kpi: Kpi; kind: string; standings: readonly InternalStanding[] }[] = [];
  for (const kpi of kpis) {
    for (const benchmark of all.filter((one) => one.kpi === kpi.id))
      held.push({
        kpi,
        held: holdAgainst(benchmark, await ourValue({ kpi, measure, span }, benchmark), todayOf(workspace)),
      });
    for (const kind of ['team', 'connection'] as const) {
      if (kind === 'team' && !kpi.dimensions.includes('team')) continue;
      const standings = await benchmarkInternally({ kpi, measure, span, kind });
      if (standings.length > 1) internal.push({ kpi, kind, standings });
    }
  }
  if (context.flags.json) {
    const plain = (kpi: Kpi, value: number | null) => plainNumber(value, kpi.unit, settings.currency);
    context.out(
      JSON.stringify({
        span,
        benchmarks: held.map(({ kpi, held: one }) => ({
          ...one,
          value: plain(kpi, one.value),
          low: plain(kpi, one.low),
          high: plain(kpi, one.high),
        })),
        internal: internal.map(({ kpi, kind, standings }) => ({ kpi: kpi.id, kind, standings })),
      }),
    );
    return 0;
  }
  context.out(
    held.length > 0
      ? benchmarkTable(held, settings)
      : 'There are no benchmarks for these KPIs. crm-kpi entry add benchmark makes one.',
  );
  for (const { kpi, kind, standings } of internal) {
    context.out('');
    context.out(`${kpi.label[settings.language]}, ${standingLabel(kind, settings.language)}:`);
    context.out(internalTable(standings, { kpi, ...settings }));
  }
  context.note(`${span.from} .. ${span.to}`);
  return 0;
}

/** The one named; else those that have a goal or a benchmark, and figures. */
async function chooseKpis(workspace: Workspace, id: string | undefined): Promise<readonly Kpi[]> {
  if (id !== undefined) return [requireKpi(workspace, id)];
  const named = new Set([
    ...workspace.settings.goals.map(({ kpi }) => kpi),
    ...(await loadBenchmarks(workspace)).map(({ kpi }) => kpi),
  ]);
  return workspace.catalog.filter((kpi) => named.has(kpi.id));
}

/** Twelve whole months before the month of a day. */
function lastTwelveMonths(today: string): Span {
  const to = `${today.slice(0, 7)}-01`;
  return { from: `${String(Number(to.slice(0, 4)) - 1).padStart(4, '0')}${to.slice(4)}`, to };
}

async function loadBenchmarks({ settings, catalog, store }: Workspace): Promise<readonly Benchmark[]> {
  const kpiIds = catalog.map(({ id }) => id);
  const own = join(settings.folder, 'benchmarks.yaml');
  const entered: Benchmark[] = [];
  for await (const fields of enteredBenchmarks(store)) {
    const kpi = catalog.find(({ id }) => id === fields.kpi);
    const made = kpi ? benchmarkOfEntry(fields, kpi.unit) : null;
    if (made) entered.push(made);
  }
  return [
    ...(await readBenchmarks(packageFile('config', 'benchmarks.yaml'), { kpiIds, from: 'shipped' })),
    ...(existsSync(own) ? await readBenchmarks(own, { kpiIds, from: 'file' }) : []),
    ...entered,
  ];
}

/** By hand or from a csv connection: both stand in the table. */
async function* enteredBenchmarks(store: Workspace['store']): AsyncGenerator<EntryFields> {
  const columns = Object.keys(entityTables.entry);
  const sql = `select ${columns.join(', ')} from entry where kind = 'benchmark' order by source_id, id`;
  for await (const rows of store.rows({ sql, params: {} })) {
    for (const row of rows)
      yield Object.fromEntries(columns.map((column, place) => [column, row[place] ?? null])) as EntryFields;
  }
}

interface Our {
  readonly kpi: Kpi;
  readonly measure: Measure;
  readonly span: Span;
}

/** By the statistic that the benchmark tells: a mean is held against a mean. */
async function ourValue({ kpi, measure, span }: Our, { statistic }: Benchmark): Promise<number | null> {
  const answer = await measure({
    kpi: kpi.id,
    segment: { kind: 'company', id: null, source: null },
    spans: [span],
  });
  const figure = answer?.spans[0]?.whole ?? null;
  if (figure === null || figure.n === 0) return null;
  return answer?.kind === 'duration' ? durationBy(figure, statistic) : figure.value;
}

function durationBy({ values, open, value }: Measured, statistic: string | null): number | null {
  if (statistic === 'mean') {
    // What goes on has no length yet.
    if (open.length > 0) return null;
    let sum = 0;
    for (const one of values) sum += one;
    return values.length > 0 ? sum / values.length : null;
  }
  if (statistic !== 'p90') return value;
  return open.length > 0 ? (survivalQuantiles(values, open, [0.9])[0] ?? null) : quantile(values, 0.9);
}

async function showCards(
  { flags, out }: CommandContext,
  { settings }: Workspace,
  detector: string | null,
): Promise<void> {
  const all = await readCards(packageFile('config', 'practices'));
  const cards = detector === null ? all : cardsFor(all, detector);
  if (cards.length === 0) {
    const known = [...new Set(all.flatMap(({ detectors }) => detectors))].sort();
    throw new RunError('usage', {
      where: `--practices ${detector}`,
      message: 'There is no card for this detector.',
      fix: `Use one of: ${known.join(', ')}.`,
    });
  }
  if (flags.json) {
    out(JSON.stringify(cards));
    return;
  }
  const { language } = settings;
  const words = language === 'es' ? ['Por qué', 'Primer paso', 'Fuente'] : ['Why', 'First step', 'Source'];
  for (const { detectors, rule, why, firstStep, source } of cards) {
    out(`${rule[language]} [${detectors.join(', ')}]`);
    out(`  ${words[0]}: ${why[language]}`);
    out(`  ${words[1]}: ${firstStep[language]}`);
    out(`  ${words[2]}: ${source}\n`);
  }
}
