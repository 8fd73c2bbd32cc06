import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { csv } from '../../connectors/csv/index.ts';
import { hubspot } from '../../connectors/hubspot/index.ts';
import { salesforce } from '../../connectors/salesforce/index.ts';
import type { KpiTraits } from '../../src/config/goal-fit.ts';
import { loadSettings } from '../../src/config/load.ts';
import { ConfigError } from '../../src/config/problems.ts';
import type { Connector } from '../../src/model/connector.ts';
import type { Unit } from '../../src/model/kpi.ts';
import type { Settings } from '../../src/model/settings.ts';

const units: ReadonlyMap<string, Unit> = new Map([
  ['win_rate', 'ratio'],
  ['email_open_rate', 'ratio'],
  ['case_resolution_hours', 'hours'],
  ['revenue_won', 'money'],
  ['deals_won', 'count'],
  ['open_deals', 'count'],
]);
function traitsOf(id: string): KpiTraits | null {
  const unit = units.get(id);
  if (!unit) return null;
  return { id, unit, kind: id === 'open_deals' ? 'snapshot' : 'flow', sql: 'select 1 as num', own: false };
}

const connectors: ReadonlyMap<string, Connector> = new Map<string, Connector>([
  ['salesforce', salesforce],
  ['hubspot', hubspot],
  ['csv', csv],
]);

export interface WorkspaceFile {
  readonly text: string;
  readonly mode?: number;
}

/** A folder with these files, removed after the test. */
export async function makeWorkspace(
  files: Readonly<Record<string, string | WorkspaceFile>>,
): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'crm-kpi-config-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  for (const [name, file] of Object.entries(files)) {
    const path = join(folder, name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, typeof file === 'string' ? file : file.text);
    await chmod(path, typeof file === 'string' ? 0o600 : (file.mode ?? 0o600));
  }
  return folder;
}

export function load(path: string, env: Readonly<Record<string, string>> = {}): Promise<Settings> {
  return loadSettings({
    path,
    env,
    kpiUnit: (id) => units.get(id) ?? null,
    kpiTraits: (id) => traitsOf(id),
    kpiIds: [...units.keys()],
    resolveConnector: async (id) => connectors.get(id) ?? null,
    connectorIds: [...connectors.keys()],
  });
}

export async function loadText(text: string, env: Readonly<Record<string, string>> = {}): Promise<Settings> {
  return load(await makeWorkspace({ 'crm-kpi.yaml': text }), env);
}

/** What is wrong, one line per problem; empty where nothing is. */
export async function problemsOf(
  text: string,
  env: Readonly<Record<string, string>> = {},
): Promise<string[]> {
  return linesOf(loadText(text, env));
}

export async function linesOf(loading: Promise<Settings>): Promise<string[]> {
  const error = await errorOf(loading);
  return error === null ? [] : error.message.split('\n').filter((line) => !line.startsWith('  '));
}

export async function errorOf(loading: Promise<Settings>): Promise<ConfigError | null> {
  try {
    await loading;
    return null;
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
}

/** Enough to load: what a test does not speak of. */
export const base = `timeZone: Europe/Madrid
currency: EUR
connections:
  files: { connector: csv, path: ./deals.csv, object: deal }
`;
