import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { metricTexts } from '../../src/metrics/metrics.ts';

const root = join(import.meta.dirname, '../..');
const page = readFileSync(join(root, 'docs/events.md'), 'utf8');

function sources(folder: string): readonly string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(root, folder, name));
}

/** The last text among the arguments of each call of the log. */
function eventsOf(file: string): readonly string[] {
  const text = readFileSync(file, 'utf8');
  return [...text.matchAll(/\blog\.(?:debug|info|warn|error)\(/g)].map((call) => {
    const start = call.index + call[0].length;
    let end = start;
    for (let depth = 1; depth > 0; end += 1) depth += { '(': 1, ')': -1 }[text[end] ?? ''] ?? 0;
    return [...text.slice(start, end).matchAll(/'([^']+)'/g)].at(-1)?.[1] ?? `${file}: no name`;
  });
}

const inCode = new Set([...sources('src'), ...sources('connectors')].flatMap(eventsOf));

it('every log event has a stable name, and stands in docs/events.md', () => {
  expect([...inCode].filter((event) => !/^[a-z_]+(\.[a-z_]+)?$/.test(event))).toEqual([]);
  expect([...inCode].filter((event) => !page.includes(`\`${event}\``))).toEqual([]);
});

it('docs/events.md names no event that does not exist', () => {
  const rows = page.split('\n').filter((line) => /^\| `(?!crm_kpi)/.test(line));
  const named = rows.flatMap((row) =>
    [...(row.split('|')[1] ?? '').matchAll(/`([^`]+)`/g)].map(([, name]) => name),
  );
  expect(named.filter((event) => !inCode.has(event ?? ''))).toEqual([]);
});

it('every metric stands in docs/events.md', () => {
  expect(Object.keys(metricTexts).filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
});
