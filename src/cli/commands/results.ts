import { RunError } from '../../model/errors.ts';
import type { Result } from '../../model/result.ts';
import type { StoredResult } from '../../model/result-store.ts';
import type { CommandContext, ExitCode } from '../context.ts';
import { findOutlooks, outlookJson, outlookLine } from '../outlook.ts';
import { readFilter } from '../result-filter.ts';
import { toResultJson } from '../result-json.ts';
import { formatResults } from '../result-table.ts';
import { type PeriodScore, scorePeriods, scoreText } from '../score.ts';
import { findSilences, silenceLines, unservedRows } from '../silences.ts';
import { unpromisedLines } from '../unpromised.ts';
import { openWorkspace, type Workspace } from '../wire.ts';

type Options = Readonly<Record<string, unknown>>;

export async function run(
  context: CommandContext,
  _: readonly string[],
  options: Options,
): Promise<ExitCode> {
  await using workspace = await openWorkspace(context);
  const asOf = await requireEvaluation(workspace);
  const filter = readFilter(options, workspace);
  const status = typeof options.status === 'string' ? options.status : null;
  const found: StoredResult[] = [];
  const stored = new Set<string>();
  for await (const chunk of workspace.store.latestResults(workspace.asOf, filter)) {
    for (const result of chunk) {
      stored.add(result.kpi);
      if (status === null || result.status === status) found.push(result);
    }
  }
  const silences = await findSilences(workspace, found);
  const unserved = silences.unserved.map(({ kpi }) => kpi).filter((kpi) => (filter.kpi ?? kpi) === kpi);
  if (options.score === true) {
    printScores(context, scorePeriods(found, workspace.settings.goals, unserved), workspace);
    return 0;
  }
  if (context.flags.json) {
    context.out(JSON.stringify(await toJson(workspace, found, { silences, stored, filter, status, asOf })));
    return 0;
  }
  const shown = options.period ? found : newestPeriods(found, workspace);
  const chosen = filter.segmentKind ? shown : shown.filter(({ segment }) => segment.kind === 'company');
  context.out(chosen.length > 0 ? formatResults(chosen, workspace) : 'No results match.');
  await printOutlooks(context, workspace, { results: chosen, asOf });
  for (const score of scorePeriods(chosen, workspace.settings.goals, unserved).filter(
    ({ segment }) => segment.kind === 'company',
  ))
    context.out(scoreText(score, workspace.settings.language));
  for (const line of silenceLines(silences, chosen, workspace)) context.note(line);
  if (Object.keys(filter).length === 0 && status === null)
    for (const line of unpromisedLines(shown, workspace)) context.note(line);
  context.note(`Figures as of ${new Date(asOf).toISOString()}; times in ${workspace.zone.name}.`);
  return 0;
}

interface Asked {
  readonly silences: Awaited<ReturnType<typeof findSilences>>;
  /** KPIs with results: figures of a connection that is gone stand by themselves. */
  readonly stored: ReadonlySet<string>;
  readonly filter: ReturnType<typeof readFilter>;
  readonly status: string | null;
  readonly asOf: number;
}

async function toJson(workspace: Workspace, found: readonly StoredResult[], asked: Asked) {
  const { silences, stored, filter, status, asOf } = asked;
  const kpis = new Map(workspace.catalog.map((kpi) => [kpi.id, kpi]));
  const { language } = workspace.settings;
  const outlooks = await findOutlooks(workspace, found, asOf);
  const rows = found.map((result) => {
    const reason = silences.reasonFor(result)?.[language] ?? null;
    const outlook = outlooks(result);
    const json = toResultJson(result, kpis.get(result.kpi), { language, asOf, reason });
    return outlook ? { ...json, outlook: outlookJson(result, outlook) } : json;
  });
  const unserved = silences.unserved.filter(({ kpi }) => !stored.has(kpi));
  return [...rows, ...unservedRows(workspace, unserved, { filter, status, asOf })];
}

async function printOutlooks(
  { out }: CommandContext,
  workspace: Workspace,
  { results, asOf }: { readonly results: readonly StoredResult[]; readonly asOf: number },
): Promise<void> {
  const { language } = workspace.settings;
  const outlooks = await findOutlooks(workspace, results, asOf);
  for (const result of results.filter(({ segment }) => segment.kind === 'company')) {
    const outlook = outlooks(result);
    const label = workspace.catalog.find(({ id }) => id === result.kpi)?.label[language] ?? result.kpi;
    if (outlook) out(outlookLine(result, outlook, { label, language }));
  }
}

function printScores(context: CommandContext, scores: readonly PeriodScore[], { settings }: Workspace): void {
  if (context.flags.json) context.out(JSON.stringify(scores));
  else
    for (const score of scores)
      context.out(`${score.segment.name ?? score.segment.kind}: ${scoreText(score, settings.language)}`);
}

/** Readers use the latest evaluation that is not after --as-of. */
export async function requireEvaluation({ store, asOf, settings }: Workspace): Promise<number> {
  const evaluatedAt = await store.latestEvaluation(asOf);
  if (evaluatedAt !== null) return evaluatedAt;
  throw new RunError('usage', {
    where: settings.store,
    message: `Nothing was evaluated as of ${new Date(asOf).toISOString()} or before.`,
    fix: 'Run `crm-kpi run` first, or give a later --as-of.',
  });
}

/** The latest complete and the current period of each KPI, at its goals' grain; by month where it has no goal. */
function newestPeriods(results: readonly StoredResult[], { settings }: Workspace): readonly StoredResult[] {
  const newest = new Map<string, string>();
  const isAtHome = (result: Result) => {
    const ofKpi = settings.goals.filter(({ kpi }) => kpi === result.kpi);
    return ofKpi.length > 0 ? ofKpi.some(({ every }) => every === result.grain) : result.grain === 'month';
  };
  const home = results.filter((result) => isAtHome(result) && result.status !== 'not_started');
  for (const { kpi, grain, complete, periodStart } of home) {
    const key = `${kpi} ${grain} ${complete}`;
    if (periodStart > (newest.get(key) ?? '')) newest.set(key, periodStart);
  }
  return home.filter(
    ({ kpi, grain, complete, periodStart }) => newest.get(`${kpi} ${grain} ${complete}`) === periodStart,
  );
}
