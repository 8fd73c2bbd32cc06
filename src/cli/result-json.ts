import { plainNumber } from '../model/format.ts';
import type { Kpi, Language } from '../model/kpi.ts';
import type { Result } from '../model/result.ts';

/** A result as scripts read it: money in major units, instants ISO UTC, no status fields where there is no goal. */
export function toResultJson(
  result: Result,
  kpi: Kpi | undefined,
  { language, asOf, reason = null }: { language: Language; asOf: number; reason?: string | null },
) {
  const plain = (value: number | null) => plainNumber(value, result.unit, result.currency);
  const measure = (name: 'num' | 'den') =>
    kpi?.money.includes(name) ? plainNumber(result[name], 'money', result.currency) : result[name];
  const { kind, id, name, source } = result.segment;
  const { target, forecast, details } = result;
  return {
    kpi: result.kpi,
    label: kpi?.label[language] ?? result.kpi,
    unit: result.unit,
    currency: result.currency,
    period: {
      grain: result.grain,
      start: result.periodStart,
      end: result.periodEnd,
      label: result.periodLabel,
      complete: result.complete,
    },
    segment: kind === 'company' ? { kind } : { kind, id, name, source },
    goal: result.goal,
    num: measure('num'),
    den: measure('den'),
    value: plain(result.value),
    n: result.n,
    nMissing: result.nMissing,
    statistic: result.statistic,
    statistics: result.statistics && {
      p50: plain(result.statistics.p50),
      p90: plain(result.statistics.p90),
      mean: plain(result.statistics.mean),
    },
    status: result.status,
    evidence: result.evidence,
    movement: result.movement,
    target:
      typeof target === 'object' && target !== null
        ? { lo: plain(target.lo), hi: plain(target.hi) }
        : plain(target),
    baseline: plain(result.baseline),
    attainment: result.attainment,
    gapClosed: result.gapClosed,
    forecast: forecast && {
      value: plain(forecast.value),
      low: plain(forecast.low),
      high: plain(forecast.high),
    },
    trend: result.trend && { ...result.trend, slope: plain(result.trend.slope) },
    stage: result.stage,
    flags: result.flags,
    restatement: restatementOf(result, kpi),
    beyond: plain(details?.beyond ?? null),
    unallocated: details?.unallocated
      ? Object.fromEntries(Object.entries(details.unallocated).map(([kind, left]) => [kind, plain(left)]))
      : null,
    targetFrom: details?.targetFrom ?? null,
    reason,
    asOf: new Date(asOf).toISOString(),
  };
}

/** What moved a restated figure since it was official, in the units of num and den. */
function restatementOf({ restatement, currency, unit }: Result, kpi: Kpi | undefined) {
  if (!restatement) return null;
  const { official, causes } = restatement;
  const then = official.currency ?? currency;
  const plain = (name: 'num' | 'den', value: number | null, unitOf = currency) =>
    kpi?.money.includes(name) ? plainNumber(value, 'money', unitOf) : value;
  return {
    official: {
      num: plain('num', official.num, then),
      den: plain('den', official.den, then),
      value: plainNumber(official.value, unit, then),
      ...(official.currency !== undefined && { currency: official.currency }),
    },
    causes: causes.map(({ cause, num, den }) => ({ cause, num: plain('num', num), den: plain('den', den) })),
  };
}
