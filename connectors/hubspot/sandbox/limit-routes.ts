import type { SandboxAnswer } from '../../../src/sandbox/server.ts';
import { readNames } from './body.ts';
import type { Call } from './call.ts';
import type { ObjectType } from './portal.ts';
import { ownProperties } from './property-routes.ts';

const recordLimit = 15_000_000;
const customRecordLimit = 1_500_000;

export function recordLimits({ portal }: Call): SandboxAnswer {
  const show = (types: readonly ObjectType[], limit: number) =>
    types.map(({ spec, records, archived }) => {
      const usage = records.size - archived.size;
      return { objectTypeId: spec.typeId, limit, usage, percentage: (100 * usage) / limit };
    });
  const types = [...portal.types.values()];
  const body = {
    hubspotDefinedObjectTypes: show(
      types.filter(({ spec }) => !spec.custom),
      recordLimit,
    ),
    customObjectTypes: show(
      types.filter(({ spec }) => spec.custom),
      customRecordLimit,
    ),
  };
  return { status: 200, body };
}

export function propertyLimits({ portal, query }: Call): SandboxAnswer {
  const limit = portal.tier === 'free' ? 10 : 1000;
  const asked = readNames(query, 'objectTypeId');
  const byObjectType = [...portal.types.values()]
    .filter(({ spec }) => asked.length === 0 || asked.includes(spec.typeId))
    .map((type) => ({ objectTypeId: type.spec.typeId, limit, usage: ownProperties(type).length }));
  let overallUsage = 0;
  for (const { usage } of byObjectType) overallUsage += usage;
  return { status: 200, body: { byObjectType, overallLimit: limit, overallUsage } };
}

export function typeLimits({ portal }: Call): SandboxAnswer {
  const usage = [...portal.types.values()].filter(({ schema }) => schema && !schema.archived).length;
  return { status: 200, body: { overallLimit: portal.tier === 'enterprise' ? 10 : 0, overallUsage: usage } };
}
