import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { settingsJsonSchema } from '../config/reference.ts';
import { loadCatalog, readKpiFiles } from '../evaluate/catalog.ts';
import { formatKnown } from '../evaluate/known-kpis.ts';
import { commonColumns, entityTables } from '../model/entities.ts';
import { createQueryChecker } from '../store/facts.ts';
import { commands } from './command-lines.ts';
import { jsonShapes } from './json-shapes.ts';
import { packageFile } from './places.ts';

/** Writes the generated files, or with --check tells which are not up to date. */
async function generate(): Promise<void> {
  const files: Readonly<Record<string, string>> = {
    'config/schema.json': `${JSON.stringify(settingsJsonSchema(), null, 2)}\n`,
    'config/kpis.jsonl': await knownKpis(),
    'docs/reference.md': await referencePage(),
  };
  const check = process.argv.includes('--check');
  const stale = Object.entries(files).filter(([name, text]) => readOrNull(packageFile(name)) !== text);
  for (const [name, text] of stale) {
    if (check) process.stderr.write(`${name} is not up to date: run \`npm run generate\` and commit it.\n`);
    else write(packageFile(name), text);
  }
  if (check && stale.length > 0) process.exitCode = 1;
}

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

function readOrNull(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}

async function referencePage(): Promise<string> {
  return [
    '# Reference',
    'Generated from the sources by `npm run generate`.',
    ...commandSection(),
    ...(await kpiSection()),
    ...tableSection(),
    '',
  ].join('\n\n');
}

function commandSection(): readonly string[] {
  const sections = commands.map(({ name, about, example, args = [], options = [] }) => {
    const usage = [name, ...args.map(([arg]) => arg)].join(' ');
    const rows = [
      ...args.map(([arg, text]) => `| \`${arg}\` | ${text} |`),
      ...options.map((option) => `| \`${option.flags}\` | ${option.description} |`),
    ];
    const table = rows.length > 0 ? `\n\n| | |\n|-|-|\n${rows.join('\n')}` : '';
    return `### ${usage}\n\n${about}\n\n    ${example}${table}${jsonText(name)}`;
  });
  return ['## Commands', ...sections];
}

/** What the command prints with --json. */
function jsonText(command: string): string {
  const shapes = (jsonShapes[command] ?? []).map(({ of, shape, about }) => {
    const title = of === undefined ? 'With `--json`:' : `With \`${of}\` and \`--json\`:`;
    return `${title}${about ? ` ${about}` : ''}\n\n    ${shape}`;
  });
  return shapes.length > 0 ? `\n\n${shapes.join('\n\n')}` : '';
}

const shippedKpis = { folders: [packageFile('config', 'kpis')], check: createQueryChecker() };

/** What the shipped files say, so that no command has to parse and check them anew. */
async function knownKpis(): Promise<string> {
  const files = await readKpiFiles(shippedKpis);
  return formatKnown(files.flatMap(({ text, read }) => ('kpi' in read ? [{ text, kpi: read.kpi }] : [])));
}

async function kpiSection(): Promise<readonly string[]> {
  const catalog = await loadCatalog(shippedKpis);
  const rows = catalog.map(
    ({ id, label, unit, better, kind, dimensions, description }) =>
      `| \`${id}\` | ${label.en} / ${label.es} | ${unit} | ${better} | ${kind} | ${dimensions.join(', ')} | ${description.en} |`,
  );
  return [
    '## KPIs',
    `| id | label | unit | better | kind | dimensions | what it counts |\n|-|-|-|-|-|-|-|\n${rows.join('\n')}`,
  ];
}

function tableSection(): readonly string[] {
  const about =
    "Every table also has `source_id` (the connection), `id` (the CRM's own), `stream` (the CRM's object) and `synced_at`.";
  const tables = Object.entries(entityTables).map(
    ([name, columns]) => `### ${name}\n\n${columnTable(columns)}`,
  );
  return ['## Tables of the store', about, `### In every table\n\n${columnTable(commonColumns)}`, ...tables];
}

function columnTable(columns: Readonly<Record<string, readonly [string, string]>>): string {
  const rows = Object.entries(columns).map(
    ([column, [kind, meaning]]) => `| \`${column}\` | ${kind} | ${meaning} |`,
  );
  return `| column | kind | meaning |\n|-|-|-|\n${rows.join('\n')}`;
}

await generate();
