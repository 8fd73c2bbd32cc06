import type { TableName } from '../../src/model/entities.ts';
import { groupNames, groups, type ObjectName, type ObjectSpec, objectSpecs } from './catalog.ts';
import { countObject } from './count.ts';
import { fetchBin, isUnsupported } from './deletions.ts';
import { ownersDraft, pipelinesDraft } from './directory-drafts.ts';
import type { Draft } from './draft.ts';
import { parseEntities, planEntity } from './entities.ts';
import { estimateObject } from './estimate.ts';
import { rateDrafts } from './exchange-rates.ts';
import { HubspotError } from './explain.ts';
import { type FieldPlan, planFields } from './fields.ts';
import { createFirstPage, type FirstPage } from './first-page.ts';
import { marketingDrafts } from './marketing-drafts.ts';
import { planRead, type ReadPlan } from './plan.ts';
import { readObject } from './read.ts';
import type { Session } from './session.ts';
import { type RecordPage, recordPage } from './shapes.ts';

export async function draftSources(session: Session): Promise<readonly Draft[]> {
  const { context } = session;
  const fields = planFields(session.name, context.fields);
  const entities = parseEntities(session.name, context.entities);
  const replaced = new Set<TableName>(entities.map(({ table }) => table));
  const sinceMs = context.since === null ? null : session.zone.startOf(context.since);
  const drafts: Draft[] = [ownersDraft(session)];
  const wanted = groupNames.filter((name) => context.objects.includes(name));
  if (wanted.includes('deals')) drafts.push(pipelinesDraft(session, 'deals', 'deal'));
  if (wanted.includes('tickets')) drafts.push(pipelinesDraft(session, 'tickets', 'ticket'));
  if (wanted.some((name) => name !== 'campaigns')) {
    drafts.push(objectDraft(session, objectSpecs.companies, { group: null, fields, sinceMs }));
  }
  if (wanted.includes('deals')) drafts.push(...(await rateDrafts(session)));
  for (const group of wanted) {
    if (group === 'campaigns') drafts.push(...marketingDrafts(session, sinceMs));
    for (const name of await objectsOf(session, group)) {
      drafts.push(objectDraft(session, objectSpecs[name], { group, fields, sinceMs }));
    }
  }
  const kept = drafts.filter(({ table }) => !replaced.has(table));
  for (const entity of entities) {
    const plan = planEntity(entity, sinceMs);
    kept.push(planDraft(session, plan, { name: `${entity.object} as ${entity.table}`, group: null }));
  }
  return kept;
}

/** Leads are records of their own where the account uses them, else contacts by their lifecycle. */
async function objectsOf(
  session: Session,
  group: (typeof groupNames)[number],
): Promise<readonly ObjectName[]> {
  if (group !== 'leads') return groups[group];
  try {
    const { results } = await probeList(session, 'leads');
    return results.length > 0 ? ['leads'] : ['contacts'];
  } catch (error) {
    if (!(error instanceof HubspotError) || error.status === 401) throw error;
    // A server that fails does not say that there are none: the read is to say so.
    return error.status >= 429 ? ['leads'] : ['contacts'];
  }
}

async function probeList(session: Session, object: string) {
  const { api } = session;
  const request = api.build.objects.getPage(object, 1, undefined, ['hs_object_id']);
  return (await api.call({ what: object, request, shape: recordPage })).value;
}

function objectDraft(
  session: Session,
  spec: ObjectSpec,
  options: {
    readonly group: string | null;
    readonly fields: ReadonlyMap<TableName, FieldPlan>;
    readonly sinceMs: number | null;
  },
): Draft {
  const plan = planRead(spec, {
    fields: options.fields.get(spec.table),
    sinceMs: options.sinceMs,
    wanted: session.context.wanted?.[spec.table],
  });
  return planDraft(session, plan, { name: spec.name, group: options.group });
}

function planDraft(
  session: Session,
  plan: ReadPlan,
  own: { readonly name: string; readonly group: string | null },
): Draft {
  const bin = createFirstPage(() => fetchBin(session, plan, undefined), session.now);
  let swept: number | null = null;
  return {
    name: own.name,
    table: plan.table,
    object: own.group,
    typeId: plan.spec.typeId,
    ...(plan.spec.consequence && plan.entity === null ? { consequence: plan.spec.consequence } : {}),
    // What conditions leave out cannot be counted there.
    comparable: plan.entity === null,
    plan,
    probe: () => probeObject(session, plan.spec.name, bin),
    read: (since, options) =>
      readObject(session, plan, {
        since,
        options,
        bin,
        onSwept: (rows) => {
          swept = rows;
        },
      }),
    // The list is right where the index lags: a comparison of all ids has counted it.
    count: async () => {
      const rows = swept;
      swept = null;
      return rows === null ? countObject(session, plan) : { rows };
    },
    estimate: (since) => estimateObject(session, plan, since),
  };
}

/** The recycle bin is read by every run anyway, and needs the same scope; where there is none, the list tells. */
async function probeObject(session: Session, object: string, bin: FirstPage<RecordPage>): Promise<unknown> {
  try {
    return await bin.ask();
  } catch (error) {
    if (!isUnsupported(error)) throw error;
    return probeList(session, object);
  }
}
