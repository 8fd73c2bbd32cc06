import type { Action, EffectNote, EffectPlan, EffectReport } from '../model/action.ts';
import type { Kpi } from '../model/kpi.ts';
import type { Measure, Span } from '../model/measure.ts';
import { addDays } from '../model/zone.ts';
import { sinceLastChange } from '../statistics/behaviour-chart.ts';
import { earlierWindows } from './effect-plan.ts';
import { judgeEffect, recheckEffect } from './judge-effect.ts';
import { isControlTouched, overlapping, touches } from './overlap.ts';
import { type EffectCase, silent } from './silent.ts';

export interface EffectInput {
  readonly action: Action;
  /** All of them: others on the same KPI are judged together. */
  readonly actions: readonly Action[];
  readonly kpi: Kpi | null;
  readonly measure: Measure;
  /** The first local day that is not complete yet. */
  readonly today: string;
}

const dayMs = 86_400_000;

/** What an action has brought by now, or why that cannot be said yet. */
export async function measureEffect(input: EffectInput): Promise<EffectReport> {
  const { action, kpi, actions, today } = input;
  const { plan } = action;
  if (plan === null) return silent(null, ['not_started']);
  if (kpi === null) return silent(plan, ['no_data']);
  if (kpi.version !== plan.definitionVersion) return silent(plan, ['definition_changed']);
  const group = overlapping(action, actions);
  const made = openCase({ action, plan, group, actions });
  if (made === null) return silent(plan, ['waiting'], { joint: idsOf(group) });
  const readyOn = addDays(made.after.to, Math.ceil((kpi.maturesMs ?? 0) / dayMs));
  if (today < readyOn) {
    const note = today < made.after.to ? 'waiting' : 'immature';
    return silent(plan, [note, ...made.notes], { readyOn, joint: made.joint });
  }
  const control =
    plan.control !== null && isControlTouched(plan.control, made, actions) ? null : plan.control;
  const touched = plan.control !== null && control === null;
  const notes: EffectNote[] = [...made.notes, ...(touched ? (['control_touched'] as const) : [])];
  const report = await judgeEffect({ ...made, plan: { ...plan, control }, notes }, input.measure);
  const secondOn = addDays(made.second.to, Math.ceil((kpi.maturesMs ?? 0) / dayMs));
  if (report.verdict !== 'improved' || today < secondOn) return report;
  return recheckEffect(report, { ...made, plan: { ...plan, control }, notes }, input.measure);
}

function idsOf(group: readonly Action[]): readonly number[] {
  return group.length > 1 ? group.map(({ id }) => id) : [];
}

/** Null until every action of the group is finished. */
interface CaseInput {
  readonly action: Action;
  readonly plan: EffectPlan;
  readonly group: readonly Action[];
  readonly actions: readonly Action[];
}

function openCase({ action, plan, group, actions }: CaseInput): EffectCase | null {
  let startOn = plan.before.to;
  let from = '';
  for (const { plan: other, finishedOn } of group) {
    if (other === null || finishedOn === null) return null;
    if (other.before.to < startOn) startOn = other.before.to;
    const clear = addDays(finishedOn, 1 + other.washOutDays);
    if (clear > from) from = clear;
  }
  const { windowDays } = plan;
  const before = { from: addDays(startOn, -windowDays), to: startOn };
  const after = { from, to: addDays(from, windowDays) };
  const notes: EffectNote[] = [
    ...(group.some((one) => one.plan?.exploratory) ? (['exploratory'] as const) : []),
    ...(group.length > 1 ? (['joint'] as const) : []),
    ...(action.plan?.pickedAsWorst ? (['long_baseline'] as const) : []),
  ];
  return {
    plan,
    joint: idsOf(group),
    before,
    after,
    second: { from: after.to, to: addDays(after.to, windowDays) },
    earlier: sinceLastChange(
      windowsBefore(startOn, windowDays),
      ({ from }) => from,
      clearedDays(plan, group, actions),
    ),
    notes,
  };
}

/** Oldest first; the last one ends where the action starts. */
function windowsBefore(startOn: string, windowDays: number): readonly Span[] {
  return Array.from({ length: earlierWindows }, (_, i) => {
    const back = windowDays * (earlierWindows - i);
    return { from: addDays(startOn, -back), to: addDays(startOn, windowDays - back) };
  });
}

/** From these days on, earlier actions on the same figures had done their work: what was before is no longer usual. */
function clearedDays(
  plan: EffectPlan,
  group: readonly Action[],
  actions: readonly Action[],
): readonly string[] {
  return actions.flatMap((other) => {
    if (group.includes(other) || other.plan === null || other.finishedOn === null) return [];
    if (other.plan.kpi !== plan.kpi || !touches(other.plan.segment, plan.segment)) return [];
    return [addDays(other.finishedOn, 1 + other.plan.washOutDays)];
  });
}
