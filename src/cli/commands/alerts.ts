import { compose, testNotice } from '../../alert/compose.ts';
import { sendMessage } from '../../alert/send.ts';
import { RunError, worstExitCode } from '../../model/errors.ts';
import type { AlertTarget } from '../../model/operations.ts';
import { reviewAlerts } from '../after-job.ts';
import type { CommandContext, ExitCode } from '../context.ts';
import { readSettings } from '../read-settings.ts';
import { describeFailure, formatFailure } from '../report-failure.ts';
import { composeReport } from '../send-report.ts';
import { openWorkspace } from '../wire.ts';

export async function run(
  context: CommandContext,
  [action = '']: readonly string[],
  options: Readonly<Record<string, unknown>>,
): Promise<ExitCode> {
  if (action === 'test') return testTargets(context, options.to);
  if (action === 'send') return sendWaiting(context);
  throw new RunError('usage', {
    where: action,
    message: '`alerts` does nothing of that name.',
    fix: 'Use `crm-kpi alerts test` or `crm-kpi alerts send`.',
  });
}

/** Sends a test at once, quiet hours or not. */
async function testTargets(context: CommandContext, to: unknown): Promise<ExitCode> {
  const { settings } = await readSettings(context);
  const targets = chooseTargets(settings.alerts, to);
  const errors: unknown[] = [];
  const sent: { name: string; kind: string; ok: boolean; problem: string | null }[] = [];
  for (const { name, channel } of targets) {
    const now = context.clock.now();
    const { language } = settings;
    const message = compose([testNotice(now, language)], { language, now });
    const error = await tryToSend(() => sendMessage(channel, message, { fetch }));
    if (error) errors.push(error);
    sent.push({ name, kind: channel.kind, ok: error === null, problem: error?.message ?? null });
    if (context.flags.json) continue;
    if (error) process.stderr.write(`${name}: ${formatFailure(describeFailure(error))}\n`);
    else context.out(`${name}: a test was sent.`);
  }
  if (context.flags.json) context.out(JSON.stringify(sent));
  return worstExitCode(errors);
}

async function tryToSend(send: () => Promise<void>): Promise<RunError | null> {
  try {
    await send();
    return null;
  } catch (error) {
    if (error instanceof RunError) return error;
    throw error;
  }
}

function chooseTargets(targets: readonly AlertTarget[], to: unknown): readonly AlertTarget[] {
  const chosen = to === undefined ? targets : targets.filter(({ name }) => name === to);
  if (chosen.length > 0) return chosen;
  const known = targets.map(({ name }) => name).join(', ');
  throw new RunError(to === undefined ? 'config' : 'usage', {
    where: to === undefined ? 'alerts' : String(to),
    message: to === undefined ? 'The settings name nobody to alert.' : 'There is no alert of that name.',
    fix:
      known === ''
        ? 'Add for example\n  alerts:\n    - { on: [failure], slack: "$' + '{SLACK_WEBHOOK_URL}" }'
        : `Use one of: ${known}.`,
  });
}

/** For those whose jobs another scheduler starts: messages that waited for the end of quiet hours or for a digest. */
async function sendWaiting(context: CommandContext): Promise<ExitCode> {
  await using workspace = await openWorkspace(context);
  const { settings, store, log, catalog } = workspace;
  await reviewAlerts({
    ...{ settings, store, log, catalog, clock: context.clock, insist: true },
    makeReport: (saved) => composeReport(context, workspace, saved),
  });
  const left = await store.alertMessages();
  const failed = left.filter(
    ({ problem, notBefore }) => problem !== null && notBefore <= context.clock.now(),
  );
  if (context.flags.json)
    context.out(JSON.stringify({ waiting: left.length - failed.length, undelivered: failed.length }));
  else
    context.out(
      `${left.length - failed.length} messages wait for their time, ${failed.length} could not be delivered.`,
    );
  return failed.length > 0 ? 3 : 0;
}
