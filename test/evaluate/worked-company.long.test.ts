import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeWorkspace, type TestWorkspace } from '../acceptance/cli.ts';

const asOf = ['--as-of', '2026-02-20T12:00:00Z'] as const;
const settingsIn = (language: string) => `timeZone: Europe/Madrid
language: ${language}
currency: EUR
segments: [company, owner]
grains: [month]
connections:
  files: { connector: csv, path: ./*.csv }
`;

/** Of 10 deals each month, won with small customers; with large ones 5, 4 and 3 in the three years. */
const wonSmall = [1, 1, 1, 1, 2, 2, 3, 3, 4, 4, 4, 4];
const wonLarge = [5, 4, 3];

const columns =
  'id,account_id,outcome,closed_on,expected_close_on,probability,created_at,amount_minor,currency,name';
const created = '2022-01-01T00:00:00Z';

/** 36 months to January 2026; newest year: 30 + 60 of 240 won; the year before 12 + 48; before that 12 + 36. */
function closedDeals(): readonly string[] {
  return Array.from({ length: 36 }, (_, back) => {
    const day = new Date(Date.UTC(2026, -back, 10)).toISOString().slice(0, 10);
    const year = Math.floor(back / 12);
    const won = { S: year === 0 ? (wonSmall[11 - back] ?? 0) : 1, L: wonLarge[year] ?? 0 };
    return (['S', 'L'] as const).flatMap((account) =>
      Array.from({ length: 10 }, (_, i) => {
        const outcome = i < won[account] ? 'won' : 'lost';
        return `${account}${back}-${i},${account},${outcome},${day},,,${created},10000,EUR,Deal`;
      }),
    );
  }).flat();
}

/** Due in February: half of 1,000 EUR and a tenth of 300 EUR. */
const openDeals = [
  `O1,S,open,,2026-02-27,0.5,${created},100000,EUR,Deal`,
  `O2,S,open,,2026-02-28,0.1,${created},30000,EUR,Deal`,
  `O3,L,open,,2026-03-01,0.5,${created},90000,EUR,Deal`,
];
const accounts = 'id,name,category\nS,Small Ltd,small\nL,Large plc,large\n';

/** Each month of the newest year 2 cases about bills and 1 about delivery. */
const tickets = Array.from({ length: 12 }, (_, back) => {
  const at = new Date(Date.UTC(2026, -back, 10, 9)).toISOString();
  return ['bills', 'bills', 'delivery'].map((category, i) => `${back}-${i},${category},${at},0`);
}).flat();

async function fill(workspace: TestWorkspace): Promise<void> {
  const write = (file: string, text: string) => writeFile(join(workspace.folder, file), text);
  await write('deal.csv', [columns, ...closedDeals(), ...openDeals, ''].join('\n'));
  await write('account.csv', accounts);
  await write('ticket.csv', ['id,category,created_at,is_closed', ...tickets, ''].join('\n'));
  await workspace.json('sync');
}

interface Stock {
  readonly years: readonly { readonly num: number; readonly den: number; readonly value: number }[];
  readonly months: readonly { readonly value: number }[];
  readonly segments: readonly {
    readonly segment: { readonly kind: string; readonly id: string };
    readonly num: number;
    readonly den: number;
    readonly weight: number;
  }[];
  readonly weighsMost: { readonly segment: { readonly id: string }; readonly weight: number };
}

describe('a company whose figures were worked out by hand', { timeout: 180_000 }, () => {
  it('stands where they say: 12 months, three years, by category, the one that weighs most', async () => {
    await using workspace = await makeWorkspace(settingsIn('en'));
    await fill(workspace);
    const [rate] = await workspace.json<Stock[]>('baseline', 'win_rate', '--years', '3', ...asOf);
    expect(rate?.years).toMatchObject([
      { num: 90, den: 240, value: 0.375 },
      { num: 60, den: 240, value: 0.25 },
      { num: 48, den: 240, value: 0.2 },
    ]);
    expect(rate?.months.map(({ value }) => value)).toEqual(wonSmall.map((won) => (won + 5) / 20));
    const byCategory = rate?.segments.filter(({ segment }) => segment.kind === 'category');
    // Missing: 90 of 120 with small customers, 60 of 120 with large ones.
    expect(byCategory).toMatchObject([
      { segment: { id: 'small' }, num: 30, den: 120, weight: 0.6 },
      { segment: { id: 'large' }, num: 60, den: 120, weight: 0.4 },
    ]);
    expect(rate?.weighsMost).toMatchObject({ segment: { id: 'small' }, weight: 0.6 });
    const [cases] = await workspace.json<Stock[]>('baseline', 'cases_created', '--years', '5', ...asOf);
    expect(cases?.years[0]).toMatchObject({ num: 36 });
    expect(cases?.years).toHaveLength(5);
    expect(cases?.weighsMost).toMatchObject({ segment: { id: 'bills' }, weight: 24 / 36 });
  });

  it.each([
    [
      'en',
      'now 37.5 %; 4 of 12 months reached 45.0 %; the best 45.0 %; ',
      'weighs most: 60 % of what is missing',
    ],
    [
      'es',
      'ahora 37,5 %; 4 de 12 meses alcanzaron 45,0 %; el mejor 45,0 %; ',
      'es lo que más pesa: 60 % de lo que falta',
    ],
  ])(
    'is proposed a goal that a quarter of its months reached, and why (%s)',
    async (language, why, weight) => {
      await using workspace = await makeWorkspace(settingsIn(language));
      await fill(workspace);
      const { goals } = await workspace.json<{ goals: { atLeast: number; reason: string }[] }>(
        'goals',
        'propose',
        'win_rate',
        ...asOf,
      );
      expect(goals).toMatchObject([
        { kpi: 'win_rate', every: 'month', atLeast: 0.45, baseline: { value: 0.375 } },
      ]);
      expect(goals[0]?.reason).toContain(why);
      expect(goals[0]?.reason).toContain(weight);
    },
  );

  it('shows what is won and what the open pipeline due in the month promises, apart from each other', async () => {
    await using workspace = await makeWorkspace(settingsIn('en'));
    await fill(workspace);
    await workspace.json('evaluate', ...asOf);
    const args = ['results', '--kpi', 'revenue_won', '--segment', 'company', ...asOf] as const;
    type Row = { period: { label: string; complete: boolean }; outlook?: object };
    const rows = await workspace.json<Row[]>(...args);
    const outlooks = rows.filter(({ outlook }) => outlook !== undefined);
    expect(outlooks).toMatchObject([
      {
        period: { label: '2026-02', complete: false },
        outlook: { won: 0, weightedOpen: 530, sum: 530, deals: 2, missing: 0 },
      },
    ]);
    const { stdout } = await workspace.run(...args);
    expect(stdout).toContain(
      'Revenue won 2026-02: 0.00 EUR won, and 530.00 EUR in 2 open deals due by its end, each by its probability.',
    );
  });
});
