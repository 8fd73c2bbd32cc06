import type { Clock, Log } from '../model/connector.ts';
import type { ChangeStore, FactStore } from '../model/fact-store.ts';
import type { Kpi } from '../model/kpi.ts';
import type { Result } from '../model/result.ts';
import type { NewResult, ResultStore, StoredResult } from '../model/result-store.ts';
import { benjaminiHochberg } from '../statistics/trend.ts';
import { restatementOf } from './causes.ts';
import {
  type Chosen,
  chooseKpis,
  cutoffOf,
  type Desk,
  type EvaluateSettings,
  openDesk,
  type Skipped,
} from './desk.ts';
import { evaluateKpi, type KpiOutcome } from './evaluate-kpi.ts';
import { definitionsOf } from './mail-filter.ts';
import { type Nightly, openNightly } from './nightly.ts';
import { planRow, seriesKey, withdraw } from './restate.ts';

export interface EvaluateOptions {
  readonly store: FactStore & ChangeStore & ResultStore;
  readonly settings: EvaluateSettings;
  readonly catalog: readonly Kpi[];
  /** Facts at or after it are ignored. epoch ms */
  readonly asOf: number;
  readonly clock: Clock;
  readonly log: Log;
  readonly signal: AbortSignal;
  /** Nothing is taken over from the last evaluation: all facts are read. */
  readonly afresh?: boolean;
}

export interface EvaluateReport {
  readonly evaluationId: number;
  readonly asOf: number;
  readonly kpis: readonly KpiTally[];
  /** KPIs that could not be computed, with the reason. */
  readonly skipped: readonly Skipped[];
}

export interface KpiTally {
  readonly kpi: string;
  /** Series computed. */
  readonly results: number;
  /** Rows written: new figures or stages, restatements among them. */
  readonly appended: number;
  readonly restated: number;
  readonly withdrawn: number;
}

const rowsPerAppend = 500;

/** Computes every result as of an instant, and appends those that are new or differ. */
export async function evaluate(options: EvaluateOptions): Promise<EvaluateReport> {
  const { store, catalog, asOf, clock, log, signal } = options;
  const bare = await openDesk(options);
  const { chosen, skipped } = await chooseKpis(bare, catalog);
  await store.saveKpis(
    chosen.flatMap(({ kpi }) =>
      definitionsOf(kpi, bare.settings.connections ?? [], bare.catalog).map(({ version }) => ({
        ...kpi,
        version,
      })),
    ),
    clock.now(),
  );
  // An evaluation of the past leaves alone what the next one of the present sets out from.
  const last = options.afresh ? null : await store.statesAsOf();
  const isPast = last !== null && last > asOf;
  // What stands in the CRM today was not there on an earlier day.
  const today = bare.zone.dateOf(bare.asOf - 1);
  if (today >= bare.zone.dateOf(clock.now() - 1)) await store.captureFill({ day: today, asOf: bare.asOf });
  const evaluationId = await store.beginEvaluation(asOf, clock.now());
  const nightly = isPast ? null : await openStates(bare, { evaluationId, last, chosen });
  const kpis: KpiTally[] = [];
  try {
    for (const one of chosen) {
      signal.throwIfAborted();
      const desk = { ...bare, nightly };
      const outcome = await evaluateKpi(desk, one);
      const tally = await appendChanges(desk, { evaluationId, kpi: one.kpi, ...outcome });
      log.debug({ ...tally }, 'kpi.evaluated');
      kpis.push(tally);
    }
  } finally {
    nightly?.close();
  }
  const gone = await withdrawOthers(bare, { evaluationId, kept: new Set(kpis.map(({ kpi }) => kpi)) });
  await store.finishEvaluation(evaluationId, clock.now(), nightly && [...nightly.kept]);
  await store.saveTrendLimit(evaluationId, limitOf(await store.trendTests()));
  return { evaluationId, asOf, kpis: [...kpis, ...gone], skipped };
}

/** Of many trends tested at once at most one in ten of those told is to be chance. */
const falseShare = 0.1;

function limitOf(ps: readonly number[]): number {
  const stands = benjaminiHochberg(ps, falseShare);
  return Math.max(0, ...ps.filter((_, place) => stands[place]));
}

interface Opening {
  readonly evaluationId: number;
  /** Of the evaluation whose states are kept. */
  readonly last: number | null;
  readonly chosen: readonly Chosen[];
}

