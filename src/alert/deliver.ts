import type { Clock, Log } from '../model/connector.ts';
import { RunError } from '../model/errors.ts';
import type { Language } from '../model/kpi.ts';
import type { AlertMessage, AlertTarget, OperationsStore } from '../model/operations.ts';
import { compose } from './compose.ts';
import { type SendTools, sendMessage } from './send.ts';

export interface DeliverOptions {
  readonly store: Pick<OperationsStore, 'alertMessages' | 'removeAlertMessages' | 'noteFailedDelivery'>;
  readonly targets: readonly AlertTarget[];
  readonly language: Language;
  readonly tools: SendTools;
  readonly clock: Clock;
  readonly log: Log;
  /** Try those again, too, that failed a moment ago. */
  readonly insist: boolean;
}

/** Sends what waits, all of one receiver in one message; what cannot be delivered stays. */
export async function deliverMessages(options: DeliverOptions): Promise<void> {
  const { store, targets, clock } = options;
  const messages = await store.alertMessages();
  const byTarget = Map.groupBy(messages, ({ target }) => target);
  for (const [name, waiting] of byTarget) {
    const target = targets.find((one) => one.name === name);
    if (!target) await store.removeAlertMessages(waiting.map(({ id }) => id));
    else
      await deliverTo(
        target,
        waiting.filter((message) => isDue(message, clock.now(), options)),
        options,
      );
  }
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
  target: AlertTarget,
  messages: readonly AlertMessage[],
  { store, language, tools, clock, log }: DeliverOptions,
): Promise<void> {
  if (messages.length === 0) return;
  const ids = messages.map(({ id }) => id);
  try {
    await sendMessage(target.channel, compose(messages, { language, now: clock.now() }), tools);
  } catch (error) {
    if (!(error instanceof RunError)) throw error;
    log.warn({ target: target.name, kind: error.kind, message: error.message }, 'alert.not_delivered');
    await store.noteFailedDelivery(ids, `${error.message} ${error.fix}`, clock.now());
    return;
  }
  await store.removeAlertMessages(ids);
  log.info({ target: target.name, notices: ids.length }, 'alert.delivered');
}
