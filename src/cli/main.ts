import { readFileSync } from 'node:fs';
import { Command, CommanderError, Option } from 'commander';
import { useProxy } from '../remote/proxy.ts';
import type { CommandLine } from './command-line.ts';
import { commands } from './command-lines.ts';
import { type CommandContext, type GlobalFlags, Interrupted } from './context.ts';
import { callerFolder, packageFile } from './places.ts';
import { reportFailure } from './report-failure.ts';

/** Runs the program: the only place that ends the process. */
export function main(): void {
  // Diagnostic reports of Node would show the environment, and with it secrets.
  if (process.report) process.report.excludeEnv = true;
  const controller = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.on(name, createStopper(name, controller));
  }
  for (const stream of [process.stdout, process.stderr]) stream.on('error', passReaderGone);
  const program = buildProgram(controller.signal);
  program.parseAsync().then(leave, (error: unknown) => {
    if (!(error instanceof CommanderError)) {
      process.exitCode = 1;
      throw error;
    }
    process.exitCode = error.exitCode === 0 ? 0 : 2;
    if (error.exitCode !== 0 && process.argv.includes('--json')) process.stdout.write(usageFailure(error));
  });
}

/** A reader that has seen enough (`| head`) is no failure, and no reason to leave an installation or a run half done. */
function passReaderGone(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE' && error.code !== 'ERR_STREAM_DESTROYED') throw error;
}

/**
 * A command that is done has let go of everything. Left to itself, Node would still wait for code that V8 is optimising in
 * the background: a twelfth of the time of a short command.
 */
function leave(): void {
  process.stdout.write('', () => process.stderr.write('', () => process.exit()));
}

/** A service manager waits before it kills: nothing may hold the program up for longer than this. */
const longestGoodbyeMs = 4_500;
/** The same signal may come twice, to the process and to its group. */
const echoMs = 1_000;

function createStopper(name: 'SIGINT' | 'SIGTERM', controller: AbortController): () => void {
  const interrupted = new Interrupted(name);
  let firstAt: number | null = null;
  return () => {
    const now = Date.now();
    // Asked again, it goes at once; what is stored is safe at any moment.
    if (firstAt !== null && now - firstAt > echoMs) process.exit(interrupted.exitCode);
    if (firstAt !== null) return;
    firstAt = now;
    controller.abort(interrupted);
    setTimeout(() => process.exit(interrupted.exitCode), longestGoodbyeMs).unref();
  };
}

/** Scripts read a mistyped command line as they read any other failure; people have read it on stderr already. */
function usageFailure({ message }: CommanderError): string {
  const failure = {
    kind: 'usage',
    where: 'command line',
    message: message.replace(/^error: /, ''),
    fix: 'Run `crm-kpi --help`.',
  };
  return `${JSON.stringify({ error: failure })}\n`;
}

function buildProgram(signal: AbortSignal): Command {
  const version = String(JSON.parse(readFileSync(packageFile('package.json'), 'utf8')).version);
  const program = new Command('crm-kpi')
    .description('Proves that a CRM pays: reads it, computes KPIs against goals, writes the results back.')
    .version(version)
    .option('--config <path>', 'crm-kpi.yaml or its folder; default: the current folder')
    .option('--json', 'data as JSON on stdout, nothing else there')
    .addOption(
      new Option('--log-level <level>', 'how much to log').choices([
        'debug',
        'info',
        'warn',
        'error',
        'silent',
      ]),
    )
    .option('--quiet', 'no progress; log errors only')
    .option('--no-color', 'no colours')
    .option(
      '--as-of <instant>',
      'ignore facts at or after it: RFC 3339, or a date for the end of that local day',
    )
    .showHelpAfterError('Run `crm-kpi --help` for the commands.')
    .exitOverride();
  for (const line of commands) addCommand(program, line, { signal, version });
  return program;
}

function addCommand(
  program: Command,
  line: CommandLine,
  made: { signal: AbortSignal; version: string },
): void {
  const command = program.command(line.name).description(line.about).exitOverride();
  for (const [name, about] of line.args ?? []) command.argument(name, about);
  for (const option of line.options ?? []) command.addOption(option);
  command.addHelpText('after', `\nExample:\n  ${line.example}`);
  command.showHelpAfterError(`Run \`crm-kpi ${line.name} --help\` for its flags.`);
  command.action(async (...received: unknown[]) => {
    const context = makeContext(command.optsWithGlobals(), made);
    const args = received
      .slice(0, -2)
      .flat()
      .filter((arg): arg is string => typeof arg === 'string');
    try {
      if (!line.isLocal) useProxy(process.env);
      process.exitCode = await (await line.load()).run(context, args, command.opts());
    } catch (error) {
      process.exitCode = reportFailure(error, context, made.signal);
    }
  });
}

function makeContext(
  flags: Record<string, unknown>,
  { signal, version }: { signal: AbortSignal; version: string },
): CommandContext {
  const global: GlobalFlags = {
    config: text(flags.config),
    json: flags.json === true,
    logLevel: text(flags.logLevel),
    quiet: flags.quiet === true,
    color: flags.color !== false && process.stdout.isTTY === true && !process.env.NO_COLOR,
    asOf: text(flags.asOf),
  };
  return {
    flags: global,
    version,
    env: process.env,
    cwd: callerFolder(process.cwd(), process.env),
    clock: { now: () => Date.now() },
    signal,
    out: (line) => process.stdout.write(`${line}\n`),
    note: (line) => {
      if (!global.quiet) process.stderr.write(`${line}\n`);
    },
    terminal: { output: process.stderr.isTTY === true, input: process.stdin.isTTY === true },
  };
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
