import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

/** Prints how many cases each shipped KPI has; fails where one has fewer than five. */
const fewest = 5;
const shipped = join(import.meta.dirname, '../../config/kpis');
const counts = readdirSync(shipped)
  .map((name) => name.replace('.sql', ''))
  .sort()
  .map((id) => ({ id, count: countCases(join(import.meta.dirname, `${id}.yaml`)) }));

function countCases(file: string): number {
  try {
    const cases: unknown = parse(readFileSync(file, 'utf8'));
    return Array.isArray(cases) ? cases.length : 0;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return 0;
    throw error;
  }
}

for (const { id, count } of counts) process.stdout.write(`${String(count).padStart(4)}  ${id}\n`);
const total = counts.reduce((sum, { count }) => sum + count, 0);
process.stdout.write(`${String(total).padStart(4)}  cases of ${counts.length} KPIs\n`);
const few = counts.filter(({ count }) => count < fewest);
for (const { id, count } of few) process.stderr.write(`${id} has ${count} cases, and needs ${fewest}\n`);
if (few.length > 0) process.exitCode = 1;
