import { expect, it } from 'vitest';
import { deliverMessages } from '../../src/alert/deliver.ts';
import type { AlertTarget, Notice } from '../../src/model/operations.ts';
import { keepLog } from '../remote/listen.ts';
import { openTempStore, type TempStore } from '../store/temp-store.ts';
import { listenHook } from './receivers.ts';

const minuteMs = 60_000;
const notice = (title: string): Notice => ({
  events: ['failure'],
  state: 'problem',
  title,
  message: 'It <broke> & fell.',
  fix: null,
  since: 0,
});

function webhook(url: string, kind: 'slack' | 'webhook' = 'webhook'): AlertTarget {
  const channel = kind === 'slack' ? { kind, url } : { kind, url, headers: {} };
  return { name: 'ops', on: ['failure'], channel, timeZone: 'UTC', quietHours: null, digestMinute: null };
}

async function file(temp: TempStore, ...messages: readonly (readonly [title: string, notBefore: number])[]) {
  await temp.store.turnAlerts({
    opened: [],
    closed: [],
    messages: messages.map(([title, notBefore]) => ({
      target: 'ops',
      key: title,
      notice: notice(title),
      notBefore,
    })),
  });
}

async function deliver(temp: TempStore, target: AlertTarget, { now = 0, insist = false } = {}) {
  await deliverMessages({
    ...{ store: temp.store, targets: [target], language: 'en', insist },
    ...{ tools: { fetch }, clock: { now: () => now }, log: keepLog().log },
  });
  return (await temp.store.alertMessages()).length;
}

it('what is due goes in one message; what waits for its time stays', async () => {
  await using temp = await openTempStore();
  await using hook = await listenHook();
  await file(temp, ['a', 0], ['b', 0], ['c', 5000]);
  expect(await deliver(temp, webhook(hook.url))).toBe(1);
  expect(hook.got.map(({ alerts }) => alerts?.map(({ title }) => title))).toEqual([['a', 'b']]);
  expect(await deliver(temp, webhook(hook.url), { now: 5000 })).toBe(0);
  expect(hook.got).toHaveLength(2);
});

it('one that was refused waits longer each time, unless a run insists', async () => {
  await using temp = await openTempStore();
  await using hook = await listenHook();
  hook.status = 503;
  await file(temp, ['a', 0]);
  await deliver(temp, webhook(hook.url), { now: 1 });
  expect(await temp.store.alertMessages()).toMatchObject([
    { attempts: 1, triedAt: 1, problem: expect.stringContaining('refused with status 503') },
  ]);
  hook.status = 200;
  expect(await deliver(temp, webhook(hook.url), { now: 1 + minuteMs })).toBe(1);
  expect(await deliver(temp, webhook(hook.url), { now: 1 + 2 * minuteMs })).toBe(0);
  await file(temp, ['b', 0]);
  hook.status = 404;
  await deliver(temp, webhook(hook.url), { now: 1 });
  hook.status = 200;
  expect(await deliver(temp, webhook(hook.url), { now: 2, insist: true })).toBe(0);
});

it('Slack gets its marks escaped', async () => {
  await using temp = await openTempStore();
  await using hook = await listenHook();
  await file(temp, ['a', 0]);
  await deliver(temp, webhook(hook.url, 'slack'));
  expect(hook.got[0]?.text).toContain('It &lt;broke&gt; &amp; fell.');
});

it('messages to somebody whom the settings no longer name are dropped', async () => {
  await using temp = await openTempStore();
  await file(temp, ['a', 0]);
  expect(await deliver(temp, { ...webhook('http://127.0.0.1:9/'), name: 'other' })).toBe(0);
});
