import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeWorkspace, type TestWorkspace } from '../acceptance/cli.ts';

const settings = `timeZone: Europe/Madrid
currency: EUR
segments: [company, owner]
grains: [month]
history: 6
kpis: [revenue_won, deals_won, win_rate, cases_closed, case_resolution_hours, open_deals, new_customers, lost_customers]
connections:
  files: { connector: csv, path: ./*.csv }
`;

const stages = `id,object,pipeline,key,position,is_closed,is_won
s1,deal,sales,offer,1,no,
s2,deal,sales,won,2,yes,yes
s3,deal,sales,lost,3,yes,no
s4,ticket,desk,fresh,1,no,
s5,ticket,desk,done,2,yes,
`;
const accounts = 'id,name,category\nA,Anton Ltd,small\nB,Berta plc,large\n';

const dealColumns =
  'id,name,created_at,updated_at,pipeline,stage,outcome,amount,currency,closed_on,expected_close_on,account_id,owner_id';
/** In March D1 was won for 900; in April it was opened again at 700, and D2, still open in March, was lost. */
const deals = {
  march: [
    'D1,One,2026-01-10T09:00:00Z,2026-03-05T09:00:00Z,sales,won,won,900,EUR,2026-03-05,2026-03-31,A,U1',
    'D2,Two,2026-02-10T09:00:00Z,2026-02-10T09:00:00Z,sales,offer,open,400,EUR,,2026-05-31,B,U1',
    'D3,Three,2026-02-11T09:00:00Z,2026-03-20T09:00:00Z,sales,lost,lost,100,EUR,2026-03-20,2026-03-31,B,U1',
  ],
  april: [
    'D1,One,2026-01-10T09:00:00Z,2026-04-12T09:00:00Z,sales,offer,open,700,EUR,,2026-06-30,A,U1',
    'D2,Two,2026-02-10T09:00:00Z,2026-04-14T09:00:00Z,sales,lost,lost,400,EUR,2026-04-14,2026-05-31,B,U1',
    'D3,Three,2026-02-11T09:00:00Z,2026-03-20T09:00:00Z,sales,lost,lost,100,EUR,2026-03-20,2026-03-31,B,U1',
    'D4,Four,2026-04-02T09:00:00Z,2026-04-03T09:00:00Z,sales,won,won,50,EUR,2026-03-30,2026-03-31,B,U1',
  ],
};

const ticketColumns =
  'id,name,created_at,updated_at,pipeline,status,is_closed,first_closed_at,last_closed_at,reopened_at,owner_id';
/** In March T1 was closed after ten hours; in April it was opened again, and closed once more. */
const tickets = {
  march: [
    'T1,1,2026-03-10T08:00:00Z,2026-03-10T18:00:00Z,desk,done,yes,2026-03-10T18:00:00Z,2026-03-10T18:00:00Z,,U1',
    'T2,2,2026-03-12T08:00:00Z,2026-03-12T08:00:00Z,desk,fresh,no,,,,U1',
  ],
  april: [
    'T1,1,2026-03-10T08:00:00Z,2026-04-09T08:00:00Z,desk,done,yes,2026-03-10T18:00:00Z,2026-04-09T08:00:00Z,2026-04-08T08:00:00Z,U1',
    'T2,2,2026-03-12T08:00:00Z,2026-04-02T08:00:00Z,desk,done,yes,2026-04-02T08:00:00Z,2026-04-02T08:00:00Z,,U1',
  ],
};

const changeColumns = 'id,object,record_id,field,at,from_value,to_value,origin';
const changes = {
  march: [
    'c1,deal,D1,stage,2026-01-10T09:00:00Z,,offer,history',
    'c2,deal,D1,stage,2026-03-05T09:00:00Z,offer,won,history',
    'c3,deal,D2,stage,2026-02-10T09:00:00Z,,offer,history',
    'c4,ticket,T1,status,2026-03-10T08:00:00Z,,fresh,history',
    'c5,ticket,T1,status,2026-03-10T18:00:00Z,fresh,done,history',
    'c6,ticket,T2,status,2026-03-12T08:00:00Z,,fresh,history',
  ],
  april: [
    'c7,deal,D1,stage,2026-04-12T09:00:00Z,won,offer,history',
    'c8,deal,D1,amount_minor,2026-04-12T09:00:00Z,90000,70000,history',
    'c9,deal,D2,stage,2026-04-14T09:00:00Z,offer,lost,history',
    'c10,ticket,T1,status,2026-04-08T08:00:00Z,done,fresh,history',
    'c11,ticket,T1,status,2026-04-09T08:00:00Z,fresh,done,history',
    'c12,ticket,T2,status,2026-04-02T08:00:00Z,fresh,done,history',
  ],
};

