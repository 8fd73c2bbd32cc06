import { formatValue } from '../model/format.ts';
import type { Goal } from '../model/goal.ts';
import type { Labels, Language } from '../model/kpi.ts';
import type { StoredResult } from '../model/result-store.ts';
import { benjaminiHochberg } from '../statistics/trend.ts';
import type { Bench } from './bench.ts';
import { type Detector, type Draft, type Found, silent } from './detector.ts';

const falseShare = 0.1;
/** Of the target; without a goal of the middle value. */
const leastEffect = 0.05;

interface Tested {
  readonly result: StoredResult;
  readonly trend: NonNullable<StoredResult['trend']>;
  /** Over the whole stretch that was tested. */
  readonly change: number;
  readonly effect: number;
  readonly isWorse: boolean;
}

export const adverseTrend: Detector = {
  id: 'adverse_trend',
  kind: 'inefficiency',
  effort: 'M',
  kpis: [],
  rule: {
    en: 'A KPI has been getting worse over its complete periods (Mann-Kendall, 6 to 24 periods), by 5 % of its target or more; of all trends tested in the run at most one in ten is to be chance (Benjamini-Hochberg, q = 0.10).',
    es: 'Un KPI empeora a lo largo de sus periodos completos (Mann-Kendall, de 6 a 24 periodos), en el 5 % de su objetivo o más; de todas las tendencias probadas, como mucho una de cada diez se debe al azar (Benjamini-Hochberg, q = 0,10).',
  },
  async find(bench): Promise<Found> {
    const tested = newestTrends(bench).flatMap((result) => test(bench, result) ?? []);
    if (tested.length === 0)
      return silent({
        en: 'No KPI has six complete official periods.',
        es: 'Ningún KPI tiene seis periodos completos oficiales.',
      });
    const stands = benjaminiHochberg(
      tested.map(({ trend }) => trend.p),
      falseShare,
    );
    const worse = tested.filter(
      ({ isWorse, effect, trend }, place) =>
        stands[place] === true && isWorse && trend.direction !== 'none' && effect >= leastEffect - 1e-9,
    );
    return { drafts: worse.map((one) => draftOf(bench, one, tested.length)), silences: [] };
  },
};

/** One test for each KPI: of its latest complete period, at its goal's grain, else by month. */
function newestTrends({ companyResults, goals }: Bench): readonly StoredResult[] {
  const newest = new Map<string, StoredResult>();
  for (const result of companyResults) {
    if (!result.complete || result.trend === null) continue;
    const goal = goals.find(({ kpi }) => kpi === result.kpi);
    if (result.grain !== (goal?.every ?? 'month') || (goal && result.goal !== goal.id)) continue;
    const known = newest.get(result.kpi);
    if (!known || known.periodStart < result.periodStart) newest.set(result.kpi, result);
  }
  return [...newest.values()].sort((a, b) => (a.kpi < b.kpi ? -1 : 1));
}

function test({ catalog }: Bench, result: StoredResult): Tested | null {
  const { trend, target, value } = result;
  const better = catalog.find(({ id }) => id === result.kpi)?.better;
  if (trend === null || value === null || better === undefined || better === 'range') return null;
  const change = trend.slope * (trend.n - 1);
  const measure = typeof target === 'number' && target !== 0 ? target : value - change / 2;
  const effect = measure === 0 ? 0 : Math.abs(change / measure);
  return { result, trend, change, effect, isWorse: better === 'higher' ? trend.slope < 0 : trend.slope > 0 };
}

function draftOf({ catalog, goals }: Bench, { result, trend, change, effect }: Tested, tests: number): Draft {
  const kpi = catalog.find(({ id }) => id === result.kpi);
  const goal: Goal | undefined = goals.find(({ id }) => id === result.goal);
  return {
    segment: result.segment,
    subject: result.kpi,
    title: titleOf(kpi?.label, result, trend),
    evidence: {
      direction: trend.direction,
      slope: trend.slope,
      p: trend.p,
      periods: trend.n,
      change,
      effect,
      value: result.value,
      period: result.periodLabel,
      tests,
      method: 'Mann-Kendall',
    },
    records: [],
    teams: [],
    reach: 1,
    goal: { kpi: result.kpi, goal: goal?.id ?? null },
  };
}

function titleOf(
  label: Labels | undefined,
  { unit, currency, value }: StoredResult,
  trend: Tested['trend'],
): Labels {
  const format = (figure: number | null, language: Language) =>
    formatValue(figure, { unit, currency, language });
  const points = { en: ' points', es: ' puntos' };
  // A share that moves by 3 % and one that moves by 3 points are not the same.
  const slope = (language: Language) => {
    const text = format(trend.slope, language);
    return `${trend.slope > 0 ? '+' : ''}${unit === 'ratio' ? text.replace(/\s*%$/, points[language]) : text}`;
  };
  return {
    en: `${label?.en ?? ''} is getting worse: ${slope('en')} per period over ${trend.n} periods, now ${format(value, 'en')}.`,
    es: `${label?.es ?? ''} empeora: ${slope('es')} por periodo en ${trend.n} periodos, ahora ${format(value, 'es')}.`,
  };
}
