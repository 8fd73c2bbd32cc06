import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Connector } from '../model/connector.ts';
import { RunError } from '../model/errors.ts';

/**
 * A connector from outside: a path (`./my-crm/index.js`) or a package name, resolved from the workspace's folder.
 * It exports `connector`. null: there is no such module.
 */
export async function loadOutsideConnector(id: string, folder: string): Promise<Connector | null> {
  const target = locate(id, folder);
  if (target === null) return null;
  const module: unknown = await import(pathToFileURL(target).href);
  if (typeof module === 'object' && module !== null && 'connector' in module && isConnector(module.connector))
    return module.connector;
  throw new RunError('config', {
    where: id,
    message:
      'This module is no connector: it exports no `connector` with id, title, settings, objects and open.',
    fix: 'See "Writing a connector" in the README, and run the contract suite of crm-kpi/testing on it.',
  });
}

function locate(id: string, folder: string): string | null {
  try {
    return createRequire(join(folder, 'crm-kpi.yaml')).resolve(id.startsWith('.') ? resolve(folder, id) : id);
  } catch {
    return null;
  }
}

function isConnector(value: unknown): value is Connector {
  return (
    typeof value === 'object' &&
    value !== null &&
    ['id', 'title', 'settings', 'objects', 'open'].every((key) => key in value) &&
    'open' in value &&
    typeof value.open === 'function'
  );
}
