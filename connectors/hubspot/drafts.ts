import type { Batch, Cursor, PassEstimate, ReadOptions, StreamCount } from '../../src/model/connector.ts';
import type { TableName } from '../../src/model/entities.ts';
import { groupNames, groups, type ObjectName, type ObjectSpec, objectSpecs } from './catalog.ts';
import { countObject } from './count.ts';
import { formatCursor } from './cursor.ts';
import { fetchBin, isUnsupported } from './deletions.ts';
import { parseEntities, planEntity } from './entities.ts';
import { estimateObject, estimateWhole } from './estimate.ts';
import { HubspotError } from './explain.ts';
import { type FieldPlan, planFields } from './fields.ts';
import { createFirstPage, type FirstPage } from './first-page.ts';
import { fetchCampaigns, fetchEmails, readCampaigns, readEmails } from './marketing.ts';
import { toActorRows, toMemberships, toTeamRows } from './owners.ts';
import { toStageRows } from './pipelines.ts';
import { planRead, type ReadPlan } from './plan.ts';
import { readObject } from './read.ts';
import type { Session } from './session.ts';
import { type RecordPage, recordPage } from './shapes.ts';

/** A stream before it is known whether it may be read. */
export interface Draft {
  readonly name: string;
  readonly table: TableName;
  readonly object: string | null;
  readonly typeId: string | null;
  readonly comparable: boolean;
  readonly plan: ReadPlan | null;
  /** The cheapest call that tells whether it may be read. */
  probe(): Promise<unknown>;
  read(since: Cursor | null, options: ReadOptions): AsyncIterable<Batch>;
  count(): Promise<StreamCount>;
  estimate(since: Cursor | null): Promise<PassEstimate>;
}

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
  for (const group of wanted) {
    if (group === 'campaigns') drafts.push(campaignsDraft(session), emailsDraft(session));
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
  const plan = planRead(spec, { fields: options.fields.get(spec.table), sinceMs: options.sinceMs });
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

function ownersDraft(session: Session): Draft {
  return {
    ...alwaysWhole('owners', 'actor', null),
    probe: () => session.owners(),
    read: () => readOwners(session),
    count: async () => ({ rows: (await session.owners()).all.length }),
    estimate: async () => estimateWhole((await session.owners()).all.length),
  };
}

async function* readOwners(session: Session): AsyncGenerator<Batch> {
  const book = await session.owners();
  yield {
    tables: [
      { table: 'team', rows: toTeamRows(book) },
      { table: 'actor', rows: toActorRows(book, session.zone) },
    ],
    deleted: [],
    memberships: toMemberships(book, session.zone),
    cursor: formatCursor({ phase: 'whole', at: session.now() }),
  };
}

function pipelinesDraft(session: Session, objectType: string, object: 'deal' | 'ticket'): Draft {
  return {
    ...alwaysWhole(`pipelines/${objectType}`, 'stage', null),
    probe: () => session.pipelines(objectType),
    read: () => readPipelines(session, objectType, object),
    count: async () => ({ rows: toStageRows(object, await session.pipelines(objectType)).length }),
    estimate: async () => estimateWhole(toStageRows(object, await session.pipelines(objectType)).length),
  };
}

async function* readPipelines(
  session: Session,
  objectType: string,
  object: 'deal' | 'ticket',
): AsyncGenerator<Batch> {
  const rows = toStageRows(object, await session.pipelines(objectType));
  // The mapping keeps what it has; a later pass asks anew.
  await session.mapContext();
  session.forgetPipelines(objectType);
  const cursor = formatCursor({ phase: 'whole', at: session.now() });
  yield { tables: [{ table: 'stage', rows }], deleted: [], cursor };
}

function alwaysWhole(name: string, table: TableName, object: string | null) {
  return { name, table, object, typeId: null, comparable: false, plan: null };
}

function campaignsDraft(session: Session): Draft {
  const first = createFirstPage(() => fetchCampaigns(session, { after: undefined }), session.now);
  return {
    ...alwaysWhole('marketing_campaigns', 'campaign', 'campaigns'),
    comparable: true,
    probe: first.ask,
    read: (_, { signal }) => readCampaigns(session, { first: first.take, signal }),
    count: async () => {
      const page = await fetchCampaigns(session, { after: undefined, limit: 1 });
      return { rows: page.total ?? page.results.length };
    },
    estimate: async () => estimateWhole((await first.ask()).total),
  };
}

function emailsDraft(session: Session): Draft {
  const living = { stats: false, archived: false };
  const first = createFirstPage(() => fetchEmails(session, living, { after: undefined }), session.now);
  return {
    ...alwaysWhole('marketing_emails', 'email_stat', 'campaigns'),
    comparable: true,
    probe: first.ask,
    read: (_, { signal }) => readEmails(session, { first: first.take, signal }),
    count: async () => {
      const { total, results } = await fetchEmails(session, living, { after: undefined, limit: 1 });
      return { rows: total ?? results.length };
    },
    estimate: async () => estimateWhole((await first.ask()).total),
  };
}
