import type { Handle } from './database.ts';
import type { StateRules } from './derive-states.ts';

interface StageRow {
  readonly source_id: string;
  readonly pipeline: string | null;
  readonly key: string;
  readonly is_closed: number;
  readonly is_won: number | null;
}

/**
 * Looks up whether a stage is open, won, lost or closed; by key alone where the pipeline does not name it. Stages that
 * the CRM no longer has count: history still names them.
 */
export function createOutcomes(handle: Handle, object: string, stageField: string): StateRules['outcomeOf'] {
  const rows = handle
    .prepare<unknown[], StageRow>(
      `SELECT source_id, pipeline, key, is_closed, is_won FROM stage
       WHERE object = ? AND is_closed IS NOT NULL ORDER BY source_id, deleted_at IS NOT NULL, id`,
    )
    .all(object);
  const outcomes = new Map<string, string>();
  for (const { source_id, pipeline, key, is_closed, is_won } of rows) {
    const closed = object === 'ticket' ? 'closed' : is_won === 1 ? 'won' : 'lost';
    const outcome = is_closed === 1 ? closed : 'open';
    for (const place of [
      [source_id, pipeline, key],
      [source_id, key],
    ].map((parts) => parts.join('\n')))
      if (!outcomes.has(place)) outcomes.set(place, outcome);
  }
  return (values, source) => {
    const key = values[stageField];
    return (
      outcomes.get(`${source}\n${values.pipeline ?? ''}\n${key}`) ?? outcomes.get(`${source}\n${key}`) ?? null
    );
  };
}
