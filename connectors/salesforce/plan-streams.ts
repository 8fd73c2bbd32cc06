import type { Stream } from '../../src/model/connector.ts';
import type { Api } from './api.ts';
import type { EntitySource } from './entities.ts';
import type { ObjectSpec } from './object-spec.ts';
import type { PlanContext, PlannedStream } from './plan.ts';

/** Records are opened in Lightning, which has its own host beside My Domain's. */
export function lightningHost(api: Api): string {
  return api.token().instanceUrl.replace(/\.my\.salesforce\.com$/, '.lightning.force.com');
}

function pageOf(env: PlanContext, object: string): string {
  return `${lightningHost(env.api)}/lightning/r/${object}/{id}/view`;
}

export function streamOf(env: PlanContext, spec: ObjectSpec): Stream {
  return {
    name: spec.object,
    table: spec.table,
    object: spec.group,
    link: spec.hasPage ? pageOf(env, spec.object) : null,
    comparable: spec.comparable,
  };
}

export function entityStream(env: PlanContext, source: EntitySource): Stream {
  return {
    name: `${source.object} as ${source.table}`,
    table: source.table,
    object: null,
    link: pageOf(env, source.object),
    comparable: true,
  };
}

export const grantObject =
  'Give the integration user Read and View All Records on the object in a permission set, or leave its group out of `objects`.';
export const correctName =
  'Correct the name in the settings, or grant Read on the field to the integration user in a permission set.';

export function withoutPlan(stream: Stream, problem: string, fix: string): PlannedStream {
  return {
    stream: { ...stream, comparable: false, unavailable: { problem, fix } },
    plan: null,
    hidden: [],
  };
}

export function absent(env: PlanContext, spec: ObjectSpec): PlannedStream {
  const consequence = spec.without ? `: ${spec.without}` : '';
  const problem = `Salesforce does not show ${spec.object} to this user, or this org does not have it${consequence}`;
  return { ...withoutPlan(streamOf(env, spec), problem, grantObject), isFeature: spec.isFeature === true };
}

export function unreadable(env: PlanContext, spec: ObjectSpec, fields: readonly string[]): PlannedStream {
  const names = fields.map((field) => `${spec.object}.${field}`).join(', ');
  const fix = 'Grant Read on these fields to the integration user in a permission set.';
  return withoutPlan(streamOf(env, spec), `this user may not read ${names}`, fix);
}

export function unmapped(env: PlanContext, spec: ObjectSpec, problem: string): PlannedStream {
  return withoutPlan(streamOf(env, spec), problem, correctName);
}