function openStates(desk: Desk, { evaluationId, last, chosen }: Opening): Promise<Nightly> {
  const { store, zone, asOf, reportedAsOf, catalog, rates, sources, settings } = desk;
  const ids = new Set(chosen.flatMap(({ kpi }) => [kpi.id, ...(kpi.derive?.inputs ?? [])]));
  return openNightly({
    store,
    evaluationId,
    zone,
    asOf,
    reportedAsOf,
    from: last === null ? null : cutoffOf(zone, last),
    ...{ rates, sources, currency: settings.currency },
    kpis: [...catalog.values()].filter(({ id }) => ids.has(id)),
  });
}

interface KpiResults extends KpiOutcome {
  readonly evaluationId: number;
  readonly kpi: Kpi;
}

async function appendChanges(
  desk: Desk,
  { evaluationId, kpi, results, places, causesAt }: KpiResults,
): Promise<KpiTally> {
  const before = await readStanding(desk, kpi, places);
  const oldest = oldestByGrain(results);
  const rows: NewResult[] = [];
  for (const result of results) {
    const key = seriesKey(result);
    const previous = before.get(key) ?? null;
    const row = planRow(previous, result);
    if (row && previous && row.stage === 'restated')
      rows.push({
        ...row,
        restatement: restatementOf({
          previous,
          row,
          split: await causesAt(result),
          ratesChanged: kpi.money.length > 0 && (desk.nightly?.written.get('fx_rate') ?? 0) > 0,
        }),
      });
    else if (row) rows.push(row);
    before.delete(key);
  }
  const appended = rows.length;
  const restated = rows.filter((row) => row.stage === 'restated').length;
  for (const left of before.values()) {
    if (places !== null || isGone(desk, left, oldest)) rows.push(withdraw(left, desk.reportedAsOf));
  }
  await append(desk, evaluationId, rows);
  return {
    kpi: kpi.id,
    results: results.length,
    appended,
    restated,
    withdrawn: rows.length - appended,
  };
}

/** The newest rows of the series that were looked at. */
async function readStanding(
  { store, reportedAsOf }: Desk,
  { id }: Kpi,
  places: KpiOutcome['places'],
): Promise<Map<string, StoredResult>> {
  if (places !== null)
    return new Map((await store.newestResults(id, places)).map((row) => [seriesKey(row), row]));
  const standing = new Map<string, StoredResult>();
  for await (const rows of store.latestResults(reportedAsOf, { kpi: id, asStored: true })) {
    for (const row of rows) standing.set(seriesKey(row), row);
  }
  return standing;
}

/** What is older than the history that is computed stays, unless what it speaks of has left the settings. */
function isGone(
  { settings }: Desk,
  { goal, grain, segment, periodStart }: StoredResult,
  oldest: ReadonlyMap<string, string>,
): boolean {
  const from = oldest.get(grain);
  if (from === undefined || periodStart >= from) return true;
  if (goal !== null && !settings.goals.some((configured) => configured.id === goal)) return true;
  const goalKinds = settings.goals.flatMap(({ segments }) => segments);
  return !['company', 'connection', ...settings.segments, ...goalKinds].includes(segment.kind);
}

/** The company has a row in every period: its first one tells how far back each grain was computed. */
function oldestByGrain(results: readonly Result[]): ReadonlyMap<string, string> {
  const oldest = new Map<string, string>();
  for (const { grain, periodStart } of results) {
    const known = oldest.get(grain);
    if (known === undefined || periodStart < known) oldest.set(grain, periodStart);
  }
  return oldest;
}

async function append(desk: Desk, evaluationId: number, rows: readonly NewResult[]): Promise<void> {
  for (let from = 0; from < rows.length; from += rowsPerAppend) {
    await desk.store.appendResults(evaluationId, rows.slice(from, from + rowsPerAppend));
  }
}

/** Results of KPIs that are no longer computed. */
async function withdrawOthers(
  desk: Desk,
  { evaluationId, kept }: { readonly evaluationId: number; readonly kept: ReadonlySet<string> },
): Promise<readonly KpiTally[]> {
  const tallies: KpiTally[] = [];
  for (const kpi of await desk.store.resultKpis()) {
    if (kept.has(kpi)) continue;
    const rows: NewResult[] = [];
    for await (const chunk of desk.store.latestResults(desk.reportedAsOf, { kpi, asStored: true }))
      rows.push(...chunk.map((row) => withdraw(row, desk.reportedAsOf)));
    if (rows.length === 0) continue;
    await append(desk, evaluationId, rows);
    tallies.push({ kpi, results: 0, appended: 0, restated: 0, withdrawn: rows.length });
  }
  return tallies;
}
