import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const bin = fileURLToPath(new URL('../../src/cli/crm-kpi.cjs', import.meta.url));

export interface Connecting {
  readonly child: ChildProcessWithoutNullStreams;
  /** The address that the person is told to open. */
  readonly url: URL;
  /** Until the program says this. */
  said(text: string): Promise<void>;
  readonly ended: Promise<{ readonly code: number | null; readonly stdout: string; readonly stderr: string }>;
}

/** `crm-kpi connect` as a process of its own, until it has told its address. */
export async function startConnect(
  folder: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Connecting> {
  // It ends by itself when a test forgets it.
  const child = spawn(process.execPath, [bin, 'connect', 'crm', '--timeout', '60', ...args], {
    cwd: folder,
    env: { PATH: process.env.PATH, ...env },
  });
  const text = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (chunk: string) => {
      text[name] += chunk;
    });
  }
  const ended = once(child, 'close').then(([code]) => ({ code: Number(code), ...text }));
  const said = async (wanted: string) => {
    while (!text.stderr.includes(wanted)) {
      const over = await Promise.race([once(child.stderr, 'data'), ended.then(() => 'over' as const)]);
      if (over === 'over' && !text.stderr.includes(wanted)) throw new Error(`never said: ${text.stderr}`);
    }
  };
  await said('code_challenge_method');
  await said('\n');
  const shown = /https?:\S*authorize\S*/.exec(text.stderr)?.[0] ?? '';
  return { child, url: new URL(shown), said, ended };
}

/** What a browser does at the CRM: the person agrees, and it learns where to go. */
export async function agree(url: URL): Promise<string> {
  const answer = await fetch(url, { redirect: 'manual' });
  const target = answer.headers.get('location');
  if (answer.status !== 302 || !target) throw new Error(`no redirect but ${answer.status}`);
  return target;
}

/** The answer of a person who does not agree. */
export function deny(url: URL): string {
  const target = new URL(url.searchParams.get('redirect_uri') ?? '');
  target.searchParams.set('error', 'access_denied');
  target.searchParams.set('error_description', 'end-user denied authorization');
  target.searchParams.set('state', url.searchParams.get('state') ?? '');
  return target.href;
}
