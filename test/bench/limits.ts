import { join } from 'node:path';
import { hubspot } from '../../connectors/hubspot/index.ts';
import { sync } from '../../src/sync/sync.ts';
import { openTempStore } from '../store/temp-store.ts';
import { atMost, type Bench, type Figure, told, whole } from './bench.ts';
import { here, startApart } from './child.ts';
import { createCounter, openPortal } from './hubspot.ts';

/** Requests in ten seconds that HubSpot grants an app, by tier. */
const tiers = { starter: 100, professional: 190 } as const;

/** Under HubSpot's real limits the limit alone decides. */
export const limits: Bench = {
  name: 'limits',
  about: 'a first load of deals and activities under the limits of HubSpot accounts',
  async *run(env) {
    const deals = env.size('limited', 20_000);
    for (const [tier, perTenSeconds] of Object.entries(tiers)) yield* load(deals, { tier, perTenSeconds });
  },
};

async function* load(
  deals: number,
  { tier, perTenSeconds }: { readonly tier: string; readonly perTenSeconds: number },
): AsyncGenerator<Figure> {
  const bin = join(here, '../../src/cli/crm-kpi.cjs');
  const flags = ['--size', String(deals), '--seed', '7', '--tier', tier];
  using portal = await startApart([bin, 'sandbox', 'hubspot', ...flags]);
  await using temp = await openTempStore();
  const { calls, seen, log } = createCounter();
  const { policy } = hubspot;
  const open = () => openPortal(portal, { log, objects: ['deals', 'activities'], policy });
  const begun = performance.now();
  const { errors, streams } = await sync({
    ...{ store: temp.store, connections: [{ name: 'crm', connector: 'hubspot', open }], runId: 1 },
    ...{ clock: { now: () => Date.now() }, log, signal: new AbortController().signal, full: false },
    ...{ changedSince: null, onProgress: () => {} },
  });
  if (errors.length > 0) throw errors[0];
  // Until the last answer: what is derived from the rows afterwards asks nothing of HubSpot.
  const tookSeconds = (seen.lastAt - begun) / 1000;
  // In a window that slides no call comes sooner than a window after the one that is so many before it.
  const dictated = Math.floor(((calls.general ?? 1) - 1) / perTenSeconds) * 10;
  const rows = streams.reduce((sum, stream) => sum + stream.rows, 0);
  const what = `${perTenSeconds} in 10 s: ${whole(deals)} deals, ${whole(rows)} rows`;
  const against = `dictated by the calls: ${dictated.toFixed(1)} s`;
  yield atMost({ what, ours: `${tookSeconds.toFixed(1)} s`, against, ratio: tookSeconds / dictated }, 1.1);
  const refused = {
    ours: String(seen.refused),
    against: null,
    ratio: null,
    goal: '0',
    met: seen.refused === 0,
  };
  yield { what: `${perTenSeconds} in 10 s: refused calls`, ...refused };
  const counts = Object.entries(calls).map(([bucket, count]) => `${bucket} ${count}`);
  yield told(`${perTenSeconds} in 10 s: calls`, counts.join(', '));
}
