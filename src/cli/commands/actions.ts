import { isActionStep, nextState, requireOpen } from '../../improve/actions.ts';
import { directionOf, type PlanChoices, planEffect } from '../../improve/effect-plan.ts';
import { proposeActions, typeLabel } from '../../improve/propose.ts';
import type { Action, ActionPatch, EffectPlan } from '../../model/action.ts';
import { RunError } from '../../model/errors.ts';
import type { StoredResult } from '../../model/result-store.ts';
import { addDays } from '../../model/zone.ts';
import { findOwner, planTask } from '../action-owner.ts';
import { actionJson, actionTable, showAction, showEffect } from '../action-text.ts';
import { authorOf } from '../author.ts';
import type { CommandContext, ExitCode } from '../context.ts';
import {
  findSegment,
  lazyMeasure,
  requireAction,
  requireDate,
  requireKpi,
  todayOf,
} from '../improve-parts.ts';
import { actionWords } from '../improve-words.ts';
import { ownAction } from '../own-action.ts';
import { openWorkspace, type Workspace } from '../wire.ts';
import { requireEvaluation } from './results.ts';

type Options = Readonly<Record<string, unknown>>;

interface Round {
  readonly context: CommandContext;
  readonly workspace: Workspace;
  readonly options: Options;
}

export async function run(
  context: CommandContext,
  [step = 'list', ...ids]: readonly string[],
  options: Options,
): Promise<ExitCode> {
  await using workspace = await openWorkspace(context);
  const round = { context, workspace, options };
  if (step === 'list') await list(round);
  else if (step === 'propose') await propose(round);
  else if (step === 'add') await add(round, ids.join(' '));
  else if (step === 'show') await showAction(context, workspace, await requireAction(workspace, ids[0]));
  else if (step === 'effect') await showEffect(context, workspace, await requireAction(workspace, ids[0]));
  else if (step === 'change') await change(round, await requireAction(workspace, ids[0]));
  else if (isActionStep(step)) await take(round, step, ids);
  else {
    throw new RunError('usage', {
      where: `actions ${step}`,
      message: 'There is no such step.',
      fix: 'Use list, propose, add, show, change, accept, start, finish, reject or effect.',
    });
  }
  return 0;
}

async function list({ context, workspace, options }: Round): Promise<void> {
  const { language } = workspace.settings;
  const state = typeof options.state === 'string' ? options.state : null;
  const all = await workspace.store.actions();
  const shown = all.filter((action) =>
    state === null ? options.all === true || action.state !== 'rejected' : action.state === state,
  );
  if (context.flags.json) {
    context.out(JSON.stringify(shown.map(actionJson)));
    return;
  }
  if (shown.length > 0) context.out(actionTable(shown, language));
  else context.out(actionWords[language].noActions);
}

async function propose({ context, workspace, options }: Round): Promise<void> {
  const asOf = await requireEvaluation(workspace);
  const { store, settings, catalog } = workspace;
  const results: StoredResult[] = [];
  for await (const chunk of store.latestResults(asOf))
    results.push(...chunk.filter(({ goal }) => goal !== null));
  const proposed = proposeActions({
    findings: (await store.findings(asOf)).filter(({ closedAt }) => closedAt === null),
    actions: await store.actions(),
    results,
    kpis: catalog,
    currency: settings.currency,
    today: todayOf(workspace),
    again: options.again === true,
  });
  const event = { at: context.clock.now(), author: authorOf(context, options.author), note: null };
  const made: number[] = [];
  for (const action of proposed) made.push(await store.addAction(action, event));
  const actions = (await store.actions()).filter(({ id }) => made.includes(id));
  if (context.flags.json) context.out(JSON.stringify(actions.map(actionJson)));
  else if (actions.length === 0) context.out(actionWords[settings.language].nothingNew);
  else {
    context.out(actionTable(actions, settings.language));
    for (const { id, type, reason } of actions)
      context.note(`${id}: ${typeLabel(type, settings.language)}. ${reason[settings.language]}`);
  }
}

/** An action of one's own, without a finding behind it. */
async function add({ context, workspace, options }: Round, title: string): Promise<void> {
  const { store, settings } = workspace;
  const owner = typeof options.owner === 'string' ? await findOwner(workspace, options.owner) : null;
  const segment = await findSegment(
    workspace,
    typeof options.segment === 'string' ? options.segment : 'company',
  );
  const action = ownAction({ title, options, owner, segment, today: todayOf(workspace), settings });
  if (action.kpi !== null) requireKpi(workspace, action.kpi);
  const event = { at: context.clock.now(), author: authorOf(context, options.author), note: null };
  const id = await store.addAction(action, event);
  const made = [await requireAction(workspace, String(id))];
  if (context.flags.json) context.out(JSON.stringify(made.map(actionJson)));
  else context.out(actionTable(made, settings.language));
}

