import type { StateSpan } from './derive-states.ts';

/** A stay in an open stage. */
export interface StageVisit {
  readonly enteredAt: number;
  /** null: still there */
  readonly leftAt: number | null;
  /** When the deal next reached a higher stage of the pipeline, or was won; skipped stages do not matter. */
  readonly passedAt: number | null;
  readonly pipeline: string | null;
  readonly stage: string;
  /** null: a stage that the CRM does not list */
  readonly position: number | null;
  readonly ownerId: string | null;
  /** Concluded from dates alone: its length means nothing. */
  readonly inferred: boolean;
}

export type PositionOf = (pipeline: string | null, stage: string) => number | null;

/** The visits of one deal, oldest first, of its states in order. */
export function listVisits(spans: readonly StateSpan[], positionOf: PositionOf): readonly StageVisit[] {
  const visits = joinSpans(spans, positionOf);
  const wonAt = spans.filter(({ values }) => values.outcome === 'won').map(({ from }) => from);
  return visits.map((visit) => ({ ...visit, passedAt: passingOf(visit, visits, wonAt) }));
}

type Visit = Omit<StageVisit, 'passedAt'>;

function joinSpans(spans: readonly StateSpan[], positionOf: PositionOf): readonly Visit[] {
  const visits: Visit[] = [];
  for (const { from, to, values, inferred } of spans) {
    if (values.outcome !== 'open' || values.stage === null || values.stage === undefined) continue;
    const stage = String(values.stage);
    const pipeline = textOf(values.pipeline);
    const last = visits.at(-1);
    if (last && last.leftAt === from && last.stage === stage && last.pipeline === pipeline) {
      visits[visits.length - 1] = { ...last, leftAt: to };
      continue;
    }
    const position = positionOf(pipeline, stage);
    const ownerId = textOf(values.owner_id);
    visits.push({ enteredAt: from, leftAt: to, pipeline, stage, position, ownerId, inferred });
  }
  return visits;
}

function textOf(value: unknown): string | null {
  return value === null || value === undefined ? null : String(value);
}

function passingOf(visit: Visit, visits: readonly Visit[], wonAt: readonly number[]): number | null {
  const { enteredAt, position, pipeline } = visit;
  const higher = visits.filter(
    (other) =>
      other.enteredAt > enteredAt &&
      other.pipeline === pipeline &&
      position !== null &&
      other.position !== null &&
      other.position > position,
  );
  const moments = [...higher.map((other) => other.enteredAt), ...wonAt.filter((at) => at > enteredAt)];
  return moments.length > 0 ? Math.min(...moments) : null;
}

/** Since when the text of the next step has stood in each state; null where its history is not told. */
export function datedNextSteps(spans: readonly StateSpan[], told: boolean): readonly (number | null)[] {
  let since: number | null = null;
  let text: unknown;
  return spans.map(({ from, values }) => {
    if (values.next_step !== text || since === null) since = from;
    text = values.next_step;
    return told && values.next_step !== null ? since : null;
  });
}
