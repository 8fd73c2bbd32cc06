import type { FrozenBaseline, ResultStore } from '../model/result-store.ts';
import type { Handle } from './database.ts';

/** Baselines as they were frozen; the first one stays. */
export function createBaselineStore(handle: Handle): Pick<ResultStore, 'baseline' | 'saveBaseline'> {
  return {
    baseline: (goalVersionId, segmentKey) =>
      handle
        .prepare<unknown[], FrozenBaseline>(
          `SELECT num, den, value, n, periods, from_on AS "from", definition_version AS definitionVersion
           FROM baseline WHERE goal_version_id = ? AND segment = ?`,
        )
        .get(goalVersionId, segmentKey) ?? null,

    saveBaseline: (goalVersionId, segmentKey, frozen) =>
      void handle
        .prepare('INSERT OR IGNORE INTO baseline VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)')
        .run(
          goalVersionId,
          segmentKey,
          frozen.num,
          frozen.den,
          frozen.value,
          frozen.n,
          frozen.periods,
          frozen.from,
          frozen.definitionVersion,
        ),
  };
}
