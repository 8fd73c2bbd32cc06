import { join } from 'node:path';
import { hubspot } from '../../connectors/hubspot/index.ts';
import { sync } from '../../src/sync/sync.ts';
import { openTempStore } from '../store/temp-store.ts';
import { atMost, type Bench, told, whole } from './bench.ts';
import { here, startApart } from './child.ts';
import { createCounter, openPortal } from './hubspot.ts';

const perTenSeconds = 100;

/** Under HubSpot's real limits the limit alone decides. */
export const limits: Bench = {
  name: 'limits',
  about: 'a first load of deals and activities under the limits of a HubSpot starter account',
  async *run(env) {
    const deals = env.size('limited', 6_000);
    const bin = join(here, '../../src/cli/crm-kpi.cjs');
    using portal = await startApart([
      bin,
      'sandbox',
      'hubspot',
      '--size',
      String(deals),
      '--seed',
      '7',
      '--tier',
      'starter',
    ]);
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
    // The first window may be spent at once; after it, as many in each ten seconds.
    const dictated = (((calls.general ?? 0) - perTenSeconds) / perTenSeconds) * 10;
    const rows = streams.reduce((sum, stream) => sum + stream.rows, 0);
    const ours = `${tookSeconds.toFixed(1)} s`;
    const against = `dictated by the calls: ${dictated.toFixed(1)} s`;
    yield atMost(
      { what: `${whole(deals)} deals, ${whole(rows)} rows`, ours, against, ratio: tookSeconds / dictated },
      1.1,
    );
    const met = seen.refused === 0;
    yield { what: 'refused calls', ours: String(seen.refused), against: null, ratio: null, goal: '0', met };
    yield told(
      'calls',
      Object.entries(calls)
        .map(([bucket, count]) => `${bucket} ${count}`)
        .join(', '),
    );
  },
};
