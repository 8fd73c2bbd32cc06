import type { Fault, SeenRequest } from './server.ts';

/** What a sandbox CRM is started with; `crm-kpi sandbox` passes its flags through. */
export interface SandboxOptions {
  /** 0: any free one. */
  readonly port: number;
  /** Folder of newline-delimited JSON, one file per object (`.ndjson` or `.ndjson.gz`); null: a made-up company. */
  readonly data: string | null;
  readonly seed: number;
  /** Deals of the made-up company. */
  readonly size: number;
  /** The instant at which the sandbox's clock starts, epoch ms; it then runs on. */
  readonly now: number;
  /** The clock stands still but for `advance`: two sandboxes led the same way then hold the same records. */
  readonly standing?: boolean;
  readonly currency: string;
  readonly timeZone: string;
  /** The made-up company has problems that are worth finding. */
  readonly planted?: boolean;
  /** HubSpot: free, starter, professional or enterprise. Salesforce: developer, professional, enterprise or unlimited. */
  readonly tier: string | null;
  /** Objects (Salesforce) or scopes and objects (HubSpot) that this account does not have. */
  readonly without: readonly string[];
}

/** A running sandbox CRM on loopback. */
export interface Sandbox extends AsyncDisposable {
  readonly connector: string;
  /** Salesforce: loginUrl; HubSpot: baseUrl. */
  readonly url: string;
  /** As it goes into crm-kpi.yaml. */
  readonly auth: Readonly<Record<string, string>>;
  /** epoch ms by the sandbox's clock. */
  now(): number;
  /** Moves the clock forward. */
  advance(ms: number): void;
  /** Every request answered so far. */
  readonly requests: readonly SeenRequest[];
  /** Faults still to be injected, first match first; see server.ts. */
  readonly faults: Fault[];
  /** A record as the CRM would return all of it, or undefined. */
  get(object: string, id: string): Readonly<Record<string, unknown>> | undefined;
  /** Ids of living records. */
  ids(object: string): readonly string[];
  /** Creates (no id given) or changes a record as a user of the CRM would, now; returns its id. */
  put(object: string, fields: Readonly<Record<string, unknown>>, id?: string): string;
  /** Deletes as a user would (recoverable); `purge` leaves no trace. */
  remove(object: string, id: string, how?: 'delete' | 'purge'): void;
}

/** Each connector's sandbox folder exports this from its index.ts. */
export type StartSandbox = (options: SandboxOptions) => Promise<Sandbox>;
