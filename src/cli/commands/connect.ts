import { randomBytes } from 'node:crypto';
import type { SignedIn, SignIn } from '../../model/connector.ts';
import { RunError } from '../../model/errors.ts';
import { openBrowser } from '../browser.ts';
import type { CommandContext, ExitCode } from '../context.ts';
import { waitForPaste } from '../pasted-answer.ts';
import { type RedirectServer, redirectUriOf, startRedirectServer } from '../redirect-server.ts';
import { chooseConnections, openWorkspace, type WorkspaceConnection } from '../wire.ts';

type Options = Readonly<Record<string, unknown>>;

export async function run(
  context: CommandContext,
  names: readonly string[],
  options: Options,
): Promise<ExitCode> {
  await using workspace = await openWorkspace(context, { provisional: true });
  const [chosen] = chooseConnections(workspace, names);
  if (!chosen) return 2;
  const { keep, user } = await signIn(context, chosen, options);
  const tokens = await chosen.tokens();
  await tokens.exclusively(() => tokens.write(keep));
  await using connection = await chosen.open();
  const { id, name } = await connection.account();
  if (context.flags.json) {
    const account = { id, name };
    context.out(
      JSON.stringify({ connection: chosen.settings.name, connector: chosen.connector.id, user, account }),
    );
  } else {
    const who = user === null ? '' : ` as ${user}`;
    context.out(`Signed in to ${chosen.connector.title}${who}: ${name} (${id}).`);
    context.note(`The sign-in is kept, encrypted. Next: crm-kpi check ${chosen.settings.name}`);
  }
  return 0;
}

async function signIn(
  context: CommandContext,
  chosen: WorkspaceConnection,
  options: Options,
): Promise<SignedIn> {
  const state = randomBytes(24).toString('base64url');
  const verifier = randomBytes(48).toString('base64url');
  const begin = (redirectUri: string) => begun(chosen, { redirectUri, state, verifier });
  // The settings are tried before anything is opened.
  begin(redirectUriOf(Number(options.port)));
  requireWay(context, options, chosen.settings.name);
  await using server = options.paste === true ? null : await startRedirectServer(Number(options.port), state);
  const flow = begin(server?.redirectUri ?? redirectUriOf(Number(options.port)));
  await showAddress(context, { url: flow.url, server, options });
  const answer = await waitForAnswer(context, { server, state, seconds: Number(options.timeout) });
  return flow.finish(answer, { http: await chosen.http(), now: context.clock.now() });
}

function begun(chosen: WorkspaceConnection, round: Parameters<WorkspaceConnection['signIn']>[0]): SignIn {
  const flow = chosen.signIn(round);
  if (flow) return flow;
  throw new RunError('usage', {
    where: chosen.settings.name,
    message: `${chosen.connector.title} connections have no sign-in by browser.`,
    fix: `Nothing to connect; try it with crm-kpi check ${chosen.settings.name}`,
  });
}

/** Without a terminal nobody would see the address, and a nightly job must not wait for a person. */
function requireWay(context: CommandContext, options: Options, name: string): void {
  if (options.paste === true || options.browser === false || context.terminal.input) return;
  throw new RunError('usage', {
    where: `connect ${name}`,
    message: 'Signing in takes a person with a browser, and there is no terminal here.',
    fix: `Run it in a terminal; or with --paste to give the redirected address on standard input, or --no-browser to wait for the redirect.`,
  });
}

interface Shown {
  readonly url: string;
  readonly server: RedirectServer | null;
  readonly options: Options;
}

async function showAddress(context: CommandContext, { url, server, options }: Shown): Promise<void> {
  const redirectUri = new URL(url).searchParams.get('redirect_uri');
  tell(`The app in the CRM must list this callback (redirect) URL, exactly so:\n  ${redirectUri}`);
  const opened = server !== null && options.browser !== false && (await openBrowser(url, context.env));
  tell(`${opened ? 'Your browser opens; if not, sign in at' : 'Sign in at'}:\n  ${url}`);
  if (server === null)
    tell('The browser ends on a page that does not load. Copy its whole address and paste it here:');
  else if (context.terminal.input)
    tell('No browser on this machine? Sign in elsewhere and paste the address where it ends here.');
}

/** Not data, and needed even with --quiet. */
function tell(text: string): void {
  process.stderr.write(`${text}\n`);
}

interface Awaited {
  readonly server: RedirectServer | null;
  readonly state: string;
  readonly seconds: number;
}

/** The redirect or the pasted address, whichever comes first. */
async function waitForAnswer(
  context: CommandContext,
  { server, state, seconds }: Awaited,
): Promise<URLSearchParams> {
  const limit = AbortSignal.timeout(seconds * 1000);
  const done = new AbortController();
  const stopped = new Promise<never>((_, reject) => {
    const stop = () => reject(context.signal.aborted ? context.signal.reason : tooLate(seconds));
    for (const end of [context.signal, limit]) end.addEventListener('abort', stop, { once: true });
  });
  const ways: Promise<URLSearchParams>[] = [stopped];
  if (server) ways.push(server.answer);
  if (server === null || context.terminal.input) {
    const signal = AbortSignal.any([context.signal, limit, done.signal]);
    ways.push(waitForPaste({ input: process.stdin, state, tell, signal }));
  }
  try {
    return await Promise.race(ways);
  } finally {
    done.abort();
  }
}

function tooLate(seconds: number): RunError {
  return new RunError('auth', {
    where: 'connect',
    message: `Nobody signed in within ${seconds} seconds.`,
    fix: 'Run it again; --timeout gives more time. Nothing was stored.',
  });
}
