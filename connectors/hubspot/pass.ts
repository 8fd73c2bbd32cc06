import type { LinkMemory } from './fetch.ts';
import type { MapContext } from './map.ts';
import type { ReadPlan } from './plan.ts';
import type { Session } from './session.ts';

/** The newest modification that reads have come across, epoch ms, and how many records bear it. */
export interface Watch {
  newest: number | null;
  rows: number;
}

/** One pass over one object: what every step of it needs. */
export interface Pass {
  readonly session: Session;
  readonly plan: ReadPlan;
  readonly context: MapContext;
  readonly memory: LinkMemory;
  readonly watch: Watch;
  /** Mapped properties whose absence has been looked into. */
  readonly checked: Set<string>;
  /** What the account's properties let it read. */
  readonly names: readonly string[] | undefined;
  readonly signal: AbortSignal;
}
