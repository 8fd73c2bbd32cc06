import type { AlertEvent, AlertTarget, NewAlertMessage, Notice, OpenAlert } from '../model/operations.ts';
import { whenToSend } from './when.ts';

export interface TurnFacts {
  /** As stored. */
  readonly open: readonly OpenAlert[];
  /** As it is now. */
  readonly found: readonly OpenAlert[];
  /** Keys of which nothing can be said now: they stay as they are. */
  readonly undecided: ReadonlySet<string>;
  readonly targets: readonly AlertTarget[];
  readonly now: number;
}

export interface Turn {
  readonly opened: readonly OpenAlert[];
  readonly closed: readonly string[];
  readonly messages: readonly NewAlertMessage[];
}

/** What has changed since the last look: each problem is told once when it begins, and once when it is over. */
export function planTurn({ open, found, undecided, targets, now }: TurnFacts): Turn {
  const known = new Set(open.map(({ key }) => key));
  const present = new Set(found.map(({ key }) => key));
  const opened = found.filter(({ key }) => !known.has(key));
  const over = open.filter(({ key }) => !present.has(key) && !undecided.has(key));
  const messages = [
    ...opened.flatMap(({ key, notice }) =>
      fileFor(targets.filter(wants(notice.events)), { key, notice, now }),
    ),
    ...over.flatMap(({ key, notice }) => {
      const recovered: Notice = { ...notice, state: 'recovered', fix: null };
      return fileFor(targets.filter(wantsRecovery(notice.events)), { key, notice: recovered, now });
    }),
  ];
  return { opened, closed: over.map(({ key }) => key), messages };
}

function wants(events: readonly AlertEvent[]) {
  return ({ on }: AlertTarget) => on.some((event) => events.includes(event));
}

/** Who asked for recoveries hears of those that concern the other events that they asked for; of all, if for nothing else. */
function wantsRecovery(events: readonly AlertEvent[]) {
  return ({ on }: AlertTarget) =>
    on.includes('recovery') &&
    (on.every((event) => event === 'recovery') || on.some((event) => events.includes(event)));
}

function fileFor(
  targets: readonly AlertTarget[],
  { key, notice, now }: { readonly key: string; readonly notice: Notice; readonly now: number },
): readonly NewAlertMessage[] {
  return targets.map((target) => ({ target: target.name, key, notice, notBefore: whenToSend(target, now) }));
}
