import type { Clock, Log } from '../model/connector.ts';
import { RunError } from '../model/errors.ts';
import type { Language } from '../model/kpi.ts';
import type { AlertMessage, MessageTarget, OperationsStore } from '../model/operations.ts';
import { type Composed, compose } from './compose.ts';
import { type SendTools, sendMessage } from './send.ts';

export interface DeliverOptions {
  readonly store: Pick<OperationsStore, 'alertMessages' | 'removeAlertMessages' | 'noteFailedDelivery'>;
  readonly targets: readonly MessageTarget[];
  /** By the name of a target that gets a report: makes it, as it is now. */
  readonly reports?: ReadonlyMap<string, () => Promise<Composed>>;
  readonly language: Language;
  readonly tools: SendTools;
  readonly clock: Clock;
  readonly log: Log;
  /** Try those again, too, that failed a moment ago. */
  readonly insist: boolean;
}

/** A message that stays for another try. */
export interface Undelivered {
  readonly target: string;
  readonly error: RunError;
}

/** Sends what waits, all of one receiver in one message; what cannot be delivered stays. */
export async function deliverMessages(options: DeliverOptions): Promise<readonly Undelivered[]> {
  const { store, targets, clock } = options;
  const messages = await store.alertMessages();
  const undelivered: Undelivered[] = [];
  const byTarget = Map.groupBy(messages, ({ target }) => target);
  for (const [name, waiting] of byTarget) {
    const target = targets.find((one) => one.name === name);
    if (!target) {
      await store.removeAlertMessages(waiting.map(({ id }) => id));
      continue;
    }
    const due = waiting.filter((message) => isDue(message, clock.now(), options));
    const error = await deliverTo(target, due, options);
    if (error) undelivered.push({ target: name, error });
  }
  return undelivered;
}

const minuteMs = 60_000;
const longestPauseMinutes = 60;

function isDue(
  { notBefore, triedAt, attempts }: AlertMessage,
  now: number,
  { insist }: DeliverOptions,
): boolean {
  if (notBefore > now) return false;
  if (insist || triedAt === null) return true;
  return now - triedAt >= Math.min(longestPauseMinutes, 2 ** attempts) * minuteMs;
}

async function deliverTo(
  target: MessageTarget,
  messages: readonly AlertMessage[],
  { store, language, tools, clock, log, reports }: DeliverOptions,
): Promise<RunError | null> {
  if (messages.length === 0) return null;
  const ids = messages.map(({ id }) => id);
  try {
    const report = reports?.get(target.name);
    const message = report ? await report() : compose(messages, { language, now: clock.now() });
    await sendMessage(target.channel, message, tools);
  } catch (error) {
    if (!(error instanceof RunError)) throw error;
    log.warn({ target: target.name, kind: error.kind, message: error.message }, 'alert.not_delivered');
    await store.noteFailedDelivery(ids, `${error.message} ${error.fix}`, clock.now());
    return error;
  }
  await store.removeAlertMessages(ids);
  log.info({ target: target.name, notices: ids.length }, 'alert.delivered');
  return null;
}
