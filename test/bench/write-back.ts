import { join } from 'node:path';
import { salesforce } from '../../connectors/salesforce/index.ts';
import type { Connection } from '../../src/model/connector.ts';
import type { Result } from '../../src/model/result.ts';
import { resultSchema } from '../../src/publish/fields.ts';
import { openOrg, silentLog } from '../connectors/salesforce-org.ts';
import { evaluate, write } from '../publish/memory-crm.ts';
import { settingsOf } from '../publish/samples.ts';
import { openTempStore } from '../store/temp-store.ts';
import { type Bench, timeOf, told, whole } from './bench.ts';
import { here, type Running, startApart } from './child.ts';

const months = 24;
const evaluatedAt = Date.UTC(2026, 10, 15);

/** Results into a Salesforce org: only what changed travels. */
export const writeBack: Bench = {
  name: 'write-back',
  about: 'results written into a Salesforce org over HTTP',
  async *run(env) {
    const results = env.size('results', 20_000);
    const changed = 200;
    using org = await startApart([
      join(here, '../../src/cli/crm-kpi.cjs'),
      'sandbox',
      'salesforce',
      '--size',
      '20',
    ]);
    await install(org);
    await using temp = await openTempStore();
    const publish = { periods: months, segments: ['team'], kpis: 'goals' as const };
    const nights: readonly (readonly [what: string, changed: number])[] = [
      [`the first write-back of ${whole(results)} results`, 0],
      ['the next night, none changed', 0],
      [`the next night, ${changed} changed`, changed],
    ];
    for (const [number, [what, few]] of nights.entries()) {
      const at = evaluatedAt + number;
      await evaluate(temp.store, listResults(results, few), at);
      const counter = createCounter();
      const begun = performance.now();
      const { connections, errors } = await write(
        temp.store,
        [{ name: 'sales', open: () => open(org, counter) }],
        {
          settings: settingsOf({ publish }),
          asOf: at,
          clock: { now: () => at },
        },
      );
      if (errors.length > 0) throw errors[0];
      const ms = performance.now() - begun;
      yield told(
        what,
        timeOf(ms),
        `${counter.calls} calls, ${whole(connections[0]?.written ?? 0)} records written`,
      );
    }
  },
};

function createCounter() {
  const counter = { calls: 0, log: silentLog };
  const debug = (_: object, event?: string) => {
    if (event === 'http') counter.calls += 1;
  };
  counter.log = { ...silentLog, debug };
  return counter;
}

function open(org: Running, { log }: ReturnType<typeof createCounter>): Promise<Connection> {
  return openOrg(org, { auth: org.auth, budget: { log, policy: salesforce.policy } });
}

async function install(org: Running): Promise<void> {
  await using connection = await openOrg(org, { auth: org.auth });
  const plan = await connection.install?.(resultSchema('en'));
  for await (const step of plan?.apply() ?? [])
    if (step.problem) throw new Error(`${step.what}: ${step.problem}`);
}

/** Of teams, by month; the first few with other figures. */
function listResults(count: number, changed: number): Partial<Result>[] {
  return Array.from({ length: count }, (_, place) => {
    const month = place % months;
    const team = `T${Math.floor(place / months)}`;
    const num = place < changed ? 19 : 18;
    return {
      ...{
        periodStart: firstOf(month),
        periodEnd: firstOf(month - 1),
        periodLabel: firstOf(month).slice(0, 7),
      },
      ...{ num, value: num / 100, segment: { kind: 'team', id: team, name: team, source: 'sales' } },
    };
  });
}

/** First day of the month so many months before the last complete one. */
function firstOf(monthsBack: number): string {
  return new Date(Date.UTC(2026, 9 - monthsBack, 1)).toISOString().slice(0, 10);
}
