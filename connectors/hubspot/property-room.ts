import { z } from 'zod';
import { objectSpecs } from './catalog.ts';
import { HubspotError } from './explain.ts';
import { rawPaths } from './paths.ts';
import type { Session } from './session.ts';

const count = z.coerce.number().nullish().catch(null);
const limits = z.object({
  byObjectType: z
    .array(z.object({ objectTypeId: z.string(), limit: count, usage: count }))
    .nullish()
    .catch(null),
  overallLimit: count,
  overallUsage: count,
});

export interface PropertyRoom {
  /** Properties that companies may still be given. */
  readonly left: number;
  /** So few in all that ours must be fewer still. */
  readonly isSmall: boolean;
}

/** A free account has ten properties of its own or so; paid ones a thousand an object. */
const smallLimit = 25;

/** As the account itself says (developer documentation, "Limits tracking"); null where it does not. */
export async function findPropertyRoom({ api }: Session): Promise<PropertyRoom | null> {
  try {
    const call = { what: 'limits', path: rawPaths.customPropertyLimit, shape: limits };
    return toRoom((await api.get(call)).value);
  } catch (error) {
    if (!(error instanceof HubspotError) || error.status === 401 || error.status >= 429) throw error;
    return null;
  }
}

function toRoom({ byObjectType, overallLimit, overallUsage }: z.output<typeof limits>): PropertyRoom | null {
  const { typeId, name } = objectSpecs.companies;
  const own = byObjectType?.find(({ objectTypeId }) => objectTypeId === typeId || objectTypeId === name);
  const pairs = [
    [own?.limit, own?.usage],
    [overallLimit, overallUsage],
  ] as const;
  const known = pairs.flatMap(([limit, usage]) =>
    limit == null ? [] : [{ limit, left: limit - (usage ?? 0) }],
  );
  if (known.length === 0) return null;
  return {
    left: Math.max(0, Math.min(...known.map(({ left }) => left))),
    isSmall: Math.min(...known.map(({ limit }) => limit)) <= smallLimit,
  };
}
