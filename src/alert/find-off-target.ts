import { formatValue } from '../model/format.ts';
import type { Goal } from '../model/goal.ts';
import type { Kpi, Language } from '../model/kpi.ts';
import type { OpenAlert } from '../model/operations.ts';
import type { Result } from '../model/result.ts';
import { words } from './words.ts';

export interface OffTargetFacts {
  /** Newest rows of the company's results that have goals. */
  readonly results: readonly Result[];
  readonly goals: readonly Goal[];
  readonly catalog: readonly Kpi[];
  readonly language: Language;
  readonly now: number;
}

export interface OffTarget {
  readonly found: readonly OpenAlert[];
  /** Nothing can be said now: what was open stays open. */
  readonly undecided: ReadonlySet<string>;
}

const judged = new Set(['exceeded', 'on_target', 'at_risk', 'off_target']);

/** Goals whose newest judged period misses the target by more than chance explains. */
export function findOffTarget(facts: OffTargetFacts): OffTarget {
  const found: OpenAlert[] = [];
  const undecided = new Set<string>();
  for (const goal of facts.goals) {
    const key = `off_target|${goal.id}`;
    const newest = newestJudged(facts.results.filter((result) => result.goal === goal.id));
    if (!newest || (newest.status === 'off_target' && newest.evidence !== 'clear')) undecided.add(key);
    else if (newest.status === 'off_target') found.push({ key, notice: describe(goal, newest, facts) });
  }
  return { found, undecided };
}

function newestJudged(results: readonly Result[]): Result | null {
  let newest: Result | null = null;
  for (const result of results) {
    if (!judged.has(result.status ?? '')) continue;
    if (!newest || result.periodStart > newest.periodStart) newest = result;
  }
  return newest;
}

function describe(
  goal: Goal,
  result: Result,
  { catalog, language, now }: OffTargetFacts,
): OpenAlert['notice'] {
  const say = words[language];
  const label = catalog.find(({ id }) => id === goal.kpi)?.label[language] ?? goal.kpi;
  const { unit, currency } = result;
  const format = (value: number | null) => formatValue(value, { unit, currency, language });
  return {
    events: ['off_target'],
    state: 'problem',
    title: say.offTarget(label),
    message: say.figures(
      result.periodLabel,
      format(result.value),
      describeTarget(goal, result, format, language),
    ),
    fix: say.offTargetFix(goal.kpi, result.periodLabel),
    since: now,
  };
}

function describeTarget(
  goal: Goal,
  { target }: Result,
  format: (value: number | null) => string,
  language: Language,
): string {
  const say = words[language];
  if (target !== null && typeof target === 'object') return say.between(format(target.lo), format(target.hi));
  return `${goal.shape === 'at_most' ? say.atMost : say.atLeast} ${format(target)}`;
}
