import type { Kpi } from '../model/kpi.ts';
import type { Result } from '../model/result.ts';
import type { ResultStore } from '../model/result-store.ts';
import type { Settings } from '../model/settings.ts';
import { toResultRecord } from './record.ts';
import { isChosen } from './select.ts';
import { taskWords } from './task-words.ts';

/** How a series of results stands, and what a task about it says. */
export interface Standing {
  /** `kpi|segment|goal` */
  readonly series: string;
  readonly periodLabel: string;
  readonly isOff: boolean;
  readonly subject: string;
  readonly body: string;
  /** The person it speaks of; null: a team, the company. */
  readonly ownerId: string | null;
  /** Smaller comes first. */
  readonly rank: readonly number[];
}

interface Selection {
  readonly store: ResultStore;
  readonly settings: Settings;
  readonly catalog: readonly Kpi[];
  readonly connection: string;
  readonly asOf: number;
}

const judged = new Set(['exceeded', 'on_target', 'at_risk', 'off_target']);

/** The newest judged complete period of every series with a goal that this connection shows. */
export async function readStandings(selection: Selection): Promise<ReadonlyMap<string, Standing>> {
  const { store, settings, connection, asOf } = selection;
  const newest = new Map<string, Result>();
  for await (const chunk of store.latestResults(asOf)) {
    for (const result of chunk) {
      const own = result.segment.source === null || result.segment.source === connection;
      if (!own || !result.complete || result.goal === null || !judged.has(result.status ?? '')) continue;
      if (!isChosen(result, settings)) continue;
      const series = seriesOf(result);
      if ((newest.get(series)?.periodStart ?? '') < result.periodStart) newest.set(series, result);
    }
  }
  const standings = [...newest].flatMap(([series, result]) => describe(series, result, selection) ?? []);
  return new Map(standings.map((standing) => [standing.series, standing]));
}

function seriesOf({ kpi, segment, goal }: Result): string {
  const part = segment.kind === 'company' ? segment.kind : `${segment.kind}:${segment.id}`;
  return `${kpi}|${part}|${goal}`;
}

function describe(series: string, result: Result, { settings, catalog }: Selection): Standing | null {
  const kpi = catalog.find(({ id }) => id === result.kpi);
  if (!kpi) return null;
  const goal = settings.goals.find(({ id }) => id === result.goal) ?? null;
  const { language } = settings;
  const record = toResultRecord(result, { kpi, goal, language, official: null });
  const say = taskWords[language];
  // A miss that may be chance is nobody's task.
  const isOff = result.status === 'off_target' && result.evidence !== 'within_noise';
  const title = isOff ? say.offTarget : say.recovered;
  const lines = [
    record.explanation,
    goal?.reason ? say.why(goal.reason) : null,
    isOff ? say.keptUp : say.mayClose,
  ];
  return {
    series,
    periodLabel: result.periodLabel,
    isOff,
    subject: title(kpi.label[language], String(record.segment_name), result.periodLabel),
    body: lines.filter((line) => line !== null).join('\n'),
    ownerId: typeof record.user === 'string' ? record.user : null,
    rank: [kindRank(result.segment.kind), -(goal?.weight ?? 0), result.attainment ?? 1],
  };
}

/** Misses of the company before those of its parts. */
function kindRank(kind: string): number {
  return kind === 'company' ? 0 : kind === 'team' ? 1 : 2;
}
