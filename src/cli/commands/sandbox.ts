import { resolve } from 'node:path';
import { connectors } from '../../../connectors/index.ts';
import { RunError } from '../../model/errors.ts';
import { createZone } from '../../model/zone.ts';
import type { Sandbox, SandboxOptions } from '../../sandbox/sandbox.ts';
import type { CommandContext, ExitCode } from '../context.ts';
import { parseInstant } from '../instant.ts';

export async function run(
  context: CommandContext,
  [id = '']: readonly string[],
  options: Readonly<Record<string, unknown>>,
): Promise<ExitCode> {
  const entry = connectors[id];
  if (!entry?.loadSandbox) {
    const known = Object.keys(connectors).filter((name) => connectors[name]?.loadSandbox);
    throw new RunError('usage', {
      where: id,
      message: 'There is no sandbox of that name.',
      fix: `Use one of: ${known.join(', ')}.`,
    });
  }
  const start = await entry.loadSandbox();
  await using sandbox = await start(readOptions(context, options));
  context.out(JSON.stringify({ connector: sandbox.connector, url: sandbox.url, auth: sandbox.auth }));
  await new Promise<void>((stop) => {
    if (context.signal.aborted) stop();
    context.signal.addEventListener('abort', () => stop(), { once: true });
  });
  return 0;
}

/** A made-up company that is there until it is disposed of. */
export async function startSandbox(
  id: string,
  context: CommandContext,
  options: Readonly<Record<string, unknown>>,
): Promise<Sandbox> {
  const start = await connectors[id]?.loadSandbox?.();
  if (!start) throw new Error(`no sandbox ${id}`);
  return start(readOptions(context, { ...options, port: 0 }));
}

function readOptions(context: CommandContext, options: Readonly<Record<string, unknown>>): SandboxOptions {
  const text = (name: string) => (typeof options[name] === 'string' ? options[name] : null);
  const without = options.without;
  const timeZone = text('timeZone') ?? 'Europe/Madrid';
  requireZone(timeZone);
  const data = text('data');
  return {
    port: Number(options.port),
    data: data === null ? null : resolve(context.cwd, data),
    seed: Number(options.seed),
    size: Number(options.size),
    now: readNow(text('now'), context),
    currency: text('currency') ?? 'EUR',
    timeZone,
    planted: options.planted === true,
    tier: text('tier'),
    without: Array.isArray(without) ? without.flatMap((name) => String(name).split(',')) : [],
  };
}

function readNow(text: string | null, context: CommandContext): number {
  if (text === null) return context.clock.now();
  const instant = parseInstant(text);
  if (instant !== null) return instant;
  throw new RunError('usage', {
    where: '--now',
    message: `${text} is no instant.`,
    fix: 'Give it as 2026-10-31T12:00:00Z.',
  });
}

function requireZone(name: string): void {
  try {
    createZone(name);
  } catch (error) {
    throw new RunError(
      'usage',
      {
        where: '--time-zone',
        message: `${name} is no time zone.`,
        fix: 'Use an IANA name, for example Europe/Madrid or UTC.',
      },
      { cause: error },
    );
  }
}
