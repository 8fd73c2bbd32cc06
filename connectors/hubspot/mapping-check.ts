import { nearestName } from './fields.ts';
import type { ReadPlan } from './plan.ts';
import type { Session } from './session.ts';

export interface Problem {
  readonly problem: string;
  readonly fix: string;
}

/** Mapped properties that the object does not have. */
export async function mappingProblems(
  session: Session,
  plan: ReadPlan,
): Promise<readonly (Problem & { readonly key: string })[]> {
  const wanted = [
    ...[...(plan.fields?.columns ?? []), ...(plan.fields?.dimensions ?? [])].flatMap(({ key, path }) =>
      path.kind === 'property' ? [{ key, name: path.name }] : [],
    ),
    ...entityProperties(plan),
  ];
  if (wanted.length === 0) return [];
  const known = await session.properties(plan.spec.name);
  if (known === null || known.size === 0) return [];
  return wanted
    .filter(({ name }) => !known.has(name) && !(name in objectDefaults))
    .map(({ key, name }) => {
      const near = nearestName(name, known.keys());
      return {
        key,
        problem: `${key} names the property ${name}, which ${plan.spec.name} do not have.`,
        fix: near
          ? `Did you mean ${near}? Internal names stand in HubSpot under Settings > Properties.`
          : 'Look up the internal name in HubSpot under Settings > Properties.',
      };
    });
}

/** Every record has these, listed or not. */
const objectDefaults = {
  hs_object_id: true,
  createdate: true,
  hs_lastmodifieddate: true,
  hs_createdate: true,
};

function entityProperties({ entity }: ReadPlan) {
  if (!entity) return [];
  return [...entity.columns].flatMap(([column, source]) =>
    typeof source === 'string' ? [{ key: `${entity.table}.${column}`, name: source }] : [],
  );
}
