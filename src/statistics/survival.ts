/** Survival after each distinct time at which something ended. */
export interface SurvivalStep {
  readonly time: number;
  readonly survival: number;
}

/** Kaplan-Meier estimate. `censored[i]`: the i-th is still open, its time is the age so far. */
export function kaplanMeierSteps(
  times: ArrayLike<number>,
  censored: ArrayLike<boolean | number>,
): SurvivalStep[] {
  const order = Array.from({ length: times.length }, (_, index) => index);
  order.sort((a, b) => (times[a] ?? 0) - (times[b] ?? 0));
  const steps: SurvivalStep[] = [];
  let survival = 1;
  for (let start = 0, end = 0; start < order.length; start = end) {
    const time = times[order[start] ?? 0] ?? 0;
    let ended = 0;
    for (; end < order.length && times[order[end] ?? 0] === time; end++) {
      if (!censored[order[end] ?? 0]) ended++;
    }
    if (ended === 0) continue;
    // Those still open at this very time count as at risk.
    survival *= 1 - ended / (order.length - start);
    steps.push({ time, survival });
  }
  return steps;
}

/** The first time by which half have ended, open ones kept as still running; null: not even half have. */
export function kaplanMeierMedian(
  times: ArrayLike<number>,
  censored: ArrayLike<boolean | number>,
): number | null {
  return survivalQuantile(kaplanMeierSteps(times, censored), 0.5);
}

/** The first time by which the share `q` has ended; null: not even that many have. */
export function survivalQuantile(steps: readonly SurvivalStep[], q: number): number | null {
  return steps.find(({ survival }) => survival <= 1 - q + 1e-12)?.time ?? null;
}
