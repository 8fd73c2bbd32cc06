import { moveToken, removeToken } from '../../config/tokens.ts';
import { RunError } from '../../model/errors.ts';
import type { Settings } from '../../model/settings.ts';
import {
  listStoredConnections,
  removeConnection,
  renameConnection,
  type StoredConnection,
} from '../../store/connections.ts';
import { acquireRunLock } from '../../store/lock.ts';
import type { CommandContext, ExitCode } from '../context.ts';
import { requireConsent } from '../plan-dialog.ts';
import { readSettings } from '../read-settings.ts';
import { tokenPlace } from '../remote-parts.ts';
import { formatTable } from '../table.ts';

type Options = Readonly<Record<string, unknown>>;

/** Connections as the store knows them, also those that have left the settings. */
export async function run(
  context: CommandContext,
  [step = 'list', ...names]: readonly string[],
  options: Options,
): Promise<ExitCode> {
  const { settings } = await readSettings(context);
  const stored = listStoredConnections(settings.store);
  if (step === 'list' && names.length === 0) list(context, settings, stored);
  else if (step === 'rename' && names.length === 2) await rename(context, settings, names);
  else if (step === 'remove' && names.length === 1)
    await remove({ context, settings, stored, options }, names[0] ?? '');
  else throw misused(step);
  return 0;
}

function misused(step: string): RunError {
  return new RunError('usage', {
    where: `connections ${step}`,
    message: 'That is no step, or it has too few or too many names.',
    fix: 'Use `connections list`, `connections rename OLD NEW` or `connections remove NAME`.',
  });
}

function list(context: CommandContext, settings: Settings, stored: readonly StoredConnection[]): void {
  const configured = settings.connections.map(({ name }) => name);
  const names = [...new Set([...configured, ...stored.map(({ name }) => name)])];
  const lines = names.map((name) => {
    const { rows, published } = find(stored, name);
    return { name, configured: configured.includes(name), rows, published };
  });
  if (context.flags.json) {
    context.out(JSON.stringify(lines));
    return;
  }
  context.out(
    formatTable(
      ['Connection', 'In the settings', '>Rows stored', '>Records in the CRM'],
      lines.map((line) => [line.name, line.configured ? 'yes' : 'no', `${line.rows}`, `${line.published}`]),
    ),
  );
}

function find(stored: readonly StoredConnection[], name: string): StoredConnection {
  return stored.find((known) => known.name === name) ?? { name, rows: 0, published: 0 };
}

async function rename(
  context: CommandContext,
  settings: Settings,
  [from = '', to = '']: readonly string[],
): Promise<void> {
  if (!settings.connections.some(({ name }) => name === to)) {
    throw new RunError('usage', {
      where: to,
      message: `crm-kpi.yaml has no connection called ${to}.`,
      fix: `Rename ${from} there first; then this command moves what is stored.`,
    });
  }
  const rows = locked(context, settings, () => renameConnection(settings.store, from, to));
  const token = await moveToken(tokenPlace(from, settings, context), tokenPlace(to, settings, context));
  if (context.flags.json) context.out(JSON.stringify({ from, to, rows, signInMoved: token }));
  else context.out(`${rows} rows of ${from} now belong to ${to}${token ? ', the stored sign-in too' : ''}.`);
}

interface Removal {
  readonly context: CommandContext;
  readonly settings: Settings;
  readonly stored: readonly StoredConnection[];
  readonly options: Options;
}

async function remove({ context, settings, stored, options }: Removal, name: string): Promise<void> {
  const { rows, published } = find(stored, name);
  if (published > 0) {
    throw new RunError('usage', {
      where: name,
      message: `${published} records that crm-kpi wrote still stand in that CRM; without the store nothing could find them.`,
      fix: `Remove them first, while the connection is in crm-kpi.yaml: crm-kpi unpublish ${name}`,
    });
  }
  if (!context.flags.json) context.out(`delete  ${rows} rows that came from ${name}, and its stored sign-in`);
  if (options.dryRun === true) return tell(context, { name, rows, removed: 0 });
  await requireConsent(context, 'connections remove', options.yes === true);
  const removed = locked(context, settings, () => removeConnection(settings.store, name));
  await removeToken(tokenPlace(name, settings, context));
  tell(context, { name, rows, removed });
}

function tell(context: CommandContext, end: { name: string; rows: number; removed: number }): void {
  if (context.flags.json) context.out(JSON.stringify(end));
  else
    context.note(`${end.removed} rows removed. Results computed from them stay; the next run judges anew.`);
}

function locked<T>(context: CommandContext, { store }: Settings, work: () => T): T {
  const lock = acquireRunLock(store, { job: 'connections', at: context.clock.now(), pid: process.pid });
  try {
    return work();
  } finally {
    lock.release();
  }
}
