import type { OpenContext, Stream } from '../../src/model/connector.ts';
import type { TableName } from '../../src/model/entities.ts';
import { RunError } from '../../src/model/errors.ts';
import type { Api } from './api.ts';
import type { Companion } from './companions.ts';
import { type EntitySource, readEntitySources, resolveEntity } from './entities.ts';
import { explainFailure } from './explain.ts';
import { type FieldMapping, readFieldMappings, resolveMappings, withMappings } from './fields.ts';
import type { MapRecord } from './mapped.ts';
import type { ObjectSpec } from './object-spec.ts';
import { objectSpecs } from './objects.ts';
import {
  amountOf,
  changesUnstamped,
  cursorFieldOf,
  type HiddenField,
  planCompanions,
  resolveFields,
  type SourceField,
  unfedColumns,
  withoutColumns,
} from './plan-parts.ts';
import {
  absent,
  correctName,
  entityStream,
  grantObject,
  streamOf,
  unmapped,
  unreadable,
  withoutPlan,
} from './plan-streams.ts';
import { findField, type ObjectInfo, resolvePath, type Schema } from './schema.ts';
import type { SalesforceSettings } from './settings.ts';
import type { SalesforceRecord } from './values.ts';
import { isWanted, wantedPart } from './wanted-fields.ts';

/** How one stream is read in this org: decided once from the settings and the describes. */
export interface ReadPlan {
  readonly object: string;
  readonly table: TableName;
  /** Fields and relationship paths, without Id. */
  readonly select: readonly string[];
  readonly map: MapRecord;
  readonly excluded: (record: SalesforceRecord) => boolean;
  /** Conditions of the query, and those that tell living records apart for a count. */
  readonly only: readonly string[];
  readonly countOnly: readonly string[];
  /** A condition of the settings: records can come to fail it. */
  readonly where: string | null;
  /** First filterable of SystemModstamp, LastModifiedDate, CreatedDate. */
  readonly cursorField: string | null;
  readonly sinceField: string | null;
  readonly whole: boolean;
  /** A refusal costs this object alone. */
  readonly mayBeRefused: boolean;
  /** Each record gives rows whose ids begin with its own, so that all ids can be compared. */
  readonly sweepable: boolean;
  readonly revisit: ((from: number, to: number) => string) | null;
  readonly recordTypes: readonly string[];
  readonly replicateable: boolean;
  /** Mapped values change without a stamp: all records are read again from time to time. */
  readonly unstamped: boolean;
  /** Types in Salesforce of what is selected. */
  readonly types: ReadonlyMap<string, string>;
  /** Mappings of the settings, as text to be compared. */
  readonly rules: string;
  readonly amount: { readonly field: string; readonly scale: number } | null;
  readonly companions: readonly Companion[];
}

export interface PlannedStream {
  readonly stream: Stream;
  /** null where the stream is unavailable, or not even known. */
  readonly plan: ReadPlan | null;
  /** Salesforce failed when it was asked what the object has. */
  readonly failure?: RunError;
  readonly hidden: readonly HiddenField[];
  /** Not every org has it: its absence is no error. */
  readonly isFeature?: boolean;
}

export interface PlanContext {
  readonly api: Api;
  readonly schema: Schema;
  readonly context: OpenContext<SalesforceSettings>;
}

export async function planStreams(env: PlanContext): Promise<readonly PlannedStream[]> {
  const { context } = env;
  const mappings = readFieldMappings(context.name, context.fields);
  const sources = readEntitySources(context.name, context.entities);
  const replaced = new Set(sources.map((source) => source.table));
  const wanted = objectSpecs.filter(
    (spec) => (spec.group === null || context.objects.includes(spec.group)) && !replaced.has(spec.table),
  );
  const elsewhere = await findUsableMappings(env, wanted, mappings);
  const planned = await Promise.all(
    wanted.map((spec) =>
      unlessFailing(env, streamOf(env, spec), () => planObject(env, spec, { mappings, elsewhere })),
    ),
  );
  const entities = await Promise.all(
    sources.map((source) => unlessFailing(env, entityStream(env, source), () => planEntity(env, source))),
  );
  return [...planned, ...entities].filter((stream) => stream !== null);
}

/** An object that Salesforce fails to describe is this object's trouble: the others are read. */
async function unlessFailing(
  { context }: PlanContext,
  stream: Stream,
  plan: () => Promise<PlannedStream | null>,
): Promise<PlannedStream | null> {
  try {
    return await plan();
  } catch (error) {
    const failure = explainFailure(error, { connection: context.name, object: stream.name });
    if (!(failure instanceof RunError) || failure.kind !== 'remote') throw failure;
    return { stream: { ...stream, comparable: false }, plan: null, hidden: [], failure };
  }
}

/** Mappings that at least one object of their table can serve: tasks may have a field that events lack. */
async function findUsableMappings(
  env: PlanContext,
  specs: readonly ObjectSpec[],
  mappings: readonly FieldMapping[],
): Promise<ReadonlySet<string>> {
  const usable = new Set<string>();
  for (const mapping of mappings) {
    for (const spec of specs.filter((one) => one.table === mapping.table)) {
      if (await canServe(env, spec, mapping)) usable.add(mapping.key);
    }
  }
  return usable;
}

