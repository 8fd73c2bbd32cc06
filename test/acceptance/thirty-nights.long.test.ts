import { describe, expect, it } from 'vitest';
import type { Fault } from '../../src/sandbox/server.ts';
import { type Crm, crms } from './crms.ts';
import { nightly, nightsFrom, openWorld, recordsOf, runAt, storeOf, type World, workDay } from './nights.ts';
import { differences } from './store-dump.ts';

/** Deals of the company; the default sandbox has 3000. */
const size = Number(process.env.NIGHTS_SIZE ?? 60);
/** Around both changes of the clocks, and a winter between in which the machine was off. */
const half = Number(process.env.NIGHTS ?? 30) / 2;
const nights = [...nightsFrom('2026-10-22', half, nightly), ...nightsFrom('2027-03-26', half, nightly)];

const limited = { salesforce: 403, hubspot: 429 } as const;
const spent = {
  salesforce: [{ errorCode: 'REQUEST_LIMIT_EXCEEDED', message: 'TotalRequests Limit exceeded.' }],
  hubspot: { errorType: 'RATE_LIMIT', policyName: 'DAILY', message: 'You have reached your daily limit.' },
} as const;

/** The `nth` request from now on, and `times` more. */
function nthRequest(nth: number, times: number, act: Fault['act']): Fault {
  let seen = 0;
  return { matches: () => seen++ >= nth, times, act };
}

/** What befalls a night; each ends with a run that is left alone, but for a night that is lost as a whole. */
const troubles: readonly ((world: World, night: number) => Promise<'again' | 'done' | 'lost'>)[] = [
  async (world, night) => {
    world.sandbox.faults.push(nthRequest(9, 3, { status: 503, body: 'later' }));
    return (await runAt(world, night)).code === 0 ? 'done' : 'again';
  },
  async (world, night) => {
    world.sandbox.faults.push(nthRequest(20, 2, 'reset'), nthRequest(31, 1, 'truncate'));
    return (await runAt(world, night)).code === 0 ? 'done' : 'again';
  },
  async (world, night) => {
    await runAt(world, night, { end: { signal: 'SIGKILL', afterMs: 700 + world.chance.next() * 900 } });
    return 'again';
  },
  async (world, night) => {
    if ('expireTokens' in world.sandbox && typeof world.sandbox.expireTokens === 'function') {
      const { sandbox } = world;
      let seen = 0;
      const expire = Object(sandbox).expireTokens;
      const matches = () => {
        if (++seen === 15) expire();
        return false;
      };
      sandbox.faults.push({ matches, times: 1, act: 'reset' });
    } else
      world.sandbox.faults.push(
        nthRequest(15, 1, { status: 401, body: { category: 'EXPIRED_AUTHENTICATION' } }),
      );
    return (await runAt(world, night)).code === 0 ? 'done' : 'again';
  },
  async (world, night) => {
    const { name } = world.crm;
    world.sandbox.faults.push(nthRequest(30, 1_000, { status: limited[name], body: spent[name] }));
    expect((await runAt(world, night)).code).toBeGreaterThan(1);
    return 'again';
  },
  async (world, night) => {
    await runAt(world, night, { end: { signal: 'SIGTERM', afterMs: 700 + world.chance.next() * 900 } });
    return 'again';
  },
  async (world, night) => {
    world.sandbox.faults.push(nthRequest(0, 10_000, { status: 503, body: 'down' }));
    expect((await runAt(world, night)).code).toBe(3);
    return 'lost';
  },
];

const isQuiet = (index: number) => index % 5 === 4;

async function live(world: World, disturbed: boolean): Promise<readonly number[]> {
  const first = nights[0] ?? 0;
  expect((await runAt(world, first - 3_600_000, { args: ['install', 'crm'] })).code).toBe(0);
  const quietCalls: number[] = [];
  for (const [index, night] of nights.entries()) {
    if (!isQuiet(index)) workDay(world, night);
    const trouble = disturbed && !isQuiet(index) ? troubles[index % troubles.length] : null;
    const outcome = trouble ? await trouble(world, night) : 'again';
    world.sandbox.faults.length = 0;
    if (outcome !== 'again') continue;
    const { code, calls, stdout } = await runAt(world, night);
    expect(code, `night ${index}: ${stdout.slice(-1500)}`).toBe(0);
    if (isQuiet(index)) quietCalls.push(calls);
  }
  return quietCalls;
}

async function simulate(crm: Crm): Promise<string> {
  const from = (nights[0] ?? 0) - 86_400_000;
  await using ideal = await openWorld(crm, { size, from });
  await using real = await openWorld(crm, { size, from });
  const [quiet] = await Promise.all([live(ideal, false), live(real, true)]);
  expect(differences(storeOf(ideal), storeOf(real))).toEqual([]);
  expect(differences(recordsOf(ideal), recordsOf(real))).toEqual([]);
  expect(recordsOf(real).records?.length).toBeGreaterThan(10);
  return `${crm.name}: ${nights.length} nights; calls of quiet nights: ${quiet.join(', ')}`;
}

describe.each(crms)('thirty nights of $name with outages, restarts, quotas and both clock changes', (crm) => {
  it('end with the store and the CRM of thirty undisturbed ones', { timeout: 1_800_000 }, async () => {
    process.stderr.write(`${await simulate(crm)}\n`);
  });
});
