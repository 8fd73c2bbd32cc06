import { measureEffect } from '../improve/effect.ts';
import type { Action } from '../model/action.ts';
import type { Kpi } from '../model/kpi.ts';
import { addDays } from '../model/zone.ts';
import { lazyMeasure, todayOf } from './improve-parts.ts';
import type { Workspace } from './wire.ts';

const dayMs = 86_400_000;

/** Measures what is due: actions whose window is over, until their re-check. Returns how many were measured. */
export async function measureActions(workspace: Workspace): Promise<number> {
  const { store, catalog, asOf, zone } = workspace;
  const actions = await store.actions();
  const measure = lazyMeasure(workspace);
  let measured = 0;
  for (const action of actions) {
    const kpi = catalog.find(({ id }) => id === action.plan?.kpi) ?? null;
    if (action.state !== 'done' || action.plan === null || isSettled(action, kpi, zone)) continue;
    const report = await measureEffect({ action, actions, kpi, measure, today: todayOf(workspace) });
    if (report.after === null) continue;
    await store.saveEffect(action.id, { ...report, asOf });
    measured++;
  }
  return measured;
}

/** Measured after its second window, or at its re-check: nothing more will be known. */
function isSettled(
  { plan, finishedOn, measuredAt, recheck }: Action,
  kpi: Kpi | null,
  zone: Workspace['zone'],
): boolean {
  if (recheck !== null) return true;
  if (plan === null || finishedOn === null || measuredAt === null) return false;
  const matures = Math.ceil((kpi?.maturesMs ?? 0) / dayMs);
  const over = addDays(finishedOn, 2 + plan.washOutDays + 2 * plan.windowDays + matures);
  return zone.dateOf(measuredAt) > over;
}
