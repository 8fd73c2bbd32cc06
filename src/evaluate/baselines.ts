import type { Goal } from '../model/goal.ts';
import type { Kpi } from '../model/kpi.ts';
import { currencyExponent } from '../model/money.ts';
import type { Period } from '../model/period.ts';
import type { FrozenBaseline, GoalVersion, ResultStore } from '../model/result-store.ts';
import { type Figure, figureValue } from './figures.ts';
import type { Form } from './pass.ts';

const fewestPeriods = 3;

export interface BaselineInput {
  readonly kpi: Kpi;
  readonly form: Form;
  readonly currency: string;
  readonly version: GoalVersion;
  /** All that the goal has had, oldest first. */
  readonly versions: readonly GoalVersion[];
  /** Names the segment among those of the goal. */
  readonly segment: string;
  readonly periods: readonly Period[];
  readonly figures: readonly Figure[];
  /** Several periods as one figure. */
  readonly pool: (places: readonly number[]) => Figure;
  /** Whether a period's figure is official by as_of. */
  readonly isOfficial: (place: number) => boolean;
}

/** Where the goal set out from: what was typed, or what was frozen when there were enough official periods. */
export async function baselineOf(
  store: Pick<ResultStore, 'baseline' | 'saveBaseline'>,
  input: BaselineInput,
): Promise<number | null> {
  const { kpi, version, segment } = input;
  const { baseline } = version.goal;
  if (baseline.kind === 'fixed') {
    return kpi.unit === 'money'
      ? Math.round(baseline.value * 10 ** currencyExponent(input.currency))
      : baseline.value;
  }
  for (const known of sameOrigin(input)) {
    const frozen = await store.baseline(known.id, segment);
    if (frozen) return frozen.value;
  }
  const fresh = poolOfficial(input, version.goal, baseline.periods);
  if (fresh) await store.saveBaseline(version.id, segment, fresh);
  return fresh?.value ?? null;
}

/** Another target does not move where the goal set out from: the version, and earlier ones that measure alike. */
function sameOrigin({ version, versions }: BaselineInput): readonly GoalVersion[] {
  const origin = originOf(version.goal);
  const earlier = versions.filter(
    (other) => other.version < version.version && originOf(other.goal) === origin,
  );
  return [version, ...earlier.toReversed()];
}

function originOf({ kpi, every, statistic, clock, baseline }: Goal): string {
  return JSON.stringify([kpi, every, statistic, clock, baseline]);
}

/** The last official periods as one: ratios and durations pooled, sums and states averaged per period. */
function poolOfficial(input: BaselineInput, goal: Goal, periods: number): FrozenBaseline | null {
  const { kpi, form, figures } = input;
  const official = [...figures.keys()].filter((place) => input.isOfficial(place)).slice(-periods);
  if (official.length < Math.min(fewestPeriods, periods)) return null;
  const chosen = official.filter((place) => {
    const figure = figures[place];
    return figure !== undefined && figureValue(figure, form, goal.statistic) !== null;
  });
  if (chosen.length === 0) return null;
  const pooled = input.pool(chosen);
  const averaged = form === 'sum' || (kpi.kind === 'snapshot' && form !== 'ratio');
  const value = figureValue(pooled, form, goal.statistic);
  return {
    num: pooled.num,
    den: averaged ? chosen.length : pooled.den,
    value: averaged && pooled.num !== null ? pooled.num / chosen.length : value,
    n: pooled.n,
    periods: chosen.length,
    from: input.periods[chosen[0] ?? 0]?.startOn ?? '',
    definitionVersion: kpi.version,
  };
}