/** What fails here fails again, with its reason, when the object itself is planned. */
async function canServe({ schema }: PlanContext, spec: ObjectSpec, { path }: FieldMapping): Promise<boolean> {
  try {
    const object = await schema.object(spec.object);
    return object !== null && (await resolvePath(schema, object, path)).ok;
  } catch {
    return false;
  }
}

interface MappingChoice {
  readonly mappings: readonly FieldMapping[];
  readonly elsewhere: ReadonlySet<string>;
}

async function planObject(
  env: PlanContext,
  spec: ObjectSpec,
  choice: MappingChoice,
): Promise<PlannedStream | null> {
  const object = await env.schema.object(spec.object);
  if (!object?.queryable) return spec.ifPresent ? null : absent(env, spec);
  const lacking = spec.required.filter((field) => !findField(object, field));
  if (lacking.length > 0) return spec.ifPresent ? null : unreadable(env, spec, lacking);
  const wanted = env.context.wanted?.[spec.table];
  const own = choice.mappings.filter((mapping) => mapping.table === spec.table && isWanted(mapping, wanted));
  const { found, missing } = await resolveMappings(env.schema, object, own);
  const lost = missing.find(({ mapping }) => !choice.elsewhere.has(mapping.key));
  if (lost) return unmapped(env, spec, `${lost.problem} (fields.${lost.mapping.key})`);
  const fields = await resolveFields(env.schema, object, wantedPart(spec, wanted));
  const companions = await planCompanions(env.schema, spec, {
    mappings: found,
    wanted,
  });
  const map = withoutColumns(spec.map, spec.table, unfedColumns(spec, fields.found));
  const plan: ReadPlan = {
    ...basePlan(object, [...fields.found, ...found]),
    table: spec.table,
    map: withMappings(map, spec.table, found),
    excluded: spec.excluded ?? (() => false),
    only: spec.only ? [spec.only] : [],
    countOnly: Object.entries(spec.excludedSoql ?? {}).flatMap(([field, condition]) =>
      findField(object, field) ? [condition] : [],
    ),
    where: null,
    sinceField: sinceFieldOf(object, spec.since ?? null),
    whole: spec.whole === true,
    sweepable: spec.sweepable === true,
    mayBeRefused: spec.mayBeRefused === true,
    revisit: spec.revisit && findField(object, spec.revisit[0])?.filterable ? spec.revisit[1] : null,
    recordTypes: spec.pipelinesOf ? ((await env.schema.object(spec.pipelinesOf))?.recordTypes ?? []) : [],
    unstamped: changesUnstamped(object, found),
    rules: JSON.stringify(found.map(({ key, path }) => `${key}=${path}`).sort()),
    amount: amountOf(object, spec, found),
    companions: companions.found,
  };
  return { stream: streamOf(env, spec), plan, hidden: [...fields.hidden, ...companions.hidden] };
}

async function planEntity(env: PlanContext, source: EntitySource): Promise<PlannedStream> {
  const stream = entityStream(env, source);
  const object = await env.schema.object(source.object);
  if (!object?.queryable) {
    return withoutPlan(stream, `Salesforce does not show ${source.object} to this user`, grantObject);
  }
  const resolved = await resolveEntity(env.schema, object, source);
  if (!resolved.ok) return withoutPlan(stream, resolved.problems.join(' '), correctName);
  const stamps = ['CreatedDate', 'LastModifiedDate', 'SystemModstamp', 'IsDeleted', 'CurrencyIsoCode'];
  const present = stamps.flatMap((name) => findField(object, name) ?? []);
  const sources = present.map(({ name, type }) => ({ path: name, type }));
  const plan: ReadPlan = {
    ...basePlan(object, [...resolved.fields, ...sources]),
    table: source.table,
    map: resolved.map,
    excluded: () => false,
    only: [],
    countOnly: [],
    where: source.where,
    sinceField: null,
    whole: false,
    sweepable: false,
    mayBeRefused: false,
    revisit: null,
    recordTypes: [],
    unstamped: changesUnstamped(object, resolved.fields),
    rules: JSON.stringify([source.object, source.where, source.columns]),
    amount: null,
    companions: [],
  };
  return { stream, plan, hidden: [] };
}

function basePlan(object: ObjectInfo, sources: readonly SourceField[]) {
  const cursorField = cursorFieldOf(object);
  const types = new Map(sources.map(({ path, type }) => [path, type]));
  if (cursorField !== null) types.set(cursorField, 'datetime');
  types.delete('Id');
  return {
    object: object.name,
    select: [...types.keys()],
    types,
    cursorField,
    replicateable: object.replicateable,
  };
}

/** Older records are those not touched since; for what happens once, those created before. */
function sinceFieldOf(object: ObjectInfo, since: 'created' | 'changed' | null): string | null {
  const names = { created: ['CreatedDate'], changed: ['SystemModstamp', 'LastModifiedDate', 'CreatedDate'] };
  const fields = since ? names[since].map((name) => findField(object, name)) : [];
  return fields.find((field) => field?.filterable)?.name ?? null;
}
