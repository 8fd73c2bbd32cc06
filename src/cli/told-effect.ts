import { changeSentence, effectRemarks } from '../improve/effect-words.ts';
import type { Action, EffectReport, ToldEffect } from '../model/action.ts';
import type { Goal } from '../model/goal.ts';
import type { Kpi, Language, Unit } from '../model/kpi.ts';
import type { StoredResult } from '../model/result-store.ts';
import type { SeriesQuery } from '../store/reader.ts';
import type { Workspace } from './wire.ts';

export interface ToldParts {
  readonly workspace: Pick<Workspace, 'settings' | 'catalog'>;
  readonly reader: { series(query: SeriesQuery): readonly StoredResult[] };
  readonly asOf: number;
}

/** An effect with the names, the goal and the sentences that a page shows beside it; null where its KPI is gone. */
export function tellEffect(parts: ToldParts, action: Action, report: EffectReport): ToldEffect | null {
  const { catalog, settings } = parts.workspace;
  const kpi = catalog.find(({ id }) => id === (action.plan?.kpi ?? action.kpi));
  if (!kpi) return null;
  const { currency } = settings;
  const scaleOf = (language: Language) => ({ kpi, currency, language });
  const change = (language: Language) => changeSentence(report, scaleOf(language));
  const [en, es] = [change('en'), change('es')];
  const goal = comparableGoal(parts, kpi, action);
  return {
    action: action.id,
    title: action.title,
    kpi: kpi.id,
    label: kpi.label,
    segment: action.plan?.segment ?? action.segment,
    report,
    unit: kpi.unit,
    currency,
    target: goal && targetOf(parts, { goal, kpi, action }),
    shape: goal?.shape ?? null,
    change: en === null || es === null ? null : { en, es },
    remarks: { en: effectRemarks(report, scaleOf('en')), es: effectRemarks(report, scaleOf('es')) },
  };
}

/** Of these a month and a window of days read alike; sums grow with the days. */
const comparableUnits: readonly Unit[] = ['ratio', 'hours', 'points', 'months'];

function comparableGoal({ workspace }: ToldParts, kpi: Kpi, action: Action): Goal | null {
  if (!comparableUnits.includes(kpi.unit)) return null;
  const goals = workspace.settings.goals.filter((goal) => goal.kpi === kpi.id);
  const goal = goals.find(({ id }) => id === action.goal) ?? goals[0];
  // Effects on durations are told by their medians, at the clock that was fixed.
  const isOther =
    kpi.unit === 'hours' && (goal?.statistic !== 'p50' || goal.clock !== (action.plan?.clock ?? 'calendar'));
  return goal === undefined || isOther ? null : goal;
}

/** As it was promised for the newest period that the window after reaches into. */
function targetOf(
  { reader, asOf }: ToldParts,
  { goal, kpi, action }: { readonly goal: Goal; readonly kpi: Kpi; readonly action: Action },
): StoredResult['target'] {
  const { kind, id } = action.plan?.segment ?? action.segment;
  const rows = reader.series({
    ...{ asOf, kpis: [kpi.id], grain: goal.every, kind },
    ...(id !== null && { id }),
  });
  const end = action.finishedOn ?? '9999';
  const judged = rows.filter((row) => row.goal === goal.id && row.target !== null);
  return (judged.find(({ periodEnd }) => periodEnd > end) ?? judged.at(-1))?.target ?? null;
}