async function show(workspace: TestWorkspace, month: 'march' | 'april'): Promise<void> {
  const write = (table: string, header: string, rows: readonly string[]) =>
    writeFile(join(workspace.folder, `${table}.csv`), [header, ...rows, ''].join('\n'));
  await writeFile(join(workspace.folder, 'stage.csv'), stages);
  await writeFile(join(workspace.folder, 'account.csv'), accounts);
  await writeFile(join(workspace.folder, 'actor.csv'), 'id,name,kind,active\nU1,Ulla,user,yes\n');
  await write('deal', dealColumns, deals[month]);
  await write('ticket', ticketColumns, tickets[month]);
  await write(
    'change',
    changeColumns,
    month === 'march' ? changes.march : [...changes.march, ...changes.april],
  );
  await workspace.json('sync');
}

interface Told {
  readonly kpi: string;
  readonly period: { readonly label: string };
  readonly segment: { readonly kind: string; readonly id?: string | null };
  readonly num: number | null;
  readonly den: number | null;
  readonly value: number | null;
  readonly n: number;
}

async function resultsOf(workspace: TestWorkspace, asOf: string): Promise<readonly string[]> {
  const results = await workspace.json<readonly Told[]>('results', '--as-of', asOf);
  return results.map(
    ({ kpi, period, segment, num, den, value, n }) =>
      `${kpi} ${period.label} ${segment.kind} ${num}/${den} ${value} n${n}`,
  );
}

interface Explained {
  readonly result: Told;
  readonly facts: readonly { readonly id: string; readonly num: number; readonly at: string }[];
}

const marchEnd = ['--as-of', '2026-03-31'] as const;

describe('as of the end of March, told in April', { timeout: 60_000 }, () => {
  it('a deal and a case that were opened again since count as they stood', async () => {
    await using early = await makeWorkspace(settings);
    await show(early, 'march');
    await early.json('evaluate', ...marchEnd);
    const told = await resultsOf(early, '2026-03-31');
    expect(told).toContain('revenue_won 2026-03 company 900/null 900 n1');
    expect(told).toContain('win_rate 2026-03 company 1/2 0.5 n2');
    expect(told).toContain('case_resolution_hours 2026-03 company 10/1 10 n1');

    await using late = await makeWorkspace(settings);
    await show(late, 'april');
    await late.json('evaluate', ...marchEnd);
    expect(await resultsOf(late, '2026-03-31')).toEqual(told);
    await late.json('evaluate', '--as-of', '2026-04-30');
    const now = await resultsOf(late, '2026-04-30');
    // What D4 says of itself in April belongs to March, and D1 is won no more.
    expect(now).toContain('revenue_won 2026-03 company 50/null 50 n1');
    expect(now).toContain('case_resolution_hours 2026-04 company 1224/2 612 n2');
  });

  it('explain of the figure of then adds up to it, before and after the next evaluation', async () => {
    await using workspace = await makeWorkspace(settings);
    await show(workspace, 'march');
    await workspace.json('evaluate', ...marchEnd);
    await show(workspace, 'april');
    const period = ['--period', '2026-03'] as const;
    const explain = (kpi: string, ...more: readonly string[]) =>
      workspace.json<Explained>('explain', kpi, ...period, ...more);
    const before = await explain('revenue_won');
    expect(before.facts).toMatchObject([{ id: 'D1', num: 900, at: '2026-03-05' }]);
    expect(before.result).toMatchObject({ num: 900, n: 1 });

    await workspace.json('evaluate', '--as-of', '2026-04-30');
    expect(await explain('revenue_won', ...marchEnd)).toMatchObject({
      result: { num: 900 },
      facts: [{ id: 'D1', num: 900 }],
    });
    expect(await explain('cases_closed', ...marchEnd)).toMatchObject({
      result: { num: 1 },
      facts: [{ id: 'T1', num: 1, at: '2026-03-10T18:00:00.000Z' }],
    });
    expect(await explain('revenue_won')).toMatchObject({
      result: { num: 50 },
      facts: [{ id: 'D4', num: 50 }],
    });
  });
});
