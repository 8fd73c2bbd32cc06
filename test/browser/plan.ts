import type { TestWorkspace } from '../acceptance/cli.ts';

/** What was done about each KPI at the start of October: figures of days before and after are there. */
const done = [
  { title: 'Workshop on qualifying deals', kpi: 'win_rate', type: 'training' },
  { title: 'An article for the most frequent category', kpi: 'case_resolution_hours', type: 'content' },
  { title: 'Reminders for planned activities', kpi: 'activities_completed', type: 'automation' },
  { title: 'Discounts only with a reason', kpi: 'revenue_won', type: 'configuration' },
] as const;

/** A plan under way, measured effects, and the page of a review meeting, made by the commands of a user. */
export async function carryOutPlan(workspace: TestWorkspace): Promise<void> {
  for (const { title, kpi, type } of done) {
    const [action] = await workspace.json<{ id: number }[]>(
      ...['actions', 'add', title, '--kpi', kpi, '--type', type, '--due', '2026-10-15'],
    );
    const id = String(action?.id);
    await workspace.json('actions', 'accept', id, '--owner', 'Ana Prieto');
    await workspace.json(
      ...['actions', 'start', id, '--on', '2026-10-01', '--window', '28', '--wash-out', '0'],
    );
    await workspace.json('actions', 'finish', id, '--on', '2026-10-01');
  }
  await workspace.json('actions', 'propose');
  await workspace.json('evaluate');
  await workspace.json('review', 'open', '--attendees', 'Ana Prieto, Luis Vega', '--next', '2026-12-15');
}
