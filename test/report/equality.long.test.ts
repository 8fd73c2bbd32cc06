import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openCompany, secretsOf, serve } from '../browser/workspace.ts';
import { readSheet } from './unzip.ts';

interface ResultJson {
  readonly kpi: string;
  readonly period: { readonly grain: string; readonly label: string; readonly complete: boolean };
  readonly segment: { readonly kind: string };
  readonly goal: string | null;
  readonly value: number | null;
  readonly unit: string;
}

/** What a CRM keeps of a fraction: Salesforce's number fields have six decimals here. */
const decimals = 6;

it('shows the same number on the page, in Excel, CSV and JSON, and in the CRM, for every KPI', {
  timeout: 300_000,
}, async () => {
  await using company = await openCompany({ size: 1000 });
  const { workspace } = company;
  const all = await workspace.json<ResultJson[]>('results', '--segment', 'company', '--grain', 'month');
  const newest =
    all
      .filter(({ period }) => period.complete)
      .map(({ period }) => period.label)
      .sort()
      .at(-1) ?? '';
  const results = all.filter(({ period }) => period.label === newest);
  const kpis = [...new Set(results.map(({ kpi }) => kpi))];
  expect(kpis.length).toBeGreaterThan(40);

  const report = (file: string) =>
    workspace.json(
      'report',
      '--out',
      file,
      '--grain',
      'month',
      '--period',
      newest,
      '--periods',
      '1',
      '--kpi',
      ...kpis,
    );
  await report('all.csv');
  await report('all.xlsx');
  const csv = readRows(parseCsv(await readFile(join(workspace.folder, 'all.csv'), 'utf8')));
  const excel = readRows(readSheet(await readFile(join(workspace.folder, 'all.xlsx'))));
  await using dashboard = await serve(workspace.folder, secretsOf(company));
  const written = readWritten(company.salesforce, newest);
  let inCrm = 0;
  for (const { kpi, value, goal } of results) {
    const page = await (
      await fetch(new URL(`/kpi/${kpi}?grain=month&period=${newest}&goal=${goal ?? ''}`, dashboard.url))
    ).text();
    const shown = /<div class="score"><p class="quiet">[^<]*<\/p><strong>(?:<data value="([^"]+)">|–)/.exec(
      page,
    );
    expect(shown, kpi).not.toBeNull();
    expect(shown?.[1] === undefined ? null : Number(shown[1]), `page: ${kpi}`).toBe(value);
    expect(csv.get(kpi) === '' ? null : Number(csv.get(kpi)), `CSV: ${kpi}`).toBe(value);
    expect(excel.get(kpi) ?? null, `Excel: ${kpi}`).toBe(value);
    const record = written.get(`${kpi}|${newest}|company|${goal ?? '-'}`);
    if (record === undefined) continue;
    inCrm += 1;
    if (value === null) expect(record, `CRM: ${kpi}`).toBeNull();
    else expect(Number(record), `CRM: ${kpi}`).toBeCloseTo(value, decimals);
  }
  process.stderr.write(
    `${results.length} figures of ${kpis.length} KPIs equal, ${inCrm} of them in the CRM\n`,
  );
  expect(inCrm).toBe(results.length);
});

/** Values by KPI id. */
function readRows([heading = [], ...rows]: readonly (readonly (string | number | null)[])[]): ReadonlyMap<
  string,
  string | number | null
> {
  const [kpi, value] = [heading.indexOf('KPI (id)'), heading.indexOf('Value')];
  return new Map(rows.map((row) => [String(row[kpi]), row[value] ?? null]));
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

function readWritten(
  sandbox: {
    ids(object: string): readonly string[];
    get(object: string, id: string): Readonly<Record<string, unknown>> | undefined;
  },
  period: string,
): ReadonlyMap<string, unknown> {
  const records = sandbox.ids('KPI_Result__c').map((id) => sandbox.get('KPI_Result__c', id) ?? {});
  return new Map(
    records
      .filter((record) => record.Period_Label__c === period && record.Segment_Kind__c === 'company')
      .map((record) => [String(record.Key__c), record.Value__c ?? null]),
  );
}
