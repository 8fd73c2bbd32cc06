import type { Clock, Log } from '../model/connector.ts';
import type { Kpi } from '../model/kpi.ts';
import type { Result } from '../model/result.ts';
import type { FactStore, NewResult, ResultStore, StoredResult } from '../model/store.ts';
import { chooseKpis, type Desk, type EvaluateSettings, openDesk, type Skipped } from './desk.ts';
import { evaluateKpi } from './evaluate-kpi.ts';
import { planRow, seriesKey, withdraw } from './restate.ts';

export interface EvaluateOptions {
  readonly store: FactStore & ResultStore;
  readonly settings: EvaluateSettings;
  readonly catalog: readonly Kpi[];
  /** Facts at or after it are ignored. epoch ms */
  readonly asOf: number;
  readonly clock: Clock;
  readonly log: Log;
  readonly signal: AbortSignal;
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
  const desk = await openDesk(options);
  const { chosen, skipped } = await chooseKpis(desk, catalog);
  await store.saveKpis(
    chosen.map(({ kpi }) => kpi),
    clock.now(),
  );
  const evaluationId = await store.beginEvaluation(asOf, clock.now());
  const kpis: KpiTally[] = [];
  for (const one of chosen) {
    signal.throwIfAborted();
    const results = await evaluateKpi(desk, one);
    const tally = await appendChanges(desk, { evaluationId, kpi: one.kpi, results });
    log.debug({ ...tally }, 'kpi evaluated');
    kpis.push(tally);
  }
  const gone = await withdrawOthers(desk, { evaluationId, kept: new Set(kpis.map(({ kpi }) => kpi)) });
  await store.finishEvaluation(evaluationId, clock.now());
  return { evaluationId, asOf, kpis: [...kpis, ...gone], skipped };
}

interface KpiResults {
  readonly evaluationId: number;
  readonly kpi: Kpi;
  readonly results: readonly Result[];
}

async function appendChanges(desk: Desk, { evaluationId, kpi, results }: KpiResults): Promise<KpiTally> {
  const before = new Map<string, StoredResult>();
  for await (const rows of desk.store.latestResults(desk.reportedAsOf, { kpi: kpi.id })) {
    for (const row of rows) before.set(seriesKey(row), row);
  }
  const oldest = oldestByGrain(results);
  const rows: NewResult[] = [];
  for (const result of results) {
    const key = seriesKey(result);
    const row = planRow(before.get(key) ?? null, result);
    if (row) rows.push(row);
    before.delete(key);
  }
  const appended = rows.length;
  const restated = rows.filter((row) => row.stage === 'restated').length;
  for (const left of before.values()) {
    if (isGone(desk, left, oldest)) rows.push(withdraw(left, desk.reportedAsOf));
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
  const gone = new Map<string, NewResult[]>();
  for await (const rows of desk.store.latestResults(desk.reportedAsOf)) {
    for (const row of rows) {
      if (kept.has(row.kpi)) continue;
      const list = gone.get(row.kpi) ?? [];
      gone.set(row.kpi, list);
      list.push(withdraw(row, desk.reportedAsOf));
    }
  }
  const tallies: KpiTally[] = [];
  for (const [kpi, rows] of gone) {
    await append(desk, evaluationId, rows);
    tallies.push({ kpi, results: 0, appended: 0, restated: 0, withdrawn: rows.length });
  }
  return tallies;
}
