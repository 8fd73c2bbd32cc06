import type { Action, ActionOwner, ActionTask } from '../model/action.ts';
import { RunError } from '../model/errors.ts';
import { shortHash, type Workspace } from './wire.ts';

interface Person extends ActionOwner {
  readonly email: string | null;
  readonly active: boolean;
}

/** A person of a CRM by id, e-mail or name; a text that fits nobody is taken as a name. */
export async function findOwner({ store }: Pick<Workspace, 'store'>, text: string): Promise<ActionOwner> {
  const wanted = text.trim().toLowerCase();
  const people = await readPeople(store);
  const fits = ({ id, email, name }: Person) =>
    [id, email, name].some((known) => known?.toLowerCase() === wanted);
  const found = people.filter(fits);
  const [person] = found.some(({ active }) => active) ? found.filter(({ active }) => active) : found;
  if (!person) return { source: null, id: null, name: text.trim() };
  return { source: person.source, id: person.id, name: person.name };
}

async function readPeople(store: Workspace['store']): Promise<readonly Person[]> {
  const sql = `select source_id, id, name, email, active from actor where coalesce(kind, 'user') = 'user' order by source_id, id`;
  const people: Person[] = [];
  for await (const rows of store.rows({ sql, params: {} })) {
    for (const [source, id, name, email, active] of rows) {
      people.push({
        source: String(source),
        id: String(id),
        name: String(name ?? email ?? id),
        email: email === null || email === undefined ? null : String(email),
        active: active === 1,
      });
    }
  }
  return people;
}

/** The wish for a task in the owner's CRM; told at once where it cannot come true. */
export function planTask(workspace: Workspace, action: Action, owner: ActionOwner | null): ActionTask {
  const where = `actions accept ${action.id} --task`;
  if (!owner?.source || !owner.id) {
    const fix = 'Name the owner by e-mail or id, as the CRM has them: --owner ana@example.com.';
    throw new RunError('usage', {
      where,
      message: 'The action has no owner in a CRM to give a task to.',
      fix,
    });
  }
  const { source } = owner;
  const connection = workspace.connections.find(({ settings }) => settings.name === source);
  if (!connection?.settings.publish) {
    throw new RunError('usage', {
      where,
      message: `Nothing is written to ${source}.`,
      fix: `Set publish: true for the connection ${source} in crm-kpi.yaml, or accept without --task.`,
    });
  }
  // The store's own name for it: two workspaces that write into one CRM do not take each other's tasks for theirs.
  const mark = shortHash(`${workspace.settings.store}\n${action.id}\n${action.title.en}`).slice(0, 8);
  return action.task ?? { source, key: `crm-kpi-action-${action.id}-${mark}`, remoteId: null, problem: null };
}
