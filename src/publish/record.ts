import { formatResult, formatValue, plainNumber } from '../model/format.ts';
import type { Goal } from '../model/goal.ts';
import type { Kpi, Language } from '../model/kpi.ts';
import type { Result, ResultRecord } from '../model/result.ts';
import { resultKey } from '../model/result.ts';
import { statusKey, words } from './words.ts';

export interface RecordContext {
  readonly kpi: Kpi;
  readonly goal: Goal | null;
  readonly language: Language;
  /** The published official figures, where the newest ones are a restatement. */
  readonly official: Result | null;
}

const textLimit = 255;

/** What the CRM shows of one result. Official figures stay; a restatement goes into its own field. */
export function toResultRecord(newest: Result, context: RecordContext): ResultRecord {
  const result = newest.stage === 'restated' && context.official ? context.official : newest;
  const restated = result === newest ? null : newest;
  const restatedValue = restated?.value ?? null;
  return {
    key: resultKey(result),
    ...describeSubject(result, context),
    ...tellFigures(result, context),
    stage: newest.stage,
    restated_value: plainNumber(restatedValue, result.unit, result.currency),
    definition_version: result.definitionVersion,
    goal_version: result.goalVersion === null ? null : String(result.goalVersion),
    data_as_of: newest.asOf,
    current: true,
    explanation: explainInOneSentence(result, context, restated),
  };
}

/** Which KPI, which period, whose. */
function describeSubject(result: Result, { kpi, language }: RecordContext): ResultRecord {
  const { segment } = result;
  return {
    kpi: result.kpi,
    label: kpi.label[language].slice(0, textLimit),
    domain: kpi.domain,
    period_start: result.periodStart,
    period_end: result.periodEnd,
    period_label: result.periodLabel,
    grain: result.grain,
    segment_kind: segment.kind,
    segment_name: segmentName(result, language).slice(0, textLimit),
    user: segment.kind === 'owner' && segment.id !== '(none)' ? segment.id : null,
  };
}

function tellFigures(result: Result, { kpi, language }: RecordContext): ResultRecord {
  const { unit, currency } = result;
  const plain = (value: number | null) => plainNumber(value, unit, currency);
  return {
    value: plain(result.value),
    value_text: formatResult(result, language),
    unit,
    currency,
    numerator: measure(result, 'num', kpi),
    denominator: measure(result, 'den', kpi),
    count: result.n,
    target: typeof result.target === 'number' ? plain(result.target) : null,
    baseline: plain(result.baseline),
    previous_value: plain(result.previous),
    variance: plain(variance(result)),
    attainment: result.attainment,
    status: result.status,
    evidence: result.evidence,
    trend: result.trend?.direction ?? null,
    forecast: plain(result.forecast?.value ?? null),
  };
}

function measure(result: Result, which: 'num' | 'den', kpi: Kpi): number | null {
  return kpi.money.includes(which) ? plainNumber(result[which], 'money', result.currency) : result[which];
}

function segmentName(result: Result, language: Language): string {
  const { kind, id, name } = result.segment;
  if (kind === 'company') return words[language].company;
  return id === '(none)' ? words[language].none : (name ?? id ?? '');
}

/** Value against target; for a range the distance from its nearer end, 0 inside. */
function variance({ value, target }: Result): number | null {
  if (value === null || target === null) return null;
  if (typeof target === 'number') return value - target;
  if (value < target.lo) return value - target.lo;
  return value > target.hi ? value - target.hi : 0;
}

function explainInOneSentence(
  result: Result,
  { kpi, goal, language }: RecordContext,
  restated: Result | null,
): string {
  const say = words[language];
  const format = (value: number | null) =>
    value === null
      ? say.noValue
      : formatValue(value, { unit: result.unit, currency: result.currency, language });
  const parts =
    result.unit === 'ratio' && kpi.money.length === 0 && result.den
      ? ` (${result.num} ${say.of} ${result.den})`
      : '';
  const judged = result.status
    ? `; ${describeTarget(result, goal, format, say)}: ${say.values[result.status]?.toLowerCase()}`
    : '';
  const sentences = [
    `${kpi.label[language]}, ${segmentName(result, language)}, ${result.periodLabel}: ${result.details?.beyond === undefined ? format(result.value) : formatResult(result, language)}${parts}${judged}.`,
    result.evidence ? say.evidence[result.evidence] : undefined,
    say.records(result.n, result.nMissing),
    restated ? say.restated(format(restated.value)) : undefined,
  ];
  return sentences.filter((sentence) => sentence !== undefined).join(' ');
}

function describeTarget(
  { target }: Result,
  goal: Goal | null,
  format: (value: number) => string,
  say: (typeof words)[Language],
): string {
  if (target === null) return say.noGoal;
  if (typeof target === 'object')
    return `${say.target} ${say.between} ${format(target.lo)} ${say.and} ${format(target.hi)}`;
  return `${say.target} ${goal?.shape === 'at_most' ? say.atMost : say.atLeast} ${format(target)}`;
}

/** The one record that tells how fresh the others are. */
export function statusRecord({ asOf, language }: { asOf: number; language: Language }): ResultRecord {
  const say = words[language];
  return {
    key: statusKey,
    kpi: statusKey,
    label: say.statusLabel,
    segment_kind: 'company',
    segment_name: say.company,
    value_text: say.statusText(new Date(asOf).toISOString()),
    data_as_of: asOf,
    current: true,
    explanation: say.statusText(new Date(asOf).toISOString()),
  };
}
