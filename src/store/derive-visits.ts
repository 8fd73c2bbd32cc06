import type { Handle } from './database.ts';
import type { StateSpan } from './derive-states.ts';
import { listVisits, type PositionOf } from './stage-visits.ts';

interface DealSpans {
  readonly source: string;
  readonly id: string;
  readonly spans: readonly StateSpan[];
}

/** Replaces the stage visits of one deal by those of its states. */
export function prepareVisits(handle: Handle): (deal: DealSpans) => void {
  const positions = loadPositions(handle);
  const clear = handle.prepare('DELETE FROM stage_visit WHERE source_id = ? AND id = ?');
  const insert = handle.prepare('INSERT INTO stage_visit VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)');
  return ({ source, id, spans }) => {
    clear.run(source, id);
    for (const visit of listVisits(spans, positions(source))) {
      const { enteredAt, leftAt, passedAt, pipeline, stage, position, ownerId, inferred } = visit;
      const place = [pipeline, stage, position, ownerId];
      insert.run(source, id, enteredAt, leftAt, passedAt, ...place, inferred ? 1 : 0);
    }
  };
}

interface StageRow {
  readonly source_id: string;
  readonly pipeline: string | null;
  readonly key: string;
  readonly position: number;
}

/** By pipeline and key; by key alone where no pipeline has it, as in a CRM that keeps one list for all. */
function loadPositions(handle: Handle): (source: string) => PositionOf {
  const rows = handle
    .prepare<unknown[], StageRow>(
      `SELECT source_id, pipeline, key, position FROM stage
       WHERE object = 'deal' AND key IS NOT NULL AND position IS NOT NULL
       ORDER BY source_id, deleted_at IS NOT NULL, id`,
    )
    .all();
  const known = new Map<string, number>();
  for (const { source_id, pipeline, key, position } of rows) {
    for (const place of [`${source_id}\n${pipeline ?? ''}\n${key}`, `${source_id}\n\n${key}`])
      if (!known.has(place)) known.set(place, position);
  }
  return (source) => (pipeline, stage) =>
    known.get(`${source}\n${pipeline ?? ''}\n${stage}`) ?? known.get(`${source}\n\n${stage}`) ?? null;
}