async function take(
  round: Round,
  step: Parameters<typeof nextState>[1],
  ids: readonly string[],
): Promise<void> {
  const { context, workspace, options } = round;
  if (ids.length === 0) await requireAction(workspace, undefined);
  const taken: Action[] = [];
  for (const id of ids) {
    const action = await requireAction(workspace, id);
    const state = nextState(action, step);
    const patch = { state, ...(await patchFor(round, step, action)) };
    await workspace.store.changeAction(action.id, patch, {
      at: context.clock.now(),
      author: authorOf(context, options.author),
      note: typeof options.note === 'string' ? options.note : null,
    });
    taken.push(await requireAction(workspace, id));
  }
  if (context.flags.json) context.out(JSON.stringify(taken.map(actionJson)));
  else context.out(actionTable(taken, workspace.settings.language));
  if (step === 'accept' && options.task === true)
    context.note(actionWords[workspace.settings.language].taskLater);
}

/** Owner, day, hypothesis or task, while it is not over; its state stays. */
async function change(round: Round, action: Action): Promise<void> {
  const { context, workspace } = round;
  requireOpen(action);
  await workspace.store.changeAction(action.id, await acceptPatch(round, action));
  const changed = [await requireAction(workspace, String(action.id))];
  if (context.flags.json) context.out(JSON.stringify(changed.map(actionJson)));
  else context.out(actionTable(changed, workspace.settings.language));
}

async function patchFor(
  round: Round,
  step: Parameters<typeof nextState>[1],
  action: Action,
): Promise<ActionPatch> {
  const day = dayOf(round);
  if (step === 'accept') return acceptPatch(round, action);
  if (step === 'start') return { startedOn: day, plan: await planFor(round, action, day) };
  if (step === 'finish') {
    if (action.startedOn !== null && day < action.startedOn) throw tooEarly(action, day);
    return { finishedOn: day };
  }
  return {};
}

function tooEarly({ id, startedOn }: Action, day: string): RunError {
  return new RunError('usage', {
    where: `actions finish ${id} --on`,
    message: `It was started on ${startedOn} and cannot be finished on ${day}.`,
    fix: 'Give a day that is not before its start.',
  });
}

/** --on, else today; the future cannot be recorded. */
function dayOf({ workspace, options, context }: Round): string {
  const today = workspace.zone.dateOf(Math.min(workspace.asOf, context.clock.now()));
  if (typeof options.on !== 'string') return today;
  const day = requireDate(options.on, '--on');
  if (day <= workspace.zone.dateOf(context.clock.now())) return day;
  throw new RunError('usage', {
    where: '--on',
    message: `${day} has not come yet.`,
    fix: 'Give today or an earlier day.',
  });
}

async function acceptPatch({ workspace, options }: Round, action: Action): Promise<ActionPatch> {
  const owner = typeof options.owner === 'string' ? await findOwner(workspace, options.owner) : action.owner;
  const text = typeof options.hypothesis === 'string' ? options.hypothesis : null;
  return {
    owner,
    dueOn: typeof options.due === 'string' ? requireDate(options.due, '--due') : action.dueOn,
    ...(text !== null && { hypothesis: { en: text, es: text } }),
    ...(options.task === true && { task: planTask(workspace, action, owner) }),
  };
}

async function choicesOf({ workspace, options }: Round): Promise<PlanChoices> {
  const number = (name: string) => (options[name] === undefined ? null : Number(options[name]));
  const control = typeof options.control === 'string' ? await findSegment(workspace, options.control) : null;
  return {
    windowDays: number('window'),
    washOutDays: number('washOut'),
    minEffect: number('minEffect'),
    control,
  };
}

/** Without a KPI there is nothing to be measured. */
async function planFor(round: Round, action: Action, day: string): Promise<EffectPlan | null> {
  const { context, workspace, options } = round;
  const say = actionWords[workspace.settings.language];
  const kpiId = typeof options.kpi === 'string' ? options.kpi : action.kpi;
  if (kpiId === null) {
    context.note(say.noKpi(action.id));
    return null;
  }
  const segment =
    typeof options.segment === 'string' ? await findSegment(workspace, options.segment) : action.segment;
  const kpi = requireKpi(workspace, kpiId);
  const goal = workspace.settings.goals.find(({ id }) => id === action.goal) ?? null;
  const better = directionOf(kpi, goal);
  if (better === null) {
    context.note(say.inRange(kpi.id));
    return null;
  }
  const plan = await planEffect({
    action: { ...action, segment },
    kpi,
    goal,
    better,
    measure: lazyMeasure({ ...workspace, asOf: workspace.zone.startOf(day) }),
    choices: await choicesOf(round),
    startOn: day,
    now: context.clock.now(),
    today: workspace.zone.dateOf(context.clock.now()),
  });
  const { windowDays, washOutDays, before } = plan;
  const notBefore = addDays(day, 1 + washOutDays + windowDays);
  context.note(say.fixed({ kpi: kpi.id, windowDays, washOutDays, from: before.from, notBefore }));
  return plan;
}
