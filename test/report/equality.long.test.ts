import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { makeWorkspace, type TestWorkspace } from '../acceptance/cli.ts';
import { crms, sandboxDefaults } from '../acceptance/crms.ts';
import { serve } from '../browser/workspace.ts';
import { readSheet } from './unzip.ts';

interface ResultJson {
  readonly kpi: string;
  readonly period: { readonly grain: string; readonly label: string; readonly complete: boolean };
  readonly segment: { readonly kind: string; readonly id?: string };
  readonly goal: string | null;
  readonly value: number | null;
}

/** What a CRM keeps of a fraction: Salesforce's number fields have six decimals here. */
const decimals = 6;
const grains = ['day', 'week', 'month', 'quarter', 'year'] as const;
const kinds = ['company', 'team', 'owner'] as const;
const goals = `grains: [day, week, month, quarter, year]
segments: [company, team, owner]
goals:
  - { kpi: win_rate, every: month, atLeast: 0.20, segments: [company, team, owner] }
  - { kpi: revenue_won, every: quarter, atLeast: 500000 }
  - { kpi: activities_completed, every: week, atLeast: 20, segments: [company, team, owner] }
  - { kpi: cases_created, every: day, atMost: 5, segments: [company, team] }
  - { kpi: case_resolution_hours, every: month, atMost: 24, segments: [company, team] }
publish: { kpis: all, segments: [company, team, owner] }
`;

it.each(crms)(
  'shows the same numbers on pages, in Excel, CSV and JSON, and in $name',
  {
    timeout: 900_000,
  },
  async (crm) => {
    await using sandbox = await crm.start({ ...sandboxDefaults, size: 400 });
    const secrets = crm.secret(sandbox);
    await using workspace = await makeWorkspace(`${crm.settings(sandbox)}${goals}`, secrets);
    await workspace.json('install', 'crm', '--yes');
    await workspace.json('run');
    await using dashboard = await serve(workspace.folder, secrets);
    const written = readWritten(sandbox, crm);
    const tally = { figures: 0, pages: 0, kpis: new Set<string>() };
    const inCrm = new Set<string>();
    for (const grain of grains) {
      const results = await readNewest(workspace, grain);
      const kpis = [...new Set(results.map(({ kpi }) => kpi))];
      const period = results[0]?.period.label ?? '';
      const files = await readFiles(workspace, { grain, period, kpis });
      for (const result of results) {
        const key = keyOf(result);
        expect(files.csv.has(key), `in the CSV: ${key}`).toBe(true);
        expect(files.csv.get(key) === '' ? null : Number(files.csv.get(key)), `CSV: ${key}`).toBe(
          result.value,
        );
        expect(files.excel.get(key) ?? null, `Excel: ${key}`).toBe(result.value);
        tally.figures += 1;
        tally.kpis.add(result.kpi);
        const record = written.get(key);
        if (record === undefined) continue;
        inCrm.add(key);
        if (result.value === null) expect(record === null || record === '', `CRM: ${key}`).toBe(true);
        else expect(Number(record), `CRM: ${key}`).toBeCloseTo(result.value, decimals);
        expect(await readShown(dashboard.url, result), `page: ${key}`).toBe(result.value);
        tally.pages += 1;
      }
      const ofGrain = results.filter((result) => inCrm.has(keyOf(result)));
      expect(ofGrain.length, `records by ${grain} in the CRM`).toBeGreaterThan(0);
      expect(
        [...written.keys()].filter(
          (key) => key.split('|')[1] === period && !inCrm.has(key) && !key.includes(':(none)|'),
        ),
        `records of ${period} that nothing else shows`,
      ).toEqual([]);
    }
    process.stderr.write(
      `${crm.name}: ${tally.figures} figures of ${tally.kpis.size} KPIs equal, ${tally.pages} of them on pages and in the CRM\n`,
    );
    expect(tally.kpis.size).toBeGreaterThan(30);
    expect(tally.pages).toBeGreaterThan(200);
  },
);

