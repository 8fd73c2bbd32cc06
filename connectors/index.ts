import type { Connector } from '../src/model/connector.ts';
import type { StartSandbox } from '../src/sandbox/sandbox.ts';

export interface ConnectorEntry {
  readonly load: () => Promise<Connector>;
  /** Absent: there is no sandbox of it. */
  readonly loadSandbox?: () => Promise<StartSandbox>;
}

/** Every connector that ships: one entry each, loaded when a connection uses it. */
export const connectors: Readonly<Record<string, ConnectorEntry>> = {
  csv: { load: async () => (await import('./csv/index.ts')).csv as Connector },
  hubspot: {
    load: async () => (await import('./hubspot/index.ts')).hubspot as Connector,
    loadSandbox: async () => (await import('./hubspot/sandbox/index.ts')).startSandbox,
  },
  salesforce: {
    load: async () => (await import('./salesforce/index.ts')).salesforce as Connector,
    loadSandbox: async () => (await import('./salesforce/sandbox/index.ts')).startSandbox,
  },
};
