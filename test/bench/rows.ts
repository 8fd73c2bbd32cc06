import { once } from 'node:events';
import { createWriteStream, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { constants, gzipSync } from 'node:zlib';

/** What the connector asks of an org with one currency and one field of its own (`deal.lost_reason`): 20 columns. */
export const columns = [
  'Id',
  'StageName',
  'IsClosed',
  'IsWon',
  'CloseDate',
  'Name',
  'Amount',
  'Probability',
  'Type',
  'LeadSource',
  'CampaignId',
  'NextStep',
  'AccountId',
  'OwnerId',
  'CreatedById',
  'ForecastCategoryName',
  'CreatedDate',
  'LastModifiedDate',
  'SystemModstamp',
  'IsDeleted',
] as const;

export const rowsPerSet = 50_000;
const from = Date.UTC(2022, 0, 1);
const stages = ['Prospecting', 'Qualification', 'Negotiation/Review', 'Closed Won', 'Closed Lost'];
const sources = ['Web', 'Phone Inquiry', 'Partner Referral', 'Purchased List', 'Other'];

const idOf = (prefix: string, number: number) => `${prefix}${String(number).padStart(12, '0')}AAA`;
const instantOf = (minutes: number) => new Date(from + minutes * 60_000).toISOString();

/** The record with this number, as the Bulk API writes it: every value text. */
export function cellsOf(number: number): readonly string[] {
  const stage = number % stages.length;
  const created = instantOf(number % 2_000_000);
  const changed = instantOf((number % 2_000_000) + 10_000);
  return [
    idOf('006', number),
    stages[stage] ?? '',
    String(stage > 2),
    String(stage === 3),
    changed.slice(0, 10),
    number % 7 === 0
      ? `Renewal "gold" ${number}`
      : `Opportunity of company ${number % 90_000} number ${number}`,
    amountOf(number),
    `${stage * 20}.0`,
    number % 3 === 0 ? 'New Business' : 'Existing Business',
    sources[number % sources.length] ?? '',
    number % 4 === 0 ? idOf('701', number % 300) : '',
    number % 5 === 0
      ? `Call back on Monday,\nthen send the "final" offer`
      : 'Waiting for the answer of the board',
    idOf('001', (number * 7919) % 200_000),
    idOf('005', number % 400),
    idOf('005', (number + 13) % 400),
    number % 2 === 0 ? 'Pipeline' : 'Best Case',
    created,
    changed,
    changed,
    'false',
  ];
}

export const amountOf = (number: number): string => `${(number * 37) % 100_000}.${number % 10}`;

/** Sum of the amounts of so many records. */
export function sumOf(rows: number): number {
  let tenths = 0;
  for (let number = 0; number < rows; number += 1) tenths += ((number * 37) % 100_000) * 10 + (number % 10);
  return tenths / 10;
}

const lineOf = (cells: readonly string[]) =>
  `${cells.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(',')}\n`;

/** One file for the sqlite3 shell, and the same in sets of results as Salesforce sends them, zipped before anything is measured. */
export async function writeRows(
  folder: string,
  rows: number,
): Promise<{ readonly file: string; readonly bytes: number }> {
  const file = join(folder, 'rows.csv');
  const header = lineOf(columns);
  const whole = createWriteStream(file);
  let bytes = header.length;
  whole.write(header);
  for (let start = 0; start < rows; start += rowsPerSet) {
    const lines: string[] = [];
    for (let number = start; number < Math.min(rows, start + rowsPerSet); number += 1)
      lines.push(lineOf(cellsOf(number)));
    const text = Buffer.from(lines.join(''));
    bytes += text.length;
    if (!whole.write(text)) await once(whole, 'drain');
    const set = Buffer.concat([Buffer.from(header), text]);
    writeFileSync(setFile(folder, start), gzipSync(set, { level: constants.Z_BEST_SPEED }));
  }
  whole.end();
  await finished(whole);
  return { file, bytes };
}

export const setFile = (folder: string, start: number): string => join(folder, `set-${start}.csv.gz`);

const numeric = new Set(['Amount', 'Probability']);

/** The same record as REST gives it. */
export function recordOf(number: number, stamp: string | null = null): Readonly<Record<string, unknown>> {
  const cells = cellsOf(number);
  const record: Record<string, unknown> = {
    attributes: { type: 'Opportunity', url: `/sobjects/Opportunity/${cells[0]}` },
  };
  for (const [place, name] of columns.entries()) {
    const cell = cells[place] ?? '';
    if (name.startsWith('Is')) record[name] = cell === 'true';
    else record[name] = cell === '' ? null : numeric.has(name) ? Number(cell) : cell.replace(/Z$/, '+0000');
  }
  if (stamp !== null)
    Object.assign(record, { SystemModstamp: stamp, LastModifiedDate: stamp, NextStep: `Changed ${stamp}` });
  return record;
}
