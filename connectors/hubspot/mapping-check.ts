import { RunError } from '../../src/model/errors.ts';
import { nearestName } from './fields.ts';
import type { Pass } from './pass.ts';
import type { ReadPlan } from './plan.ts';
import type { Session } from './session.ts';
import type { HubspotRecord } from './shapes.ts';

export interface Problem {
  readonly problem: string;
  readonly fix: string;
}

function wantedNames(plan: ReadPlan): readonly { readonly key: string; readonly name: string }[] {
  const mapped = [...(plan.fields?.columns ?? []), ...(plan.fields?.dimensions ?? [])];
  const named = mapped.flatMap(({ key, path }) =>
    path.kind === 'property' ? [{ key, name: path.name }] : [],
  );
  return [...named, ...entityProperties(plan)];
}

/** Mapped properties that the object does not have. */
export async function mappingProblems(
  session: Session,
  plan: ReadPlan,
): Promise<readonly (Problem & { readonly key: string })[]> {
  const wanted = wantedNames(plan);
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

/**
 * HubSpot leaves out properties that it does not have, without an error: what is mapped and comes with no record of a
 * page may have been removed while the run was on. Taken for empty, it would wipe out what is known.
 */
export async function refuseRemoved(
  { session, plan, checked }: Pick<Pass, 'session' | 'plan' | 'checked'>,
  records: readonly HubspotRecord[],
): Promise<void> {
  const suspicious = wantedNames(plan).filter(
    ({ name }) => !checked.has(name) && records.every(({ properties }) => !(name in properties)),
  );
  if (records.length === 0 || suspicious.length === 0) return;
  for (const { name } of suspicious) checked.add(name);
  session.forgetProperties(plan.spec.name);
  const [problem] = await mappingProblems(session, plan);
  if (!problem) return;
  const where = `${session.name} fields.${problem.key}`;
  throw new RunError('config', { where, message: problem.problem, fix: problem.fix });
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
