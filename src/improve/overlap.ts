import type { Action } from '../model/action.ts';
import type { Span } from '../model/measure.ts';
import type { Segment } from '../model/result.ts';
import { addDays } from '../model/zone.ts';

/** Actions on the same KPI whose times overlap, and theirs again: one verdict for all. */
export function overlapping(action: Action, actions: readonly Action[]): readonly Action[] {
  const group = [action];
  for (const member of group) {
    for (const other of actions) {
      if (!group.some(({ id }) => id === other.id) && overlap(member, other)) group.push(other);
    }
  }
  return group.sort((a, b) => a.id - b.id);
}

function overlap(a: Action, b: Action): boolean {
  if (a.plan === null || b.plan === null || a.plan.kpi !== b.plan.kpi) return false;
  if (!touches(a.plan.segment, b.plan.segment)) return false;
  return meets(activeSpan(a), activeSpan(b));
}

/** The same segment, or one within the other: of a company everything is a part. */
export function touches(a: Segment, b: Segment): boolean {
  if (a.kind === 'company' || b.kind === 'company') return true;
  return isSame(a, b);
}

function isSame(a: Segment, b: Segment): boolean {
  return a.kind === b.kind && a.id === b.id && (a.source ?? b.source) === (b.source ?? a.source);
}

/** From its start to the end of the window after; open while it goes on. */
function activeSpan({ plan, finishedOn }: Action): Span {
  if (plan === null) return { from: '', to: '' };
  const from = plan.before.to;
  if (finishedOn === null) return { from, to: '9999-12-31' };
  return { from, to: addDays(finishedOn, 1 + plan.washOutDays + plan.windowDays) };
}

function meets(a: Span, b: Span): boolean {
  return a.from < b.to && b.from < a.to;
}

/** Whether somebody worked on the control, too, while the action was measured. */
export function isControlTouched(
  control: Segment,
  {
    before,
    after,
    joint,
  }: { readonly before: Span; readonly after: Span; readonly joint: readonly number[] },
  actions: readonly Action[],
): boolean {
  const watched = { from: before.from, to: after.to };
  return actions.some(
    (other) =>
      other.plan !== null &&
      !joint.includes(other.id) &&
      isSame(other.plan.segment, control) &&
      meets(activeSpan(other), watched),
  );
}
