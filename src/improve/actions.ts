import type { Action, ActionState } from '../model/action.ts';
import { RunError } from '../model/errors.ts';

/** Which state a step leads to, and from which states it may be taken. */
const steps = {
  accept: { to: 'accepted', from: ['proposed'] },
  start: { to: 'started', from: ['accepted'] },
  finish: { to: 'done', from: ['started'] },
  reject: { to: 'rejected', from: ['proposed', 'accepted', 'started'] },
} as const satisfies Record<string, { to: ActionState; from: readonly ActionState[] }>;

export type ActionStep = keyof typeof steps;

export function isActionStep(name: string): name is ActionStep {
  return Object.hasOwn(steps, name);
}

/** The state after a step; a step that cannot be taken from here is the caller's mistake. */
export function nextState({ id, state }: Pick<Action, 'id' | 'state'>, step: ActionStep): ActionState {
  const { to, from } = steps[step];
  if (from.some((allowed) => allowed === state)) return to;
  throw new RunError('usage', {
    where: `actions ${step} ${id}`,
    message: `Action ${id} is ${state} and cannot be ${to}.`,
    fix: advice(id, state),
  });
}

/** What is over can no longer be changed. */
export function requireOpen({ id, state }: Pick<Action, 'id' | 'state'>): void {
  if (state !== 'done' && state !== 'rejected') return;
  const message = `Action ${id} is ${state} and can no longer be changed.`;
  throw new RunError('usage', { where: `actions change ${id}`, message, fix: advice(id, state) });
}

function advice(id: number, state: ActionState): string {
  const next: Readonly<Record<ActionState, string>> = {
    proposed: `Accept it first: crm-kpi actions accept ${id}.`,
    accepted: `Start it first: crm-kpi actions start ${id}.`,
    started: `Finish it with crm-kpi actions finish ${id}, or give it up with crm-kpi actions reject ${id}.`,
    done: `It is over: see crm-kpi actions effect ${id}.`,
    rejected: 'Propose it anew: crm-kpi actions propose --again.',
  };
  return next[state];
}
