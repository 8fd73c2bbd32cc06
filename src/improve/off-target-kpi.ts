import { formatValue } from '../model/format.ts';
import type { Goal } from '../model/goal.ts';
import type { Kpi, Labels, Language } from '../model/kpi.ts';
import type { StoredResult } from '../model/result-store.ts';
import type { Bench } from './bench.ts';
import type { Detector, Draft, Found, TeamCount } from './detector.ts';
import { chooseResult, isMissed } from './goal-standing.ts';
import { type MissingPart, splitMissing } from './missing-share.ts';

/** A single person is named only where the KPI is split by nothing else. */
const lastKinds = ['owner', 'connection'];

export const offTargetKpi: Detector = {
  id: 'off_target_kpi',
  kind: 'inefficiency',
  effort: 'L',
  kpis: [],
  rule: {
    en: 'A goal is at risk or off target. The worst segment is the one with the largest share of the missing numerator, not the one with the worst rate.',
    es: 'Un objetivo está en riesgo o no se cumple. El peor segmento es el que reúne la mayor parte del numerador que falta, no el de peor tasa.',
  },
  async find(bench): Promise<Found> {
    const drafts: Draft[] = [];
    for (const goal of bench.goals) {
      for (const result of await missedResults(bench, goal)) drafts.push(await draftOf(bench, goal, result));
    }
    return { drafts, silences: [] };
  },
};

/** The company's, where the goal is the company's too; else those of its segments, where the figures are evidence. */
async function missedResults(bench: Bench, goal: Goal): Promise<readonly StoredResult[]> {
  if (goal.segments.includes('company')) {
    const result = chooseResult(bench.companyResults.filter((row) => row.goal === goal.id));
    return result && isMissed(result) ? [result] : [];
  }
  const results = await bench.goalResults(goal);
  const segments = Map.groupBy(results, segmentKey);
  return [...segments.values()].flatMap((rows) => {
    const result = chooseResult(rows);
    return result && isMissed(result) && result.evidence === 'clear' ? [result] : [];
  });
}

async function draftOf(bench: Bench, goal: Goal, result: StoredResult): Promise<Draft> {
  const isWhole = result.segment.kind === 'company';
  const parts: MissingParts = isWhole ? await findMissing(bench, goal, result) : new Map();
  const worst = chooseWorst(parts);
  const kpi = bench.catalog.find(({ id }) => id === result.kpi);
  return {
    segment: result.segment,
    subject: goal.id,
    title: titleOf(result, { kpi, worst }),
    evidence: {
      value: result.value,
      target: typeof result.target === 'number' ? result.target : null,
      target_low: typeof result.target === 'object' ? (result.target?.lo ?? null) : null,
      target_high: typeof result.target === 'object' ? (result.target?.hi ?? null) : null,
      period: result.periodLabel,
      status: result.status,
      certainty: result.evidence,
      movement: result.movement,
      n: result.n,
      ...worstEvidence(worst),
      ...Object.fromEntries(
        [...parts].map(([kind, [first]]) => [`worst_${kind}`, first ? nameOf(first) : null]),
      ),
    },
    records: (await bench.worstRecords?.(result)) ?? [],
    teams: teamCounts(parts.get('team') ?? [], goal, result),
    reach: 1,
    judgedBy: result,
    goal: { kpi: goal.kpi, goal: goal.id },
  };
}

type MissingParts = ReadonlyMap<string, readonly MissingPart[]>;

async function findMissing(bench: Bench, goal: Goal, company: StoredResult): Promise<MissingParts> {
  const results = await bench.segmentResults(company);
  const usual = company.den === null ? await usualShares(bench, company) : null;
  const parents = new Set(bench.teams.map(({ source, parentId }) => `${source}\n${parentId}`));
  return splitMissing({
    goal,
    company,
    results,
    isLeaf: ({ segment }) => segment.kind !== 'team' || !parents.has(`${segment.source}\n${segment.id}`),
    usualShare: (result) => usual?.get(segmentKey(result)) ?? null,
  });
}

function segmentKey({ segment }: StoredResult): string {
  return `${segment.kind}\n${segment.source ?? ''}\n${segment.id ?? ''}`;
}

