import { periodOf } from '../evaluate/periods.ts';
import { explainSilence, findUnserved, type Silence } from '../evaluate/silence.ts';
import type { Kpi, Labels } from '../model/kpi.ts';
import type { Grain } from '../model/period.ts';
import type { Result } from '../model/result.ts';
import type { ResultFilter } from '../model/result-store.ts';
import { addDays } from '../model/zone.ts';
import type { ProblemParts } from './problems.ts';
import { toResultJson } from './result-json.ts';
import type { Workspace } from './wire.ts';

export interface Silences {
  /** KPIs that could not be computed at all. */
  readonly unserved: readonly Silence[];
  /** KPIs that found records without what they count. */
  readonly withoutInput: readonly Silence[];
  /** Why a result has no value, where that lies in what a CRM gives. */
  reasonFor(result: Result): Labels | null;
}

/** Why KPIs have no figure. Asked of the store as it is. */
export async function findSilences(
  { store, catalog, settings }: Pick<ProblemParts, 'store' | 'catalog' | 'settings'>,
  results: readonly Result[],
): Promise<Silences> {
  const context = { store, catalog };
  const known = new Map(catalog.map((kpi) => [kpi.id, kpi]));
  const silent = new Set(results.filter(({ flags }) => flags.includes('no_input')).map(({ kpi }) => kpi));
  const withoutInput: Silence[] = [];
  for (const id of silent) {
    const kpi = known.get(id);
    if (kpi) withoutInput.push(...(await explainSilence(context, kpi, null)));
  }
  return {
    unserved: await findUnserved(context, settings),
    withoutInput,
    reasonFor: ({ kpi, flags, segment }) => {
      if (!flags.includes('no_input')) return null;
      const ofKpi = withoutInput.filter((silence) => silence.kpi === kpi);
      const own = ofKpi.filter(({ connection }) => segment.source === null || segment.source === connection);
      return own.length > 0 ? joinReasons(own) : missingFigure;
    },
  };
}

/** Records of the period lack it, others have it. */
const missingFigure: Labels = {
  en: 'the records of the period lack a figure',
  es: 'a los registros del periodo les falta un dato',
};

function joinReasons(silences: readonly Silence[]): Labels {
  return {
    en: silences.map(({ reason }) => reason.en).join('; '),
    es: silences.map(({ reason }) => reason.es).join('; '),
  };
}

/** For people: one line for each KPI that is asked for, or shown without a value. */
export function silenceLines(
  { unserved, withoutInput }: Pick<Silences, 'unserved' | 'withoutInput'>,
  shown: readonly Result[],
  { settings, catalog }: Pick<Workspace, 'settings' | 'catalog'>,
): readonly string[] {
  const { language } = settings;
  const asked = new Set([...(settings.kpis ?? []), ...settings.goals.map(({ kpi }) => kpi)]);
  const listed = new Set(shown.map(({ kpi }) => kpi));
  const labelOf = (id: string) => catalog.find((kpi) => kpi.id === id)?.label[language] ?? id;
  const head = language === 'es' ? 'Sin valor' : 'No value';
  return [
    ...unserved.filter(({ kpi }) => asked.has(kpi)),
    ...withoutInput.filter(({ kpi }) => listed.has(kpi)),
  ].map(({ kpi, reason }) => `${head}: ${labelOf(kpi)} (${kpi}): ${reason[language]}.`);
}

interface RowFilter {
  readonly filter: ResultFilter;
  readonly status: string | null;
  readonly asOf: number;
}

/** For scripts: a KPI that is asked for and cannot be computed has a row of its own, without a value. */
export function unservedRows(
  { settings, catalog, zone }: Pick<Workspace, 'settings' | 'catalog' | 'zone'>,
  unserved: readonly Silence[],
  { filter, status, asOf }: RowFilter,
) {
  const { language, goals } = settings;
  const rows = [];
  for (const { kpi: id, reason } of unserved) {
    const kpi = catalog.find((known) => known.id === id);
    const ofKpi = goals.filter((goal) => goal.kpi === id);
    if (!kpi || (ofKpi.length === 0 && !settings.kpis?.includes(id))) continue;
    const places = ofKpi.length > 0 ? ofKpi : [{ id: null, every: 'month' as const }];
    for (const { id: goal, every } of places) {
      const result = emptyResult(kpi, {
        goal,
        period: newestComplete({ settings, zone }, every, asOf),
        asOf,
      });
      const fits =
        (filter.kpi ?? id) === id &&
        (filter.grain ?? every) === every &&
        (filter.period ?? result.periodLabel) === result.periodLabel &&
        (filter.segmentKind ?? 'company') === 'company' &&
        (status ?? result.status) === result.status;
      if (fits) rows.push(toResultJson(result, kpi, { language, asOf, reason: reason[language] }));
    }
  }
  return rows;
}

function newestComplete(
  { settings, zone }: Pick<Workspace, 'settings' | 'zone'>,
  every: Grain,
  asOf: number,
) {
  const { calendar } = settings;
  const current = periodOf(calendar, zone, every, zone.dateOf(asOf - 1));
  return current.endAt <= asOf ? current : periodOf(calendar, zone, every, addDays(current.startOn, -1));
}

function emptyResult(
  kpi: Kpi,
  { goal, period, asOf }: { goal: string | null; period: ReturnType<typeof periodOf>; asOf: number },
): Result {
  return {
    kpi: kpi.id,
    definitionVersion: kpi.version,
    grain: period.grain,
    periodStart: period.startOn,
    periodEnd: period.endOn,
    periodLabel: period.label,
    complete: true,
    segment: { kind: 'company', id: null, name: null, source: null },
    goal,
    goalVersion: null,
    unit: kpi.unit,
    currency: null,
    num: null,
    den: null,
    value: null,
    n: 0,
    nMissing: 0,
    statistic: null,
    statistics: null,
    status: goal === null ? null : 'no_data',
    evidence: null,
    movement: null,
    previous: null,
    target: null,
    baseline: null,
    attainment: null,
    gapClosed: null,
    forecast: null,
    trend: null,
    stage: 'preliminary',
    flags: ['no_source'],
    asOf,
  };
}
