import type { ScheduledJob } from '../model/operations.ts';

/** What the units, lines and manifests are made of. */
export interface PrintFacts {
  readonly jobs: readonly PrintedJob[];
  /** Absolute paths. */
  readonly node: string;
  readonly program: string;
  readonly folder: string;
  readonly settingsFile: string;
  /** Folders that a job writes into: that of the store first. */
  readonly writes: readonly string[];
  readonly version: string;
  readonly user: string;
  /** Environment variables that the settings ask for and `.env` does not give. */
  readonly secrets: readonly string[];
  /** All that the settings ask for: no `.env` reaches a container. */
  readonly allSecrets: readonly string[];
  /** Files and folders of the workspace that the settings name, beside `kpis`: lists, quotas, keys. */
  readonly reads: readonly string[];
  /** Variables by which this machine reaches the network, such as HTTPS_PROXY; their values may hold a password. */
  readonly network: readonly string[];
  /** Has own KPIs in `kpis/`. */
  readonly hasKpis: boolean;
}

export interface PrintedJob {
  readonly job: ScheduledJob;
  /** `run`, `sync sales`, without --config. */
  readonly command: readonly string[];
}

/** One file of what is printed. */
export interface PrintedFile {
  readonly path: string;
  readonly text: string;
}

/** `crm-kpi`, or with several jobs `crm-kpi-sync-2`. */
export function nameOf({ jobs }: Pick<PrintFacts, 'jobs'>, index: number): string {
  return jobs.length === 1 ? 'crm-kpi' : `crm-kpi-${jobs[index]?.command[0] ?? 'job'}-${index + 1}`;
}

export function seconds(ms: number): number {
  return Math.ceil(ms / 1000);
}
