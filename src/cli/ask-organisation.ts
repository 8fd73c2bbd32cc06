import { RunError } from '../model/errors.ts';
import type { Workspace } from './wire.ts';

/** Asks each connection in turn for what the settings leave to it, and keeps the answers in the store. */
export async function askOrganisation({
  settings,
  connections,
  store,
}: Pick<Workspace, 'settings' | 'connections' | 'store'>): Promise<void> {
  const missing = new Set(settings.provisional ?? []);
  const failures: RunError[] = [];
  for (const { settings: own, connector, open } of connections) {
    if (missing.size === 0) return;
    if (!connector.tells) continue;
    try {
      await using connection = await open();
      const account = await connection.account();
      await store.saveSource(own.name, connector.id, account);
      for (const key of ['timeZone', 'currency'] as const) if (account[key] !== null) missing.delete(key);
    } catch (error) {
      if (!(error instanceof RunError)) throw error;
      failures.push(error);
    }
  }
  if (missing.size === 0) return;
  if (failures[0]) throw failures[0];
  const names = [...missing].join(' and ');
  throw new RunError('config', {
    where: 'crm-kpi.yaml',
    message: `${names} ${missing.size > 1 ? 'are' : 'is'} not set, and no connection tells ${missing.size > 1 ? 'them' : 'it'}`,
    fix: 'Write it into the file, such as `timeZone: Europe/Madrid` or `currency: EUR`.',
  });
}
