import { health, storeDown } from '../metrics/health.ts';
import { RunError } from '../model/errors.ts';
import { createApp, type Dashboard } from '../serve/app.ts';
import { createAddressOf, isLoopback, type Listening, listen, type Place } from '../serve/listen.ts';
import { openReader, type Reader } from '../store/reader.ts';
import type { CommandContext } from './context.ts';
import { browserOf, createDesk } from './desk.ts';
import type { Workspace } from './wire.ts';

const defaults: Place = { host: '127.0.0.1', port: 8080 };

/** From the flags, else the settings, else this machine only. */
export function choosePlace(
  { serve }: Workspace['settings'],
  flags: { readonly host: string | null; readonly port: number | null },
): Place {
  return {
    host: flags.host ?? serve?.host ?? defaults.host,
    port: flags.port ?? serve?.port ?? defaults.port,
  };
}

/** Refuses to show the figures to a network without a login. */
export function requireCredentials({ settings }: Workspace, { host }: Place): void {
  const { passwordHash = null, token = null } = settings.serve ?? {};
  if (isLoopback(host) || passwordHash !== null || token !== null) return;
  throw new RunError('config', {
    where: `serve --host ${host}`,
    message: 'Whoever reaches this address would see the figures: a login is needed.',
    fix:
      'Run `crm-kpi serve --hash-password`, put what it prints between single quotes into .env as DASHBOARD_HASH, and write `serve: { passwordHash: "$' +
      '{DASHBOARD_HASH}" }` in crm-kpi.yaml. Or leave --host out.',
  });
}

export interface RunningDashboard extends Listening {
  readonly reader: Reader;
}

/** The store is opened for reading only: whatever the pages ask, nothing can be changed by them. */
export async function startDashboard(
  context: CommandContext,
  workspace: Workspace,
  place: Place,
): Promise<RunningDashboard> {
  const reader = openReader(workspace.settings.store);
  try {
    const server = await listen(createApp(describe(context, workspace, reader)), place);
    return {
      url: server.url,
      reader,
      async [Symbol.asyncDispose]() {
        await server[Symbol.asyncDispose]();
        await reader[Symbol.asyncDispose]();
      },
    };
  } catch (error) {
    await reader[Symbol.asyncDispose]();
    throw error;
  }
}

function describe(context: CommandContext, workspace: Workspace, reader: Reader): Dashboard {
  const { settings, log } = workspace;
  const { passwordHash = null, token = null, url = null } = settings.serve ?? {};
  const fixedAsOf = context.flags.asOf === undefined ? null : workspace.asOf;
  const now = () => context.clock.now();
  return {
    desk: () => createDesk({ workspace, reader, asOf: fixedAsOf ?? now(), now: now() }),
    language: settings.language,
    timeZone: settings.calendar.timeZone,
    accounts: async () => (await reader.sources()).map(({ accountName }) => accountName),
    credentials: { passwordHash, token },
    publicUrl: url,
    browser: browserOf(context),
    now,
    addressOf: createAddressOf({ isProxied: url !== null }),
    reportBug: (error, path) =>
      log.error({ path, message: error instanceof Error ? error.message : String(error) }, 'page.failed'),
    plain: {
      '/healthz': () => readHealth(reader),
      '/metrics': () => readMetrics(reader, now()),
    },
  };
}

async function readHealth(reader: Reader) {
  const told = await health(reader.measured).catch((error: unknown) => {
    if (error instanceof RunError) return storeDown;
    throw error;
  });
  const { httpStatus, ...body } = told;
  return { body: JSON.stringify(body), contentType: 'application/json', status: httpStatus };
}

async function readMetrics(reader: Reader, now: number) {
  const { renderMetrics } = await import('../metrics/metrics.ts');
  const body = await renderMetrics(reader.measured, now);
  return { body, contentType: 'text/plain; version=0.0.4; charset=utf-8', status: 200 } as const;
}
