import { explainResult } from '../evaluate/explain.ts';
import { type MedianIntervals, readMedianIntervals } from '../evaluate/spreads.ts';
import type { ReviewPage } from '../improve/review.ts';
import { layOutReview } from '../improve/review-page.ts';
import type { Action, ToldEffect } from '../model/action.ts';
import type { ReportFormat, ReportRequest } from '../model/report.ts';
import type { StoredResult } from '../model/result-store.ts';
import type { Review } from '../model/review.ts';
import type { Desk, FindingsView, NightStatus, RecordsBehind, ReviewView } from '../report/desk.ts';
import { makeReport, type ReportFile } from '../report/make-report.ts';
import type { PdfMaker } from '../report/pdf-file.ts';
import { openReader, type Reader } from '../store/reader.ts';
import { addLinks } from './commands/explain.ts';
import type { CommandContext } from './context.ts';
import { periodOf } from './period-flag.ts';
import { collectProblems } from './problems.ts';
import { createLinker } from './record-links.ts';
import { scorePeriods } from './score.ts';
import { createSpanish } from './spanish.ts';
import { tellEffect } from './told-effect.ts';
import type { Workspace } from './wire.ts';

export interface DeskParts {
  readonly workspace: Pick<Workspace, 'settings' | 'catalog' | 'zone' | 'connections'>;
  readonly reader: Reader;
  readonly asOf: number;
  readonly now: number;
}

/** What pages and reports are made from, wired to the other stages by functions that only read. */
export function createDesk(parts: DeskParts): Desk {
  const { workspace, reader, asOf, now } = parts;
  const { settings, catalog } = workspace;
  return {
    reader,
    settings,
    catalog,
    asOf,
    now,
    score: scorePeriods,
    explain: (result, limit) => explainStored(parts, result, limit),
    medianIntervals: (result, kinds) => readMedians(parts, result, kinds),
    status: () => readStatus(parts),
    spanish: () => createSpanish(workspace),
    findings: () => readFindings(parts),
    effects: () => readEffects(parts),
    review: (id) => readReview(parts, id),
  };
}

/** A report as a file, for whoever sends it on schedule. */
export async function makeWorkspaceReport(
  context: Pick<CommandContext, 'clock' | 'env' | 'signal'>,
  workspace: Workspace,
  request: ReportRequest,
  format: ReportFormat,
): Promise<ReportFile> {
  await using reader = openReader(workspace.settings.store);
  const desk = createDesk({ workspace, reader, asOf: workspace.asOf, now: context.clock.now() });
  return await makeReport(desk, request, { format, pdf: browserOf(context) });
}

export function browserOf({ env, signal }: Pick<CommandContext, 'env' | 'signal'>): PdfMaker {
  return { browser: env.CRM_KPI_BROWSER || null, path: env.PATH ?? '', signal };
}

/** With more records than this a page does not say what fails to count: each reason is a pass of its own. */
const mostInFull = 50_000;

async function explainStored(
  { workspace, reader, asOf }: DeskParts,
  result: StoredResult,
  limit: number,
): Promise<RecordsBehind> {
  const { settings, catalog, zone } = workspace;
  const kpi = catalog.find(({ id }) => id === result.kpi);
  if (!kpi) return { num: result.num, den: result.den, facts: [], factsTotal: 0, exclusions: [], inputs: [] };
  const evaluatedAt = (await reader.latestEvaluation(asOf)) ?? asOf;
  const tables = new Set<string>(kpi.needs);
  const counts = await reader.rowCounts();
  const rows = counts.reduce((sum, count) => (tables.has(count.table) ? sum + count.rows : sum), 0);
  const {
    facts,
    exclusions = [],
    ...rest
  } = await explainResult({
    store: reader,
    settings,
    kpi,
    catalog,
    clock: settings.goals.find(({ id }) => id === result.goal)?.clock ?? 'calendar',
    period: periodOf(result, zone),
    segment: result.segment,
    asOf: evaluatedAt,
    limit,
    inFull: rows <= mostInFull,
  });
  const linked = await addLinks({ store: reader, settings }, kpi, facts);
  return {
    ...rest,
    exclusions,
    tooMany: rows > mostInFull ? rows : null,
    facts: linked.map((fact) => ({ ...fact, name: reader.recordName(fact.source, fact.object, fact.id) })),
  };
}

