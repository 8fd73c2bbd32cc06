import { createRequire } from 'node:module';
import type { Logger } from 'pino';
import type { Log } from '../model/connector.ts';
import type { CommandContext } from './context.ts';

/** Names under which a secret could stand in a logged object, at any of the first levels. */
const secretNames = [
  'accessToken',
  'refreshToken',
  'clientSecret',
  'password',
  'authorization',
  'Authorization',
  'token',
  'assertion',
];

/**
 * Human-readable on a terminal, JSON lines elsewhere; always on stderr, since stdout is for data. Pino is loaded with the
 * first event: many commands have none.
 */
export function createLog(context: CommandContext): Log {
  let logger: Logger | null = null;
  const log = (): Logger => {
    logger ??= openLogger(context);
    return logger;
  };
  return {
    debug: (fields, event) => log().debug(fields, event),
    info: (fields, event) => log().info(fields, event),
    warn: (fields, event) => log().warn(fields, event),
    error: (fields, event) => log().error(fields, event),
  };
}

const load = createRequire(import.meta.url);

function openLogger(context: CommandContext): Logger {
  const { pino }: typeof import('pino') = load('pino');
  const level =
    context.flags.logLevel ?? (context.flags.quiet ? 'error' : context.terminal.output ? 'warn' : 'info');
  const redact = { paths: secretNames.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]), censor: '***' };
  const options = { level, base: null, redact, timestamp: pino.stdTimeFunctions.isoTime };
  if (!context.terminal.output) return pino(options, pino.destination({ dest: 2, sync: true }));
  // Loaded only for a terminal: it is slow to import.
  const pretty: unknown = load('pino-pretty');
  if (typeof pretty !== 'function') throw new Error('pino-pretty exports no function');
  return pino(options, pretty({ destination: 2, sync: true, colorize: context.flags.color }));
}
