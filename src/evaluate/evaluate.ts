import type { Clock, Log } from '../model/connector.ts';
import type { ChangeStore, FactStore } from '../model/fact-store.ts';
import type { Kpi } from '../model/kpi.ts';
import type { NewResult, ResultStore } from '../model/result-store.ts';
import { createZone } from '../model/zone.ts';
import { benjaminiHochberg } from '../statistics/trend.ts';
import { append, appendChanges, type KpiTally } from './append-changes.ts';
import {
  type Chosen,
  chooseKpis,
  cutoffOf,
  type Desk,
  type EvaluateSettings,
  openDesk,
  type Skipped,
} from './desk.ts';
import { evaluateKpi } from './evaluate-kpi.ts';
import { keepBeginnings } from './kept-beginnings.ts';
import { definitionsOf } from './mail-filter.ts';
import { type Nightly, openNightly } from './nightly.ts';
import { storeAt } from './past-store.ts';
import { withdraw } from './restate.ts';

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

/** Computes every result as of an instant, and appends those that are new or differ. */
export async function evaluate(options: EvaluateOptions): Promise<EvaluateReport> {
  const { settings, catalog, asOf, clock, log, signal } = options;
  const zone = createZone(settings.calendar.timeZone);
  const now = clock.now();
  using standing = await storeAt(options.store, { asOf: cutoffOf(zone, asOf), zone, now });
  const { store } = standing;
  const bare = await openDesk({ ...options, store });
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
  const isPast = standing.isPast || (last !== null && last > asOf);
  // What stands in the CRM today was not there on an earlier day.
  const today = bare.zone.dateOf(bare.asOf - 1);
  if (today >= bare.zone.dateOf(clock.now() - 1)) {
    const again = last === asOf && (await store.written()) !== null;
    await store.captureFill({ day: today, asOf: bare.asOf, again });
  }
  const evaluationId = await store.beginEvaluation(asOf, clock.now());
  const nightly = isPast ? null : await openStates(bare, { evaluationId, last, chosen });
  const beginnings = nightly && (await keepBeginnings(store, nightly));
  const desk = { ...bare, nightly, ...(beginnings && { beganAt: beginnings.beganAt }) };
  const kpis: KpiTally[] = [];
  try {
    for (const one of chosen) {
      signal.throwIfAborted();
      const outcome = await evaluateKpi(desk, one);
      const tally = await appendChanges(desk, { evaluationId, kpi: one.kpi, ...outcome });
      log.debug({ ...tally }, 'kpi.evaluated');
      kpis.push(tally);
    }
    await beginnings?.save();
  } finally {
    nightly?.close();
  }
  const gone = await withdrawOthers(bare, { evaluationId, kept: new Set(kpis.map(({ kpi }) => kpi)) });
  await store.finishEvaluation(evaluationId, clock.now(), nightly && [...nightly.kept]);
  await store.saveTrendLimit(evaluationId, limitOf(await store.trendTests(isPast ? asOf : null)));
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
