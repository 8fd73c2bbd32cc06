import type { Computed } from './computation.ts';
import type { Desk } from './desk.ts';
import type { SegmentKey } from './segments.ts';

/** What each segment of a kind contributes to the company's value. */
export function weightsOf(
  { segments, figureAt, form }: Computed,
  kind: string,
  { grain, place }: { readonly grain: number; readonly place: number },
): ReadonlyMap<string, number> {
  const weights = new Map<string, number>();
  for (const key of segments.values()) {
    if (key.kind !== kind || key.id === null) continue;
    const figure = figureAt(key, grain, place);
    weights.set(key.id, form === 'ratio' ? (figure.den ?? 0) : figure.n);
  }
  return weights;
}

/** Of a person: the local day on which they came to the CRM. */
export function hiredOn(
  { actors, zone }: Pick<Desk, 'actors' | 'zone'>,
  { kind, id, source }: SegmentKey,
): string | null {
  if (kind !== 'owner') return null;
  const createdAt = actors.find((actor) => actor.id === id && actor.source === source)?.createdAt ?? null;
  return createdAt === null ? null : zone.dateOf(createdAt);
}
