import { baseRows, membershipsAt } from './oracle-base.ts';
import { recordRows } from './oracle-rows.ts';
import { lastInstant, type World } from './oracle-world.ts';
import type { Workspace } from './workspace.ts';

const nights = ['2025-06-01T02:00:00Z', '2025-11-12T09:00:00Z'];

/** Stores a world as a CRM would give it, with the people of the nights before an instant. */
export async function fillWorkspace(workspace: Workspace, world: World, until = lastInstant): Promise<void> {
  await workspace.save(baseRows());
  for (const night of nights)
    if (Date.parse(night) < until) await workspace.seeMembers(membershipsAt(Date.parse(night)), night);
  await workspace.save(recordRows(world));
  const { deals: deal, tickets: ticket, leads: lead, activities: activity } = world;
  const all = {
    deal,
    ticket,
    lead,
    activity,
    email_stat: world.sends,
    survey_answer: world.answers,
  } as const;
  for (const table of Object.keys(all) as (keyof typeof all)[]) {
    const idsOf = (gone: string) => all[table].filter((record) => record.gone === gone).map(({ id }) => id);
    await workspace.remove(table, idsOf('deleted'));
    await workspace.remove(table, idsOf('merged'), { into: 'survivor' });
  }
}
