import { openMeasure } from '../evaluate/measure.ts';
import type { Action } from '../model/action.ts';
import { RunError } from '../model/errors.ts';
import type { Kpi } from '../model/kpi.ts';
import type { Measure } from '../model/measure.ts';
import type { Segment } from '../model/result.ts';
import type { Workspace } from './wire.ts';

/** The first local day that is not complete at as_of. */
export function todayOf({ zone, asOf }: Pick<Workspace, 'zone' | 'asOf'>): string {
  // The last millisecond of a day means all of it.
  return zone.dateOf(asOf + 1);
}

/** Figures over any days; what they need is looked up once, when the first one is asked for. */
export function lazyMeasure({ store, settings, catalog, asOf, log }: Workspace): Measure {
  let opened: Promise<Measure> | null = null;
  return async (request) => {
    opened ??= openMeasure({ store, settings, catalog, asOf, log });
    return (await opened)(request);
  };
}

export function requireKpi({ catalog }: Pick<Workspace, 'catalog'>, id: string): Kpi {
  const kpi = catalog.find((known) => known.id === id);
  if (kpi) return kpi;
  throw new RunError('usage', {
    where: id,
    message: 'There is no KPI of that id.',
    fix: `Use one of: ${catalog.map((known) => known.id).join(', ')}.`,
  });
}

/** Local date as people type it. */
export function requireDate(text: string, where: string): string {
  const at = new Date(`${text}T00:00:00Z`);
  if (/^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(at.getTime()) && at.toISOString().startsWith(text))
    return text;
  throw new RunError('usage', { where, message: `${text} is no date.`, fix: 'Give it as 2026-10-31.' });
}

export async function requireAction(
  { store }: Pick<Workspace, 'store'>,
  text: string | undefined,
): Promise<Action> {
  const actions = await store.actions();
  const found = actions.find(({ id }) => String(id) === text);
  if (found) return found;
  const known = actions.map(({ id }) => id).join(', ');
  throw new RunError('usage', {
    where: `actions ${text ?? ''}`.trim(),
    message: text === undefined ? 'Which action?' : 'There is no action of that number.',
    fix: known
      ? `Use one of: ${known}; crm-kpi actions list shows them.`
      : 'Propose some first: crm-kpi actions propose.',
  });
}

/** `KIND[:ID]`, with the name and connection that the store knows; an unknown team or owner is the caller's mistake. */
export async function findSegment({ store }: Pick<Workspace, 'store'>, flag: string): Promise<Segment> {
  const colon = flag.indexOf(':');
  const kind = colon === -1 ? flag : flag.slice(0, colon);
  const id = colon === -1 ? null : flag.slice(colon + 1);
  if (kind === 'company') return { kind, id: null, name: null, source: null };
  if (id === null) {
    throw new RunError('usage', { where: flag, message: 'The segment has no id.', fix: `Write ${kind}:ID.` });
  }
  if (kind === 'connection') return { kind, id, name: id, source: id };
  const known = kind === 'team' ? await store.teams() : kind === 'owner' ? await store.actors() : null;
  if (known === null) return sharedSegment(store, kind, id);
  const found =
    known.find((one) => one.id === id) ?? known.find(({ name }) => name?.toLowerCase() === id.toLowerCase());
  if (found) return { kind, id: found.id, name: found.name, source: found.source };
  throw new RunError('usage', {
    where: flag,
    message: `There is no ${kind} ${id}.`,
    fix: `Use one of: ${known
      .slice(0, 20)
      .map((one) => `${kind}:${one.id} (${one.name ?? ''})`)
      .join(', ')}.`,
  });
}

/** Ids of campaigns and pipelines belong to one CRM; the values of other kinds mean the same everywhere. */
async function sharedSegment(
  { names, sources }: Workspace['store'],
  kind: string,
  id: string,
): Promise<Segment> {
  if (kind === 'campaign') {
    const found = (await names('campaign')).find((campaign) => campaign.id === id);
    return { kind, id, name: found?.name ?? id, source: found?.source ?? null };
  }
  if (kind !== 'pipeline' && kind !== 'stage') return { kind, id, name: id, source: null };
  const stages = await names('stage');
  const owner = stages.find((stage) => stage.id.startsWith(`${id}:`) || stage.id.endsWith(`:${id}`));
  return { kind, id, name: id, source: owner?.source ?? (await sources())[0]?.connection ?? null };
}
