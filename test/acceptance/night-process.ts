import { type CommandContext, Interrupted } from '../../src/cli/context.ts';
import { reportFailure } from '../../src/cli/report-failure.ts';

/** `node night-process.ts AT COMMAND [NAME]`: the program as main.ts starts it, by a clock that begins at AT. */
const [at = '', name = '', ...args] = process.argv.slice(2);
const controller = new AbortController();
process.on('SIGTERM', () => controller.abort(new Interrupted('SIGTERM')));
const context: CommandContext = {
  flags: {
    config: undefined,
    json: true,
    logLevel: 'silent',
    quiet: true,
    color: false,
    asOf: new Date(Number(at)).toISOString(),
  },
  version: 'night',
  env: process.env,
  cwd: process.cwd(),
  clock: { now: () => Number(at) + Math.floor(performance.now()) },
  signal: controller.signal,
  out: (line) => process.stdout.write(`${line}\n`),
  note: () => {},
  terminal: { output: false, input: false },
};
const commands: Readonly<
  Record<string, () => Promise<Pick<typeof import('../../src/cli/commands/run.ts'), 'run'>>>
> = {
  run: () => import('../../src/cli/commands/run.ts'),
  install: () => import('../../src/cli/commands/install.ts'),
};
try {
  const command = await commands[name]?.();
  process.exitCode = (await command?.run(context, args, { yes: true })) ?? 2;
} catch (error) {
  process.exitCode = reportFailure(error, context, controller.signal);
}
