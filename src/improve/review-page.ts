import type { ToldEffect } from '../model/action.ts';
import { formatValue } from '../model/format.ts';
import type { Language } from '../model/kpi.ts';
import type { Review } from '../model/review.ts';
import { recheckLabels, verdictLabels } from './effect-words.ts';
import { typeLabel } from './propose.ts';
import type { FrozenAction, FrozenResult, ReviewChanges, ReviewPage } from './review.ts';
import { movementLabels, quadrantLabels, reviewWords, stateLabels, statusLabels } from './review-words.ts';

/** A part of the page; `fill` is what the meeting writes itself. */
export type Block =
  | { readonly kind: 'title' | 'heading' | 'text'; readonly text: string }
  | { readonly kind: 'list'; readonly items: readonly string[] }
  | {
      readonly kind: 'table';
      readonly head: readonly string[];
      readonly rows: readonly (readonly string[])[];
    }
  | { readonly kind: 'effects'; readonly effects: readonly ToldEffect[] }
  | { readonly kind: 'fill'; readonly text: string };

/** As many as a meeting can speak of; all of them are kept with the review. */
const findingsShown = 15;

/** The page of a review meeting, in the language of the settings. */
export function layOutReview(review: Review<ReviewPage>, language: Language): readonly Block[] {
  const words = reviewWords[language];
  const { page } = review;
  return [
    { kind: 'title', text: words.title(review.id, page.on) },
    { kind: 'text', text: words.asOf(new Date(review.asOf).toISOString()) },
    { kind: 'heading', text: words.attendees },
    { kind: 'fill', text: review.attendees ?? '' },
    { kind: 'heading', text: words.goals },
    ...tableOr(
      words.goalHead,
      page.results.map((result) => goalRow(result, language)),
      words.noGoals,
    ),
    ...(page.changes ? layOutChanges(page.changes, language) : []),
    { kind: 'heading', text: words.findings },
    ...tableOr(
      words.findingHead,
      page.findings
        .slice(0, findingsShown)
        .map(({ title, priority, quadrant }) => [
          formatPriority(priority, language),
          quadrantLabels[quadrant][language],
          title[language],
        ]),
      words.noFindings,
    ),
    ...(page.findings.length > findingsShown
      ? ([{ kind: 'text', text: words.moreFindings(page.findings.length - findingsShown) }] as const)
      : []),
    { kind: 'heading', text: words.actions },
    ...tableOr(
      words.actionHead,
      page.actions.map((action) => actionRow(action, language)),
      words.noActions,
    ),
    ...layOutEffects(page),
    { kind: 'heading', text: words.decisions },
    { kind: 'fill', text: review.notes ?? '' },
    { kind: 'heading', text: words.next },
    { kind: 'fill', text: review.nextOn ?? '' },
  ];
}

/** What was measured is drawn where a page can; the table above tells it in words. */
function layOutEffects({ actions }: ReviewPage): readonly Block[] {
  const effects = actions.flatMap(({ measured }) => measured ?? []);
  return effects.length === 0 ? [] : [{ kind: 'effects', effects }];
}

function formatPriority(priority: number, language: Language): string {
  const text = priority.toFixed(1);
  return language === 'es' ? text.replace('.', ',') : text;
}

function tableOr(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  none: string,
): readonly Block[] {
  return rows.length > 0 ? [{ kind: 'table', head, rows }] : [{ kind: 'text', text: none }];
}

function format(result: FrozenResult, value: number | null, language: Language): string {
  return formatValue(value, { unit: result.unit, currency: result.currency, language });
}

function targetText(result: FrozenResult, language: Language): string {
  const { target } = result;
  if (target === null) return '–';
  if (typeof target === 'number') return format(result, target, language);
  return `${format(result, target.lo, language)} – ${format(result, target.hi, language)}`;
}

function goalRow(result: FrozenResult, language: Language): readonly string[] {
  return [
    result.label[language],
    `${result.period}${result.complete ? '' : ' …'}`,
    format(result, result.value, language),
    targetText(result, language),
    result.status ? statusLabels[result.status][language] : '–',
    result.movement ? movementLabels[result.movement][language] : '–',
    String(result.n),
    String(result.id),
  ];
}

function actionRow(action: FrozenAction, language: Language): readonly string[] {
  return [
    String(action.id),
    action.title[language],
    typeLabel(action.type, language),
    stateLabels[action.state][language],
    action.owner ?? '–',
    action.dueOn ?? '–',
    effectText(action, language),
  ];
}

function effectText({ effect, verdict, recheck }: FrozenAction, language: Language): string {
  if (effect) return effect[language];
  if (verdict === null) return '–';
  return `${verdictLabels[verdict][language]}${recheck ? `, ${recheckLabels[recheck][language]}` : ''}`;
}

function layOutChanges(changes: ReviewChanges, language: Language): readonly Block[] {
  const words = reviewWords[language];
  const step = ({ before, now }: ReviewChanges['figures'][number]) => {
    const status = (result: FrozenResult) =>
      result.status ? `, ${statusLabels[result.status][language]}` : '';
    return `${now.label[language]}: ${before.period} ${format(before, before.value, language)}${status(before)} → ${now.period} ${format(now, now.value, language)}${status(now)}`;
  };
  const items = [
    ...changes.figures.map(step),
    ...changes.restated.map((pair) => `${words.restated}: ${step(pair)}`),
    ...changes.newFindings.map(({ title }) => `${words.newFinding}: ${title[language]}`),
    ...changes.closedFindings.map(({ title }) => `${words.closedFinding}: ${title[language]}`),
    ...changes.movedActions.map(({ action, from }) => {
      const was = from ? `${stateLabels[from][language]} → ` : '';
      const verdict = action.verdict ? `, ${verdictLabels[action.verdict][language]}` : '';
      return `${action.title[language]}: ${was}${stateLabels[action.state][language]}${verdict}`;
    }),
  ];
  return [
    { kind: 'heading', text: words.changes(changes.review, changes.since) },
    items.length > 0 ? { kind: 'list', items } : { kind: 'text', text: words.noChanges },
    ...(changes.decisions
      ? ([
          { kind: 'text', text: `${words.lastDecisions}:` },
          { kind: 'text', text: changes.decisions },
        ] as const)
      : []),
  ];
}
