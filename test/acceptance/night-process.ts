import { Interrupted } from '../../src/cli/context.ts';
import { runNight } from './night-command.ts';

/** `node night-process.ts AT COMMAND [NAME]`, to be killed. */
const [at = '', ...args] = process.argv.slice(2);
const controller = new AbortController();
process.on('SIGTERM', () => controller.abort(new Interrupted('SIGTERM')));
process.exitCode = await runNight({
  at: Number(at),
  args,
  cwd: process.cwd(),
  env: process.env,
  signal: controller.signal,
  out: (line) => process.stdout.write(`${line}\n`),
});
