import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The package's own folder: the one that holds package.json and config/, above the sources or the compiled files. */
const packageFolder = findPackageFolder(dirname(fileURLToPath(import.meta.url)));

function findPackageFolder(folder: string): string {
  if (existsSync(join(folder, 'config', 'kpis')) && existsSync(join(folder, 'package.json'))) return folder;
  const parent = dirname(folder);
  if (parent === folder) throw new Error('crm-kpi is not installed whole: config/kpis is missing');
  return findPackageFolder(parent);
}

/** A file that ships with the package. */
export function packageFile(...parts: readonly string[]): string {
  return join(packageFolder, ...parts);
}

/** Where the caller stands: `npm run` moves to the package's folder and keeps the caller's in INIT_CWD. */
export function callerFolder(cwd: string, env: Readonly<Record<string, string | undefined>>): string {
  const initial = env.INIT_CWD;
  return initial && resolve(cwd) === packageFolder ? initial : cwd;
}