async function readMedians(
  { workspace, reader, asOf }: DeskParts,
  result: StoredResult,
  kinds: readonly string[],
): Promise<MedianIntervals> {
  const { settings, catalog, zone } = workspace;
  const kpi = catalog.find(({ id }) => id === result.kpi);
  if (!kpi || kpi.sql === '') return new Map();
  const period = periodOf(result, zone);
  const clock = settings.goals.find(({ id }) => id === result.goal)?.clock ?? 'calendar';
  const evaluatedAt = (await reader.latestEvaluation(asOf)) ?? asOf;
  return readMedianIntervals({ store: reader, settings, kpi, clock, period, kinds, asOf: evaluatedAt });
}

const runsShown = 10;

async function readStatus({ workspace, reader, asOf, now }: DeskParts): Promise<NightStatus> {
  const streams = reader.freshness();
  const usage = new Map((await reader.apiUsage()).map((entry) => [entry.connection, entry]));
  const accounts = new Map((await reader.sources()).map((source) => [source.connection, source]));
  const runs = await reader.runs(runsShown);
  const names = new Set(workspace.connections.map(({ settings: { name } }) => name));
  const own = streams.filter(({ connection }) => names.has(connection));
  return {
    connections: workspace.connections.map(({ settings: { name }, connector }) => ({
      name,
      connector: connector.title,
      account: accounts.get(name)?.accountName ?? null,
      api: usage.get(name) ?? { used: null, limit: null, resetsAt: null, calls: 0 },
      objects: streams
        .filter(({ connection }) => connection === name)
        .map(({ stream, lastError, unavailable, ...state }) => ({
          ...state,
          object: stream,
          problem: lastError ?? unavailable,
        })),
    })),
    runs,
    ...(await collectProblems(
      { ...workspace, asOf, store: { ...reader, ...reader.measured } },
      { streams: own, runs, now },
    )),
  };
}

async function readFindings(parts: DeskParts): Promise<FindingsView> {
  const { reader, asOf } = parts;
  const findings = await reader.findings(asOf);
  const link = await createLinker(reader);
  const links = new Map<string, string>();
  const names = new Map<string, string>();
  for (const record of findings.flatMap(({ records }) => records)) {
    const key = `${record.source} ${record.table} ${record.id}`;
    const url = await link(record);
    if (url !== null) links.set(key, url);
    const name = reader.recordName(record.source, record.table, record.id);
    if (name !== null) names.set(key, name);
  }
  const actions = [];
  for (const action of await reader.actions())
    actions.push({ action, effect: await readEffect(parts, action) });
  return { findings, silences: await reader.silences(asOf), links, names, actions };
}

/** As of the desk's day: what was measured later is not known yet. */
async function readEffect(parts: DeskParts, action: Action): Promise<ToldEffect | null> {
  const effects = await parts.reader.effects(action.id);
  const newest = effects.findLast((stored) => stored.asOf <= parts.asOf);
  if (!newest) return null;
  const { asOf: _, ...report } = newest;
  return tellEffect(parts, action, report);
}

async function readEffects(parts: DeskParts): Promise<readonly ToldEffect[]> {
  const told = [];
  for (const action of await parts.reader.actions()) {
    const effect = await readEffect(parts, action);
    if (effect) told.push(effect);
  }
  return told;
}

async function readReview({ reader }: DeskParts, id: number | null): Promise<ReviewView | null> {
  const reviews = (await reader.reviews()) as readonly Review<ReviewPage>[];
  const shown = id === null ? reviews.at(-1) : reviews.find((review) => review.id === id);
  if (!shown) return null;
  return {
    id: shown.id,
    blocks: { en: layOutReview(shown, 'en'), es: layOutReview(shown, 'es') },
    all: reviews
      .map(({ id: number, page, closedAt }) => ({ id: number, on: page.on, isClosed: closedAt !== null }))
      .reverse(),
  };
}
