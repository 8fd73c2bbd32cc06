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

/** 36 months to January 2026; newest year: 30 + 60 of 240 won; the year before 12 + 48; before that 12 + 36. */
function deals(): string {
  const rows = ['id,name,account_id,outcome,closed_on,created_at,amount_minor,currency'];
  for (let back = 0; back < 36; back++) {
    const day = new Date(Date.UTC(2026, -back, 10)).toISOString().slice(0, 10);
    const year = Math.floor(back / 12);
    const small = year === 0 ? (wonSmall[11 - back] ?? 0) : 1;
    for (const [account, won] of [
      ['S', small],
      ['L', wonLarge[year] ?? 0],
    ] as const)
      for (let i = 0; i < 10; i++) {
        const outcome = i < won ? 'won' : 'lost';
        rows.push(
          `${account}${back}-${i},Deal,${account},${outcome},${day},2022-01-01T00:00:00Z,10000,EUR`,
        );
      }
  }
  for (const [id, amount, probability, due] of [
    ['O1', 100_000, 0.5, '2026-02-27'],
    ['O2', 30_000, 0.1, '2026-02-28'],
    ['O3', 90_000, 0.5, '2026-03-01'],
  ] as const)
    open.push(`${id},S,open,${amount},EUR,${probability},${due},2026-01-15T00:00:00Z`);
  return `${rows.join('\n')}\n`;
}

const open: string[] = [];
const accounts = 'id,name,category\nS,Small Ltd,small\nL,Large plc,large\n';

/** Each month of the newest year 2 cases about bills and 1 about delivery. */
const tickets = Array.from({ length: 12 }, (_, back) => {
  const at = new Date(Date.UTC(2026, -back, 10, 9)).toISOString();
  return ['bills', 'bills', 'delivery'].map((category, i) => `${back}-${i},${category},${at},0`);
}).flat();

async function fill(workspace: TestWorkspace): Promise<void> {
  const write = (file: string, text: string) => writeFile(join(workspace.folder, file), text);
  await write('deal.csv', deals());
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
    ['en', 'now 37.5 %; 4 of 12 months reached 45.0 %; the best 45.0 %; ', 'weighs most: 60 % of what is missing'],
    ['es', 'ahora 37,5 %; 4 de 12 meses alcanzaron 45,0 %; el mejor 45,0 %; ', 'es lo que más pesa: 60 % de lo que falta'],
  ])('is proposed a goal that a quarter of its months reached, and why (%s)', async (language, why, weight) => {
    await using workspace = await makeWorkspace(settingsIn(language));
    await fill(workspace);
    const { goals } = await workspace.json<{ goals: { atLeast: number; reason: string }[] }>(
      'goals',
      'propose',
      'win_rate',
      ...asOf,
    );
    expect(goals).toMatchObject([{ kpi: 'win_rate', every: 'month', atLeast: 0.45, baseline: { value: 0.375 } }]);
    expect(goals[0]?.reason).toContain(why);
    expect(goals[0]?.reason).toContain(weight);
  });
});
