import type { Connection, Outcome } from '../../src/model/connector.ts';
import type { Result, ResultChange } from '../../src/model/result.ts';
import type { Store } from '../../src/model/store.ts';
import { type PublishOptions, publish } from '../../src/publish/publish.ts';
import { resultOf } from '../model/samples.ts';
import { settingsOf, winRate } from './samples.ts';

const quiet = { debug() {}, info() {}, warn() {}, error() {} };
export const asOf = Date.UTC(2026, 3, 15);

/** Evaluates the given results, and nothing else. */
export async function evaluate(store: Store, results: readonly Partial<Result>[], at = asOf): Promise<void> {
  const id = await store.beginEvaluation(at, 1);
  const rows = results.map((row) => ({
    ...resultOf({ ...row, asOf: at }),
    inputHash: 'h',
    supersedes: null,
    current: true,
  }));
  await store.appendResults(id, rows);
  await store.finishEvaluation(id, 2);
}

export type Answer = (change: ResultChange) => Outcome | Promise<Outcome>;

export const accept: Answer = ({ key }) => ({ key, ok: true, remoteId: `remote ${key}` });

/** A CRM that takes down what is written to it. */
export function makeCrm(name: string, answer: Answer = accept) {
  const seen: ResultChange[] = [];
  const crm = { name, seen, answer, open: async () => connection };
  const connection: Connection = {
    account: async () => ({ id: name, name, currency: null, timeZone: null }),
    async *check() {},
    streams: async () => [],
    async *read() {},
    async *publish(changes) {
      for (const change of changes) {
        seen.push(change);
        yield await crm.answer(change);
      }
    },
    [Symbol.asyncDispose]: async () => {},
  };
  return crm;
}

export const write = (
  store: Store,
  targets: PublishOptions['targets'],
  changed: Partial<PublishOptions> = {},
) =>
  publish({
    store,
    settings: settingsOf(),
    catalog: [winRate],
    targets,
    asOf,
    dryRun: false,
    clock: { now: () => asOf },
    log: quiet,
    signal: new AbortController().signal,
    hash: (text) => text,
    onProgress: () => {},
    ...changed,
  });

export const month = (number: number, changed: Partial<Result> = {}): Partial<Result> => ({
  periodStart: `2026-0${number}-01`,
  periodEnd: `2026-0${number + 1}-01`,
  periodLabel: `2026-0${number}`,
  ...changed,
});

export const keyOf = (number: number, segment = 'company') =>
  `win_rate|2026-0${number}|${segment}|win_rate.month`;
export const told = (seen: readonly ResultChange[]) =>
  seen.filter(({ key }) => key !== '_status').map(({ change, key }) => `${change} ${key}`);
