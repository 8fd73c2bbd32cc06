import { isForgotten } from '../model/forgotten.ts';
import type { Kpi } from '../model/kpi.ts';
import type { Result, ResultRecord } from '../model/result.ts';
import { resultKey } from '../model/result.ts';
import type { ResultStore, StoredResult } from '../model/result-store.ts';
import type { Settings } from '../model/settings.ts';
import { toResultRecord } from './record.ts';

interface Selection {
  readonly store: ResultStore;
  readonly settings: Settings;
  readonly catalog: readonly Kpi[];
  readonly connection: string;
  readonly asOf: number;
}

/** The records that a connection should show: chosen KPIs and segments, the newest periods, its own people and teams. */
export async function wantedRecords(selection: Selection): Promise<ReadonlyMap<string, ResultRecord>> {
  const { store, settings, catalog, connection, asOf } = selection;
  const kpis = new Map(catalog.map((kpi) => [kpi.id, kpi]));
  const goals = new Map(settings.goals.map((goal) => [goal.id, goal]));
  const chosen: StoredResult[] = [];
  for await (const chunk of store.latestResults(asOf)) {
    for (const result of chunk) {
      const own =
        (result.segment.source === null || result.segment.source === connection) &&
        !isForgotten(result.segment.id);
      // A period that has not begun is not one of those that are kept up to date.
      if (own && result.status !== 'not_started' && isChosen(result, settings)) chosen.push(result);
    }
  }
  const oldest = oldestStarts(chosen, settings.publish.periods);
  const records = new Map<string, ResultRecord>();
  for (const result of chosen) {
    const kpi = kpis.get(result.kpi);
    if (!kpi || result.periodStart < (oldest.get(result.grain) ?? '')) continue;
    const goal = goals.get(result.goal ?? '') ?? null;
    const official = result.stage === 'restated' ? await store.officialResult(result.id) : null;
    records.set(
      resultKey(result),
      toResultRecord(result, { kpi, goal, language: settings.language, official }),
    );
  }
  return records;
}

export function isChosen(
  result: Pick<Result, 'kpi' | 'grain' | 'goal'> & { segment: { kind: string } },
  settings: Settings,
): boolean {
  const { publish, goals } = settings;
  if (!publish.segments.includes(result.segment.kind)) return false;
  const chosenKpi =
    publish.kpis === 'all' ||
    (publish.kpis === 'goals'
      ? goals.some((goal) => goal.kpi === result.kpi && goal.every === result.grain)
      : publish.kpis.includes(result.kpi));
  return chosenKpi && (result.goal === null || goals.some((goal) => goal.id === result.goal));
}

/** For each grain the start of the oldest period that is kept up to date. */
function oldestStarts(results: readonly Result[], periods: number): ReadonlyMap<string, string> {
  const starts = new Map<string, Set<string>>();
  for (const { grain, periodStart } of results) {
    const known = starts.get(grain) ?? new Set();
    starts.set(grain, known.add(periodStart));
  }
  const oldest = new Map<string, string>();
  for (const [grain, known] of starts) {
    const kept = [...known].sort().slice(-periods);
    oldest.set(grain, kept[0] ?? '');
  }
  return oldest;
}

/**
 * Tells of a key whose record is no longer wanted whether it is merely of an older period: its KPI, goal and segment
 * kind are still chosen, and none of the wanted records is of its period.
 */
export function createOutOfPeriods({
  settings,
  catalog,
  wanted,
}: {
  readonly settings: Settings;
  readonly catalog: readonly Kpi[];
  readonly wanted: ReadonlyMap<string, ResultRecord>;
}): (key: string) => boolean {
  const kpis = new Set(catalog.map(({ id }) => id));
  const kept = new Set([...wanted.values()].map((record) => record.period_label));
  return (key) => {
    const { kpi, label, kind, goal } = parseKey(key);
    if (!kpis.has(kpi) || kept.has(label)) return false;
    return isChosen({ kpi, grain: grainOfLabel(label), goal, segment: { kind } }, settings);
  };
}

/** The CRM's own ids and values stand in the middle, and may hold any character. */
function parseKey(key: string) {
  const parts = key.split('|');
  const [kpi = '', label = '', segment = ''] = parts;
  const goal = parts.at(-1) ?? '-';
  return { kpi, label, kind: segment.split(':')[0] ?? '', goal: goal === '-' ? null : goal };
}

function grainOfLabel(label: string): Result['grain'] {
  if (/^\d{4}$/.test(label)) return 'year';
  if (label.includes('Q')) return 'quarter';
  if (label.includes('W')) return 'week';
  return label.length === 7 ? 'month' : 'day';
}