/** As the key of a record in the CRM. */
function keyOf({ kpi, period, segment, goal }: ResultJson): string {
  const place = segment.kind === 'company' ? 'company' : `${segment.kind}:${segment.id}`;
  return `${kpi}|${period.label}|${place}|${goal ?? '-'}`;
}

/** Of the latest complete period of a grain. */
async function readNewest(workspace: TestWorkspace, grain: string): Promise<readonly ResultJson[]> {
  const all = await workspace.json<ResultJson[]>('results', '--grain', grain);
  const complete = all.filter(({ period }) => period.complete).map(({ period }) => period.label);
  const newest = complete.sort().at(-1) ?? '';
  const wanted: readonly string[] = kinds;
  const found = all.filter(({ period, segment }) => period.label === newest && wanted.includes(segment.kind));
  // Where nothing has a team or an owner, a report does not split by it.
  const split = new Set(
    found.flatMap(({ kpi, segment: { kind, id } }) => (id === '(none)' ? [] : kpi + kind)),
  );
  return found.filter(({ kpi, segment: { kind } }) => split.has(kpi + kind));
}

async function readFiles(
  workspace: TestWorkspace,
  {
    grain,
    period,
    kpis,
  }: { readonly grain: string; readonly period: string; readonly kpis: readonly string[] },
) {
  const flags = ['--grain', grain, '--period', period, '--periods', '1', '--kpi', ...kpis];
  const report = (file: string) => workspace.json('report', '--out', file, ...flags, '--segment', ...kinds);
  await report('all.csv');
  await report('all.xlsx');
  return {
    csv: readRows(parseCsv(await readFile(join(workspace.folder, 'all.csv'), 'utf8'))),
    excel: readRows(readSheet(await readFile(join(workspace.folder, 'all.xlsx')))),
  };
}

async function readShown(url: string, { kpi, period, segment, goal }: ResultJson): Promise<number | null> {
  const query = new URLSearchParams({ grain: period.grain, period: period.label, goal: goal ?? '' });
  if (segment.id !== undefined) query.set('segment', `${segment.kind}:${segment.id}`);
  const page = await (await fetch(new URL(`/kpi/${kpi}?${query}`, url))).text();
  const shown =
    /<div class="score"><p class="quiet">[^<]*<\/p><strong(?: class="long")?>(?:<data value="([^"]+)">|No data)/.exec(
      page,
    );
  expect(shown, `${kpi} ${query}`).not.toBeNull();
  return shown?.[1] === undefined ? null : Number(shown[1]);
}

/** Values by the key of their result. */
function readRows([heading = [], ...rows]: readonly (readonly (string | number | null)[])[]): ReadonlyMap<
  string,
  string | number | null
> {
  const at = (name: string) => heading.indexOf(name);
  const [kpi, period, segment] = [at('KPI (id)'), at('Period'), at('Segment (id)')];
  const [goal, value] = [at('Goal'), at('Value')];
  return new Map(
    rows.map((row) => [`${row[kpi]}|${row[period]}|${row[segment]}|${row[goal] || '-'}`, row[value] ?? null]),
  );
}

function parseCsv(text: string): readonly (readonly string[])[] {
  return text
    .replace(/^\uFEFF/, '')
    .trimEnd()
    .split('\r\n')
    .map((line) =>
      [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(
        ([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? '',
      ),
    );
}

/** Values by key; HubSpot keeps properties in a record of their own. */
function readWritten(
  sandbox: Awaited<ReturnType<(typeof crms)[number]['start']>>,
  { resultObject, keyOf: keyIn }: (typeof crms)[number],
): ReadonlyMap<string, unknown> {
  return new Map(
    sandbox.ids(resultObject).map((id) => {
      const record = sandbox.get(resultObject, id) ?? {};
      const properties = new Map(Object.entries((record.properties ?? record) as object));
      return [keyIn(record), properties.get('Value__c') ?? properties.get('value') ?? null];
    }),
  );
}
