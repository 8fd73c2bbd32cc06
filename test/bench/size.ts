import { join } from 'node:path';
import Database from 'better-sqlite3';
import { fillStore } from '../evaluate/bench-company.ts';
import { type Bench, type Figure, told, whole } from './bench.ts';
import { here, runProgram } from './child.ts';

const root = join(here, '../..');

/** What the program and its store take of a disk. */
export const size: Bench = {
  name: 'size',
  about: 'bytes in the store with all that is derived, and the installed package',
  async *run(env) {
    const deals = env.size('stored', 20_000);
    const path = await fillStore(env.folder, {
      deals,
      activities: 5 * deals,
      tickets: deals,
      owners: 200,
      months: 24,
    });
    yield* bytesPerRecord(path, { deals, activities: 5 * deals });
    yield* installed();
  },
};

const derived = ['deal_state', 'stage_visit', 'backdated_deal'];

function* bytesPerRecord(
  path: string,
  { deals, activities }: { deals: number; activities: number },
): Generator<Figure> {
  const db = new Database(path, { readonly: true });
  const bytesOf = (tables: readonly string[]) =>
    Number(
      db
        .prepare(
          `SELECT sum(s.pgsize) FROM dbstat('main', 1) s JOIN sqlite_schema m ON m.name = s.name
           WHERE m.tbl_name IN (${tables.map(() => '?').join(', ')})`,
        )
        .pluck()
        .get(...tables),
    );
  const own = bytesOf(['deal']) / deals;
  const all = bytesOf(['deal', 'change', ...derived]) / deals;
  yield told(
    'store bytes per deal',
    `${whole(own)} B`,
    `${whole(all)} B with its history and what is derived`,
  );
  yield told('store bytes per activity', `${whole(bytesOf(['activity']) / activities)} B`);
  db.close();
}

async function* installed(): AsyncGenerator<Figure> {
  const { stdout } = await runProgram('npm', ['ls', '--omit=dev', '--all', '--parseable'], {
    cwd: root,
    codes: [0, 1],
  });
  const folders = stdout
    .trim()
    .split('\n')
    .filter((folder) => folder.includes('node_modules'));
  // A package's own dependencies may lie inside its folder.
  const outer = folders.filter((folder) => !folders.some((other) => folder.startsWith(`${other}/`)));
  const { stdout: sizes } = await runProgram('du', ['-sk', ...outer]);
  const packages = sizes
    .trim()
    .split('\n')
    .map((line) => line.split('\t'))
    .map(([kb = '0', folder = '']) => ({
      name: folder.replace(/.*node_modules\//, ''),
      mb: Number(kb) / 1024,
    }))
    .sort((a, b) => b.mb - a.mb);
  const total = packages.reduce((sum, { mb }) => sum + mb, 0);
  const largest = packages.slice(0, 4).map(({ name, mb }) => `${name} ${mb.toFixed(0)} MB`);
  yield told(
    `installed with its ${outer.length} packages`,
    `${total.toFixed(0)} MB`,
    `most: ${largest.join(', ')}`,
  );
}
