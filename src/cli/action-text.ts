import { cardsFor, readCards } from '../improve/cards.ts';
import { measureEffect } from '../improve/effect.ts';
import { describeEffect, headline, recheckLabels, verdictLabels } from '../improve/effect-words.ts';
import { typeLabel } from '../improve/propose.ts';
import { stateLabels } from '../improve/review-words.ts';
import type { Action, ActionTask, EffectReport } from '../model/action.ts';
import type { Labels, Language } from '../model/kpi.ts';
import type { CommandContext } from './context.ts';
import { lazyMeasure, todayOf } from './improve-parts.ts';
import { packageFile } from './places.ts';
import { formatTable } from './table.ts';
import type { Workspace } from './wire.ts';

const headings: Readonly<Record<Language, readonly string[]>> = {
  en: ['>No.', 'State', 'Type', 'What', 'KPI', 'Segment', 'Owner', 'Due', 'Effect'],
  es: ['>N.º', 'Estado', 'Tipo', 'Qué', 'KPI', 'Segmento', 'Responsable', 'Para', 'Efecto'],
};

export function actionTable(actions: readonly Action[], language: Language): string {
  const rows = actions.map((action) => [
    String(action.id),
    stateLabels[action.state][language],
    typeLabel(action.type, language),
    action.title[language],
    action.kpi ?? '',
    segmentText(action, language),
    action.owner?.name ?? '',
    action.dueOn ?? '',
    effectText(action, language),
  ]);
  return formatTable(headings[language], rows);
}

function segmentText({ segment }: Action, language: Language): string {
  if (segment.kind === 'company') return language === 'es' ? 'Empresa' : 'Company';
  return segment.name ?? segment.id ?? segment.kind;
}

export function effectText({ verdict, recheck }: Action, language: Language): string {
  if (verdict === null || verdict === 'insufficient') return '';
  return `${verdictLabels[verdict][language]}${recheck ? `, ${recheckLabels[recheck][language]}` : ''}`;
}

/** As scripts read it. */
export function actionJson(action: Action) {
  const { measuredAt, plan, ...rest } = action;
  return {
    ...rest,
    measuredAt: measuredAt === null ? null : new Date(measuredAt).toISOString(),
    plan: plan && { ...plan, fixedAt: new Date(plan.fixedAt).toISOString() },
  };
}

export async function showAction(
  { flags, out }: CommandContext,
  workspace: Workspace,
  action: Action,
): Promise<void> {
  const { language } = workspace.settings;
  const history = await workspace.store.actionHistory(action.id);
  if (flags.json) {
    const events = history.map((event) => ({ ...event, at: new Date(event.at).toISOString() }));
    out(JSON.stringify({ ...actionJson(action), history: events }));
    return;
  }
  out(actionTable([action], language));
  out('');
  out(action.hypothesis[language]);
  out(action.reason[language]);
  if (action.finding && action.detector) await showPractices(out, action.detector, language);
  if (action.finding) out(`${language === 'es' ? 'Hallazgo' : 'Finding'}: ${action.finding}`);
  if (action.task) out(taskText(action.task, language));
  for (const { at, state, author, note } of history)
    out(`${workspace.zone.dateOf(at)}  ${stateLabels[state][language]}  ${author}${note ? `: ${note}` : ''}`);
}

const notWritten: Labels = { en: 'not written yet', es: 'aún no escrita' };

function taskText({ source, remoteId, problem }: ActionTask, language: Language): string {
  const where = language === 'es' ? 'Tarea en' : 'Task in';
  return `${where} ${source}: ${remoteId ?? notWritten[language]}${problem ? ` (${problem})` : ''}`;
}

async function showPractices(
  out: CommandContext['out'],
  detector: string,
  language: Language,
): Promise<void> {
  for (const { rule, firstStep } of cardsFor(await readCards(packageFile('config', 'practices')), detector)) {
    out(rule[language]);
    out(`  ${firstStep[language]}`);
  }
}

/** Measured now, as of --as-of. */
export async function effectOf(workspace: Workspace, action: Action): Promise<EffectReport> {
  return measureEffect({
    action,
    actions: await workspace.store.actions(),
    kpi: workspace.catalog.find(({ id }) => id === (action.plan?.kpi ?? action.kpi)) ?? null,
    measure: lazyMeasure(workspace),
    today: todayOf(workspace),
  });
}

export async function showEffect(
  { flags, out }: CommandContext,
  workspace: Workspace,
  action: Action,
): Promise<void> {
  const report = await effectOf(workspace, action);
  const { language, currency } = workspace.settings;
  const kpi = workspace.catalog.find(({ id }) => id === (action.plan?.kpi ?? action.kpi));
  const scale = { kpi: kpi ?? { unit: 'count' }, currency, language } as const;
  if (flags.json) {
    const text = describeEffect(report, scale);
    out(
      JSON.stringify({
        action: action.id,
        title: action.title[language],
        hypothesis: action.hypothesis[language],
        ...report,
        headline: headline(report, scale),
        text,
      }),
    );
    return;
  }
  out(`${action.id} ${action.title[language]}`);
  out(action.hypothesis[language]);
  for (const line of describeEffect(report, scale)) out(line);
}
