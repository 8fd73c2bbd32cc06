import type { FactStore } from '../model/fact-store.ts';
import type { Zone } from '../model/zone.ts';

/** CRMs' clocks are not ours: what bears a stamp of the next minutes is no later than now. */
const presentMs = 600_000;

interface StandingStore<S> extends Disposable {
  readonly store: S;
  /** It shows records otherwise than they are now. */
  readonly isPast: boolean;
}

interface Standpoint {
  /** First instant that no longer counts. */
  readonly asOf: number;
  readonly zone: Zone;
  /** Where it is told, an instant close to it is the present. */
  readonly now?: number;
}

/** The store as of an instant. */
export async function storeAt<S extends FactStore>(
  store: S,
  { asOf, zone, now }: Standpoint,
): Promise<StandingStore<S>> {
  const isPresent = now !== undefined && asOf > now - presentMs;
  const view = isPresent ? null : await store.pastView(asOf, zone);
  if (view === null) return { store, isPast: false, [Symbol.dispose]: () => {} };
  const { rows, checkQuery, actors } = view;
  const pastView: S['pastView'] = (at, of) => (at === asOf ? null : store.pastView(at, of));
  return {
    store: { ...store, rows, checkQuery, actors, pastView },
    isPast: true,
    [Symbol.dispose]: () => view[Symbol.dispose](),
  };
}
