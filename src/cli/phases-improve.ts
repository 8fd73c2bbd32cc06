import { measureEffect } from '../improve/effect.ts';
import { lazyMeasure, todayOf } from './improve-parts.ts';
import type { Workspace } from './wire.ts';

/** Measures what is due: actions whose window is over, until their re-check. Returns how many were measured. */
export async function measureActions(workspace: Workspace): Promise<number> {
  const { store, catalog, asOf } = workspace;
  const actions = await store.actions();
  const due = actions.filter(
    ({ state, plan, recheck }) => state === 'done' && plan !== null && recheck === null,
  );
  const measure = lazyMeasure(workspace);
  let measured = 0;
  for (const action of due) {
    const kpi = catalog.find(({ id }) => id === action.plan?.kpi) ?? null;
    const report = await measureEffect({ action, actions, kpi, measure, today: todayOf(workspace) });
    if (report.after === null) continue;
    await store.saveEffect(action.id, { ...report, asOf });
    measured++;
  }
  return measured;
}
