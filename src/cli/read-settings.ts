import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { connectors } from '../../connectors/index.ts';
import { loadSettings, readMappedDimensions } from '../config/load.ts';
import { loadCatalog } from '../evaluate/catalog.ts';
import { parseKnown } from '../evaluate/known-kpis.ts';
import type { Connector } from '../model/connector.ts';
import { RunError } from '../model/errors.ts';
import type { Kpi } from '../model/kpi.ts';
import type { Settings } from '../model/settings.ts';
import { createQueryChecker } from '../store/facts.ts';
import { readOrganisation } from '../store/organisation.ts';
import type { CommandContext } from './context.ts';
import { loadOutsideConnector } from './outside-connector.ts';
import { packageFile } from './places.ts';

interface ReadSettings {
  readonly settings: Settings;
  readonly catalog: readonly Kpi[];
  readonly loaded: ReadonlyMap<string, Connector>;
}

/** The settings with the KPIs and connectors that they name; the store stays closed. */
export async function readSettings(context: CommandContext): Promise<ReadSettings> {
  const path = findSettings(context);
  const shippedKpis = packageFile('config', 'kpis');
  const catalog = await loadCatalog({
    folders: [shippedKpis, join(dirname(path), 'kpis')].filter((folder) => existsSync(folder)),
    check: createQueryChecker(),
    known: parseKnown(readFileSync(packageFile('config', 'kpis.jsonl'), 'utf8')),
    mapped: readMappedDimensions(path),
  });
  const units = new Map(catalog.map((kpi) => [kpi.id, kpi.unit]));
  const kpis = new Map(catalog.map((kpi) => [kpi.id, { ...kpi, own: dirname(kpi.file) !== shippedKpis }]));
  const loaded = new Map<string, Connector>();
  const settings = await loadSettings({
    path,
    env: context.env,
    kpiUnit: (id) => units.get(id) ?? null,
    kpiTraits: (id) => kpis.get(id) ?? null,
    kpiIds: [...units.keys()],
    resolveConnector: async (id) => {
      const connector = await loadConnector(id, dirname(path));
      if (connector) loaded.set(id, connector);
      return connector;
    },
    connectorIds: Object.keys(connectors),
    organisation: readOrganisation,
  });
  return { settings, catalog, loaded };
}

/** The settings file that --config names, or the one in the current folder. */
function findSettings({ flags, cwd }: CommandContext): string {
  const named = resolve(cwd, flags.config ?? '.');
  const path = existsSync(named) && statSync(named).isDirectory() ? join(named, 'crm-kpi.yaml') : named;
  if (existsSync(path)) return path;
  throw new RunError('config', {
    where: path,
    message: 'There is no settings file here.',
    fix: 'Go to the folder with your crm-kpi.yaml, or name it with --config PATH. To look around without one: crm-kpi demo.',
  });
}

async function loadConnector(id: string, folder: string): Promise<Connector | null> {
  const entry = connectors[id];
  return entry ? entry.load() : loadOutsideConnector(id, folder);
}
