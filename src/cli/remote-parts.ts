import { dirname, join } from 'node:path';
import { readEnvFile } from '../config/env-file.ts';
import { openKeychain } from '../config/keychain.ts';
import { openTokenStore, type TokenPlace } from '../config/tokens.ts';
import type { TokenStore } from '../model/connector.ts';
import type { Http } from '../model/http.ts';
import type { Settings } from '../model/settings.ts';
import { createHttp } from '../remote/http.ts';
import { holdFile } from '../store/hold-file.ts';
import type { CommandContext } from './context.ts';
import type { ConnectionParts } from './wire.ts';

/** The network as this connection may use it. */
export function openHttp(
  { connection, connector, log, calls }: ConnectionParts,
  context: CommandContext,
): Http {
  return createHttp({
    where: connection.name,
    policy: connector.policy,
    clock: context.clock,
    log,
    signal: context.signal,
    budgetShare: connection.apiBudget,
    spentCalls: calls.spent,
    tellCalls: (count) => calls.tell(connection.name, count),
  });
}

/** A refresh may be retried for minutes; another process waits that long for the token that it brings. */
const tokenPatienceMs = 180_000;

export function wireTokens(connection: string, settings: Settings, context: CommandContext): TokenStore {
  return openTokenStore(tokenPlace(connection, settings, context));
}

/** Where a connection's sign-in lies, and what opens it. */
export function tokenPlace(connection: string, settings: Settings, context: CommandContext): TokenPlace {
  return {
    folder: dirname(settings.store),
    connection,
    secret: async () => {
      const { values } = readEnvFile(join(settings.folder, '.env'));
      return context.env.CRM_KPI_KEY || values.CRM_KPI_KEY || null;
    },
    keychain: openKeychain({
      platform: process.platform,
      env: context.env,
      account: dirname(settings.store),
    }),
    hold: (path, work) => {
      const options = {
        patienceMs: tokenPatienceMs,
        signal: context.signal,
        what: `the sign-in of ${connection}`,
      };
      return holdFile(path, options, work);
    },
  };
}
