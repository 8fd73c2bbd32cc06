import { resolve } from 'node:path';
import { restoreStore } from '../../store/backup.ts';
import { acquireRunLock } from '../../store/lock.ts';
import type { CommandContext, ExitCode } from '../context.ts';
import { readSettings } from '../read-settings.ts';

/** Puts a backup in the store's place; the next run catches up from there. */
export async function run(context: CommandContext, [file = '']: readonly string[]): Promise<ExitCode> {
  const { settings } = await readSettings(context);
  const backup = resolve(context.cwd, file);
  const at = context.clock.now();
  const lock = acquireRunLock(settings.store, { job: 'restore', at, pid: process.pid });
  let kept: string | null;
  try {
    kept = restoreStore(settings.store, backup, at);
  } finally {
    lock.release();
  }
  if (context.flags.json) context.out(JSON.stringify({ store: settings.store, backup, kept }));
  else
    context.out(
      `${settings.store} is now ${backup}.${kept === null ? '' : ` What was there is kept as ${kept}.`}`,
    );
  context.note(
    'The next `crm-kpi run` reads what has changed since. Restart `crm-kpi serve` if it is running.',
  );
  return 0;
}
