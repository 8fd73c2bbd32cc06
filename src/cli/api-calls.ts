import type { Clock } from '../model/connector.ts';
import { RunError } from '../model/errors.ts';
import type { RemotePolicy } from '../model/http.ts';
import type { Store } from '../model/store.ts';
import { addDays, createZone } from '../model/zone.ts';
import type { Workspace, WorkspaceConnection } from './wire.ts';

const dayMs = 86_400_000;

/** The day for which the CRM counts calls: `from`, and when it starts anew (null: it rolls). */
export interface LimitDay {
  readonly from: number;
  readonly resetsAt: number | null;
}

function limitDay(policy: RemotePolicy | null, accountZone: string | null, now: number): LimitDay {
  if (policy?.dailyReset !== 'account_midnight') return { from: now - dayMs, resetsAt: null };
  const zone = createZone(accountZone ?? 'UTC');
  const today = zone.dateOf(now);
  return { from: zone.startOf(today), resetsAt: zone.startOf(addDays(today, 1)) };
}

/** Calls of ours, by connection, that count for the present day of each limit. */
export async function readSpentCalls(
  store: Pick<Store, 'sources' | 'apiCallsSince'>,
  connections: readonly { readonly name: string; readonly policy: RemotePolicy | null }[],
  now: number,
): Promise<ReadonlyMap<string, number>> {
  const zones = new Map((await store.sources()).map(({ connection, timeZone }) => [connection, timeZone]));
  const spent = new Map<string, number>();
  for (const { name, policy } of connections) {
    const { from } = limitDay(policy, zones.get(name) ?? null, now);
    spent.set(name, await store.apiCallsSince(name, from));
  }
  return spent;
}

/** Keeps what each connection used in this run, with the CRM's own figures. */
export async function saveUsage({ store, connections }: Workspace, now: number): Promise<void> {
  const zones = new Map((await store.sources()).map(({ connection, timeZone }) => [connection, timeZone]));
  for (const { settings, connector, usage } of connections) {
    const used = usage();
    if (used.calls === 0) continue;
    const { resetsAt } = limitDay(connector.policy, zones.get(settings.name) ?? null, now);
    await store.saveApiUsage(settings.name, { ...used, resetsAt: used.resetsAt ?? resetsAt }, now);
  }
}

export interface CallLedger {
  /** Counts calls that are about to be made. */
  readonly tell: (connection: string, calls: number) => void;
  /** Takes back what was told and not made. */
  readonly settle: (connections: readonly Pick<WorkspaceConnection, 'settings' | 'usage'>[]) => Promise<void>;
}

/** Counts calls by the hour in the store, so that a day's budget holds over runs, killed ones too. */
export function createCallLedger(store: Pick<Store, 'addApiCalls'>, clock: Clock): CallLedger {
  const told = new Map<string, number>();
  const writes: unknown[] = [];
  const add = (connection: string, calls: number) => {
    told.set(connection, (told.get(connection) ?? 0) + calls);
    return store.addApiCalls(connection, calls, clock.now());
  };
  return {
    tell: (connection, calls) => void writes.push(add(connection, calls)),
    async settle(connections) {
      try {
        await Promise.all(writes);
        for (const { settings, usage } of connections) {
          const excess = (told.get(settings.name) ?? 0) - usage().calls;
          if (excess > 0) await add(settings.name, -excess);
        }
      } catch (error) {
        // A store that fails now has failed the command before, or only counts a few calls too many.
        if (!(error instanceof RunError)) throw error;
      }
    },
  };
}
