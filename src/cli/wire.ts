import { createHash } from 'node:crypto';
import { wantedColumns } from '../evaluate/needed-columns.ts';
import type {
  Connection,
  Connector,
  Log,
  SignIn,
  SignInRequest,
  TokenStore,
  WantedColumns,
} from '../model/connector.ts';
import { RunError } from '../model/errors.ts';
import type { ApiUsage, Http } from '../model/http.ts';
import type { Kpi } from '../model/kpi.ts';
import type { ConnectionSettings, Settings } from '../model/settings.ts';
import type { Store } from '../model/store.ts';
import { createZone, type Zone } from '../model/zone.ts';
import { openStore } from '../store/open.ts';
import { type CallLedger, createCallLedger, readSpentCalls } from './api-calls.ts';
import { askOrganisation } from './ask-organisation.ts';
import type { CommandContext } from './context.ts';
import { parseAsOf } from './instant.ts';
import { createLog } from './log.ts';
import { readSettings } from './read-settings.ts';

/** Everything that a command works with, built from the settings. */
export interface Workspace extends AsyncDisposable {
  readonly settings: Settings;
  /** After a sync: takes over what the CRMs have told meanwhile where the settings are silent. */
  readonly refresh: () => Promise<void>;
  readonly catalog: readonly Kpi[];
  readonly zone: Zone;
  readonly store: Store;
  readonly log: Log;
  /** From --as-of, else now. */
  readonly asOf: number;
  readonly connections: readonly WorkspaceConnection[];
}

export interface WorkspaceConnection {
  readonly settings: ConnectionSettings;
  readonly connector: Connector;
  /** Columns that the chosen KPIs need; absent: all are read. */
  readonly wanted: WantedColumns | undefined;
  /** Begins a sign-in by browser; null where this kind of CRM has none. */
  readonly signIn: (round: SignInRound) => SignIn | null;
  readonly tokens: () => Promise<TokenStore>;
  readonly http: () => Promise<Http>;
  /** Signs in; every use opens its own and closes it. */
  readonly open: () => Promise<Connection>;
  /** Requests sent so far, and the daily use as last told. */
  readonly usage: () => ApiUsage;
}

/** What is new with each sign-in. */
export type SignInRound = Pick<SignInRequest, 'redirectUri' | 'state' | 'verifier'>;

const unused: ApiUsage = { calls: 0, used: null, limit: null, resetsAt: null };

/**
 * Where the settings leave time zone or currency to a CRM that has not told them yet, it is asked first. `provisional`:
 * the command can do without, and goes on with values that are only good for asking.
 */
export async function openWorkspace(
  context: CommandContext,
  { provisional = false }: { readonly provisional?: boolean } = {},
): Promise<Workspace> {
  const workspace = await wireWorkspace(context);
  if (!workspace.settings.provisional) return workspace;
  try {
    await askOrganisation(workspace);
  } catch (error) {
    if (provisional && error instanceof RunError) return workspace;
    await workspace[Symbol.asyncDispose]();
    throw error;
  }
  await workspace[Symbol.asyncDispose]();
  return wireWorkspace(context);
}

async function wireWorkspace(context: CommandContext): Promise<Workspace> {
  const { settings, catalog, loaded } = await readSettings(context);
  const zone = createZone(settings.calendar.timeZone);
  const log = createLog(context);
  let asOf = parseAsOf(context.flags.asOf, zone, context.clock.now());
  const store = openStore(settings.store, zone);
  const spent = await readSpentCalls(
    store,
    settings.connections.map(({ name, connector }) => ({
      name,
      policy: loaded.get(connector)?.policy ?? null,
    })),
    context.clock.now(),
  );
  const ledger = createCallLedger(store, context.clock);
  const wired = settings.connections.map((connection) => {
    const connector = loaded.get(connection.connector);
    if (!connector) throw new Error(`connector ${connection.connector} was not loaded`);
    const wanted = columnsFor(settings, catalog);
    const calls = { spent: spent.get(connection.name) ?? 0, tell: ledger.tell };
    return wireConnection({ connection, connector, settings, log, wanted, calls }, context);
  });
  let current = settings;
  return {
    get settings() {
      return current;
    },
    get asOf() {
      return asOf;
    },
    refresh: async () => {
      // What came while it was synced has happened.
      asOf = parseAsOf(context.flags.asOf, zone, context.clock.now());
      if (settings.listens) current = (await readSettings(context)).settings;
    },
    catalog,
    zone,
    store,
    log,
    connections: wired,
    async [Symbol.asyncDispose]() {
      await ledger.settle(wired);
      await store[Symbol.asyncDispose]();
    },
  };
}

/** Where the settings choose KPIs, only what those and the goals need is read. */
function columnsFor(
  { kpis, goals }: Pick<Settings, 'kpis' | 'goals'>,
  catalog: readonly Kpi[],
): WantedColumns | undefined {
  return kpis === null ? undefined : wantedColumns([...kpis, ...goals.map(({ kpi }) => kpi)], catalog);
}

/** What one connection is wired from. */
export interface ConnectionParts {
  readonly connection: ConnectionSettings;
  readonly connector: Connector;
  readonly settings: Settings;
  readonly log: Log;
  readonly wanted: WantedColumns | undefined;
  readonly calls: {
    /** Of the same day, by earlier runs. */
    readonly spent: number;
    readonly tell: CallLedger['tell'];
  };
}

/** Commands that only read the store do without. */
const loadRemoteParts = () => import('./remote-parts.ts');

function wireConnection(parts: ConnectionParts, context: CommandContext): WorkspaceConnection {
  const { connection, connector, settings, log, wanted } = parts;
  const { name, own, objects, publish } = connection;
  let line: Http | null = null;
  const http = async () => {
    const { openHttp } = await loadRemoteParts();
    line ??= openHttp(parts, context);
    return line;
  };
  const tokens = async () => (await loadRemoteParts()).wireTokens(name, settings, context);
  const open = async () =>
    connector.open({
      name,
      settings: own,
      folder: settings.folder,
      objects,
      fields: connection.fields,
      entities: connection.entities,
      ...(wanted && { wanted }),
      since: connection.since,
      currency: settings.currency,
      timeZone: settings.calendar.timeZone,
      language: settings.language,
      http: await http(),
      tokens: await tokens(),
      clock: context.clock,
      log,
      signal: context.signal,
    });
  const signIn = (round: SignInRound) =>
    connector.signIn?.({ name, settings: own, objects, publish, ...round }) ?? null;
  const usage = () => line?.usage ?? unused;
  return { settings: connection, connector, wanted, signIn, tokens, http, open, usage };
}

/** Connections by name; unknown names are the caller's mistake. No names: all. */
export function chooseConnections(
  workspace: Workspace,
  names: readonly string[],
): readonly WorkspaceConnection[] {
  if (names.length === 0) return workspace.connections;
  return names.map((name) => {
    const found = workspace.connections.find(({ settings }) => settings.name === name);
    if (found) return found;
    throw new RunError('usage', {
      where: name,
      message: 'There is no connection of that name.',
      fix: `Use one of: ${workspace.connections.map(({ settings }) => settings.name).join(', ')}.`,
    });
  });
}

/** 16 hex digits of SHA-256. */
export function shortHash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}
