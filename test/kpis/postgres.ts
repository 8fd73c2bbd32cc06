import { execFileSync } from 'node:child_process';
import { chmodSync, globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A PostgreSQL server of one's own, without a network, for as long as a test lasts. */
export interface Postgres extends Disposable {
  readonly version: string;
  /** What a script prints, and what the server says against it. */
  run(script: string): { readonly out: string; readonly errors: string };
}

/** Its account, where the test runs as root, as whom PostgreSQL never runs. */
const account = 'postgres';

/** The folder of the newest server that is installed; null where there is none. */
export function findPostgres(): string | null {
  const told = process.env.PGBIN;
  if (told) return told;
  const found = globSync([
    '/usr/lib/postgresql/*/bin/initdb',
    '/usr/local/pgsql/bin/initdb',
    '/opt/homebrew/bin/initdb',
  ]);
  const newest = found.sort((a, b) => a.localeCompare(b, 'en', { numeric: true })).at(-1);
  return newest?.replace(/\/initdb$/, '') ?? null;
}

export function startPostgres(programs: string): Postgres {
  const folder = mkdtempSync(join(tmpdir(), 'crm-kpi-postgres-'));
  const isRoot = process.getuid?.() === 0;
  if (isRoot) execFileSync('chown', [account, folder]);
  const serve = (program: string, args: readonly string[]) => {
    const path = join(programs, program);
    const [command, all] = isRoot ? ['runuser', ['-u', account, '--', path, ...args]] : [path, args];
    return execFileSync(command, all, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  };
  const files = join(folder, 'db');
  // Texts are compared byte by byte, as SQLite does.
  serve('initdb', ['-D', files, '-A', 'trust', '-U', account, '-E', 'UTF8', '--locale=C', '--no-sync']);
  const options = `-c listen_addresses='' -c unix_socket_directories='${folder}' -c fsync=off`;
  serve('pg_ctl', ['-D', files, '-w', '-l', join(folder, 'log'), '-o', options, 'start']);
  const version = serve('postgres', ['--version']).trim();

  return {
    version,
    run(script) {
      const [input, output, told] = ['in.sql', 'out', 'told'].map((name) => join(folder, name));
      if (!input || !output || !told) throw new RangeError('no files');
      writeFileSync(input, script);
      chmodSync(folder, 0o755);
      const psql = [join(programs, 'psql'), '-h', folder, '-U', account, '-q', '-X', '-f', input, 'postgres'];
      const command = `${psql.map((part) => `'${part}'`).join(' ')} >'${output}' 2>'${told}'`;
      execFileSync('sh', ['-c', command], { stdio: 'ignore' });
      return { out: readFileSync(output, 'utf8'), errors: readFileSync(told, 'utf8') };
    },
    [Symbol.dispose]() {
      serve('pg_ctl', ['-D', files, '-m', 'immediate', 'stop']);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
