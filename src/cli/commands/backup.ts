import { resolve } from 'node:path';
import { backUpStore } from '../../store/backup.ts';
import type { CommandContext, ExitCode } from '../context.ts';
import { readSettings } from '../read-settings.ts';

/** Copies the store while it is in use. */
export async function run(context: CommandContext, [file = '']: readonly string[]): Promise<ExitCode> {
  const { settings } = await readSettings(context);
  const copy = backUpStore(settings.store, resolve(context.cwd, file));
  if (context.flags.json)
    context.out(JSON.stringify({ store: settings.store, backup: copy.path, bytes: copy.bytes }));
  else
    context.out(
      `${settings.store} was copied to ${copy.path} (${formatMegabytes(copy.bytes)}), and the copy tested.`,
    );
  context.note(
    'Not in it: crm-kpi.yaml, .env and the stored sign-ins. It holds customer records: keep it safe.',
  );
  return 0;
}

function formatMegabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
