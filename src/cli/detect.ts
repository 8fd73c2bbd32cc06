import { cutoffOf } from '../evaluate/desk.ts';
import { explainResult } from '../evaluate/explain.ts';
import { storeAt } from '../evaluate/past-store.ts';
import { parsePeriodLabel } from '../evaluate/periods.ts';
import { loadRates } from '../evaluate/rates.ts';
import { detectFindings } from '../improve/detect.ts';
import { entityTables, type TableName } from '../model/entities.ts';
import type { FindingRecord } from '../model/finding.ts';
import type { StoredResult } from '../model/result-store.ts';
import type { Detection } from '../model/store.ts';
import type { Workspace } from './wire.ts';

const recordsShown = 20;

/** Runs every detector on the store as of the workspace's instant. */
export async function detectInWorkspace(workspace: Workspace, signal: AbortSignal): Promise<Detection> {
  const { settings, zone, catalog, asOf, log } = workspace;
  const cutoff = cutoffOf(zone, asOf);
  using standing = await storeAt(workspace.store, { asOf: cutoff, zone });
  const { store } = standing;
  const rates = await loadRates(store, await store.sources(), settings.currency);
  const today = zone.dateOf(cutoff - 1);
  return await detectFindings({
    store,
    zone,
    catalog,
    asOf,
    cutoff,
    log,
    signal,
    currency: settings.currency,
    goals: settings.goals,
    convert: (minor, source, currency) => rates.convert(minor, { source, currency, dayOf: () => today }),
    worstRecords: (result) => findWorst({ settings, zone, catalog, store }, result),
  });
}

/** Of a share the records that miss, of a duration the longest ones; a sum lacks what is not there. */
async function findWorst(
  { store, settings, zone, catalog }: Pick<Workspace, 'store' | 'settings' | 'zone' | 'catalog'>,
  result: StoredResult,
): Promise<readonly FindingRecord[]> {
  const kpi = catalog.find(({ id }) => id === result.kpi);
  const goal = settings.goals.find(({ id }) => id === result.goal);
  const period = parsePeriodLabel(settings.calendar, zone, result.periodLabel);
  if (!kpi || !goal || !period || kpi.derive || result.den === null) return [];
  const { facts } = await explainResult({
    store,
    settings,
    kpi,
    period,
    segment: result.segment,
    clock: goal.clock,
    asOf: result.asOf,
    limit: Number.MAX_SAFE_INTEGER,
  });
  const wantsMore = goal.shape === 'at_least';
  return facts
    .filter(({ object, num, den }) => isTable(object) && den !== null && (wantsMore ? num < den : num > 0))
    .map(({ source, object, id, num }) => ({ source, table: object as TableName, id, measure: num }))
    .sort((a, b) => (wantsMore ? a.measure - b.measure : b.measure - a.measure) || (a.id < b.id ? -1 : 1))
    .slice(0, recordsShown);
}

function isTable(object: string): object is TableName {
  return Object.hasOwn(entityTables, object);
}