/** What each segment brought to the same sum over the complete periods before, a year of months at most. */
async function usualShares(bench: Bench, company: StoredResult): Promise<ReadonlyMap<string, number>> {
  const before = bench.companyResults
    .filter(
      ({ kpi, grain, goal, complete, periodStart }) =>
        kpi === company.kpi &&
        grain === company.grain &&
        goal === company.goal &&
        complete &&
        periodStart < company.periodStart,
    )
    .toSorted((a, b) => (a.periodStart < b.periodStart ? 1 : -1))
    .slice(0, 12);
  const sums = new Map<string, number>();
  const kinds = new Map<string, number>();
  for (const period of before) {
    const seen = new Set<string>();
    for (const result of await bench.segmentResults(period)) {
      const key = segmentKey(result);
      if (seen.has(key)) continue;
      seen.add(key);
      sums.set(key, (sums.get(key) ?? 0) + (result.num ?? 0));
    }
    kinds.set('company', (kinds.get('company') ?? 0) + (period.num ?? 0));
  }
  const all = kinds.get('company') ?? 0;
  return all > 0 ? new Map([...sums].map(([key, sum]) => [key, sum / all])) : new Map();
}

function chooseWorst(parts: MissingParts): MissingPart | null {
  const firsts = [...parts].flatMap(([kind, [first]]) => (first ? [{ kind, first }] : []));
  const shared = firsts.filter(({ kind }) => !lastKinds.includes(kind));
  const [worst] = (shared.length > 0 ? shared : firsts).sort(
    (a, b) => b.first.share - a.first.share || (a.kind < b.kind ? -1 : 1),
  );
  return worst?.first ?? null;
}

function nameOf({ result: { segment } }: MissingPart): string | null {
  return segment.name ?? segment.id;
}

function worstEvidence(worst: MissingPart | null): Draft['evidence'] {
  if (!worst) return { worst_kind: null, worst_id: null, worst_name: null, worst_share: null };
  const { segment, value, num, den } = worst.result;
  return {
    worst_kind: segment.kind,
    worst_id: segment.id,
    worst_name: nameOf(worst),
    worst_share: worst.share,
    worst_missing: worst.missing,
    worst_value: value,
    worst_num: num,
    worst_den: den,
  };
}

interface Told {
  readonly kpi: Kpi | undefined;
  readonly worst: MissingPart | null;
}

function titleOf(result: StoredResult, { kpi, worst }: Told): Labels {
  const format = (value: number | null, language: Language) =>
    formatValue(value, { unit: result.unit, currency: result.currency, language });
  const target = (language: Language) =>
    typeof result.target === 'object' && result.target !== null
      ? `${format(result.target.lo, language)} – ${format(result.target.hi, language)}`
      : format(result.target, language);
  // A person stands in the evidence, not in a headline: a share of what is missing proves nothing about anyone.
  const shown = worst && worst.result.segment.kind !== 'owner' ? worst : null;
  const of = result.segment.kind === 'company' ? '' : `, ${result.segment.name ?? result.segment.id}`;
  const share = Math.round((shown?.share ?? 0) * 100);
  const name = shown && nameOf(shown);
  return {
    en: `${kpi?.label.en ?? result.kpi}${of} ${result.periodLabel}: ${format(result.value, 'en')} instead of ${target('en')}${shown ? `; ${share} % of what is missing lies in ${name}` : ''}.`,
    es: `${kpi?.label.es ?? result.kpi}${of} ${result.periodLabel}: ${format(result.value, 'es')} en vez de ${target('es')}${shown ? `; el ${share} % de lo que falta está en ${name}` : ''}.`,
  };
}

/** Of a proportion: how often each team misses. Other figures have no such rate. */
function teamCounts(parts: readonly MissingPart[], goal: Goal, company: StoredResult): readonly TeamCount[] {
  if (company.unit !== 'ratio' || goal.shape === 'between') return [];
  return parts.flatMap(({ result: { segment, num, den } }) => {
    if (
      num === null ||
      den === null ||
      num < 0 ||
      num > den ||
      !Number.isInteger(num) ||
      !Number.isInteger(den)
    )
      return [];
    const bad = goal.shape === 'at_least' ? den - num : num;
    return [{ source: segment.source ?? '', id: segment.id ?? '', name: segment.name, num: bad, den }];
  });
}
