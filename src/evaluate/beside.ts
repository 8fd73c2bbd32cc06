import type { Goal } from '../model/goal.ts';
import type { Period } from '../model/period.ts';
import type { Result, ResultDetails } from '../model/result.ts';
import type { Figure } from './figures.ts';
import { beginsIn } from './mail-filter.ts';
import type { SegmentKey } from './segments.ts';
import type { AssessContext } from './series.ts';
import { unallocatedFor } from './targets.ts';

export interface Told {
  readonly period: Period;
  readonly promise: { readonly goal: Goal; readonly targetFrom?: string } | null;
  readonly key: SegmentKey;
  readonly value: number | null;
  /** Compared with a period that has fewer days. */
  readonly shorter: boolean;
}

/** What stands beside the figures. Children's promises that do not add up to the parent's: never shared out. */
export function tellBeside(
  context: AssessContext,
  figure: Figure,
  { period, promise, key, value, shorter }: Told,
): Pick<Result, 'flags' | 'details'> {
  const unallocated = promise ? unallocatedFor(promise.goal, context, { period, key }) : null;
  const details: ResultDetails = {
    ...(value === null && figure.beyond !== null && { beyond: figure.beyond }),
    ...(unallocated && { unallocated }),
    ...(promise?.targetFrom && { targetFrom: promise.targetFrom }),
  };
  const more = [
    ...(unallocated ? ['unallocated'] : []),
    ...(shorter ? ['shorter_period'] : []),
    ...(beginsIn(context.definitions, period) ? ['definition_changed'] : []),
  ];
  return {
    flags: more.length > 0 ? [...figure.flags, ...more].sort() : figure.flags,
    ...(Object.keys(details).length > 0 && { details }),
  };
}
