import { text } from 'node:stream/consumers';
import { RunError } from '../../model/errors.ts';
import { hashPassword } from '../../serve/password.ts';
import type { CommandContext, ExitCode } from '../context.ts';
import { choosePlace, requireCredentials, startDashboard } from '../dashboard.ts';
import { openWorkspace } from '../wire.ts';

type Options = Readonly<Record<string, unknown>>;

export async function run(
  context: CommandContext,
  _: readonly string[],
  options: Options,
): Promise<ExitCode> {
  if (options.hashPassword === true) return printHash(context);
  const workspace = await openWorkspace(context);
  // Opening has made or upgraded the store; from here on nothing holds it open for writing.
  await workspace[Symbol.asyncDispose]();
  const place = choosePlace(workspace.settings, {
    host: typeof options.host === 'string' ? options.host : null,
    port: typeof options.port === 'number' ? options.port : null,
  });
  requireCredentials(workspace, place);
  await using dashboard = await startDashboard(context, workspace, place);
  if (context.flags.json) context.out(JSON.stringify({ url: dashboard.url }));
  else context.out(`The dashboard is at ${dashboard.url} (Ctrl+C ends it).`);
  await untilStopped(context.signal);
  return 0;
}

/** Signals end the dashboard as planned: that is no failure. */
export function untilStopped(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}

const shortestPassword = 10;

/** Read from stdin, so that it stands in no list of processes and no history of commands. */
async function printHash({ terminal, note, out }: CommandContext): Promise<ExitCode> {
  if (terminal.input) note('Type the password, then Enter and Ctrl+D. It is shown as you type.');
  const password = (await text(process.stdin)).replace(/\r?\n$/, '');
  if (password.length < shortestPassword) {
    throw new RunError('usage', {
      where: 'serve --hash-password',
      message: `The password has fewer than ${shortestPassword} characters.`,
      fix: "Give a longer one on stdin: printf %s 'a long password' | crm-kpi serve --hash-password",
    });
  }
  out(await hashPassword(password));
  return 0;
}
