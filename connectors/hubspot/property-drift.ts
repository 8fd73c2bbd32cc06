import { RunError } from '../../src/model/errors.ts';
import type { FieldPlan } from './fields.ts';
import { mappingProblems } from './mapping-check.ts';
import { historyProperties, type ReadPlan } from './plan.ts';
import type { Session } from './session.ts';

/** A plan as far as the account's properties carry it today. */
export interface Footing {
  /** Without mapped properties that are not there: what they fed keeps its stored values. */
  readonly plan: ReadPlan;
  /** Names of what is read, and from where; undefined: the definitions cannot be read. */
  readonly names: readonly string[] | undefined;
  /** To be told when the rest has been read; null: nothing is missing. */
  readonly missing: RunError | null;
}

export async function findFooting(session: Session, plan: ReadPlan): Promise<Footing> {
  session.forgetProperties(plan.spec.name);
  const known = await session.properties(plan.spec.name);
  const problems = plan.entity ? [] : await mappingProblems(session, plan);
  const [first] = problems;
  const kept = first ? withoutFields(plan, new Set(problems.map(({ key }) => key))) : plan;
  const missing = first
    ? new RunError('config', {
        where: `${session.name} fields.${first.key}`,
        message: `${problems.map(({ problem }) => problem).join(' ')} All else of them is up to date; what it fed keeps its values.`,
        fix: first.fix,
      })
    : null;
  if (!known || known.size === 0) return { plan: kept, names: undefined, missing };
  const wanted = [...kept.properties, ...historyProperties(kept).map((name) => `${name} history`)];
  const present = wanted.filter((name) => known.has(name.replace(/ history$/, '')));
  return { plan: kept, names: [...new Set([...present, ...sourcesOf(kept)])].sort(), missing };
}

/** `deal.region from property region`: a field that is mapped anew is as new as a property. */
function sourcesOf({ fields, entity }: ReadPlan): readonly string[] {
  const mapped = [...(fields?.columns ?? []), ...(fields?.dimensions ?? [])].map(
    ({ key, path }) => `${key} from ${path.kind} ${path.kind === 'property' ? path.name : path.path}`,
  );
  const columns = [...(entity?.columns ?? [])].map(([column, source]) => `${column} from ${source}`);
  return [...mapped, ...columns];
}

function withoutFields(plan: ReadPlan, keys: ReadonlySet<string>): ReadPlan {
  const mapped = [...(plan.fields?.columns ?? []), ...(plan.fields?.dimensions ?? [])];
  const gone = new Set(
    mapped.flatMap(({ key, path }) => (keys.has(key) && path.kind === 'property' ? [path.name] : [])),
  );
  const dropped = (plan.fields?.columns ?? []).filter(({ key }) => keys.has(key)).map(({ target }) => target);
  const fields: FieldPlan | undefined = plan.fields && {
    columns: plan.fields.columns.filter(({ key }) => !keys.has(key)),
    dimensions: plan.fields.dimensions.filter(({ key }) => !keys.has(key)),
  };
  return {
    ...plan,
    fields,
    properties: plan.properties.filter((name) => !gone.has(name)),
    history: plan.history.filter(([, column]) => !dropped.includes(column)),
    dropped,
  };
}

/** What can be read now and could not before; modification dates do not tell of it. */
export function appeared(
  before: readonly string[] | undefined,
  now: readonly string[] | undefined,
): readonly string[] {
  if (!before || !now) return [];
  const known = new Set(before);
  return now.filter((name) => !known.has(name));
}
