import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { run as explain } from '../../src/cli/commands/explain.ts';
import { run as results } from '../../src/cli/commands/results.ts';
import { run as runAll } from '../../src/cli/commands/run.ts';
import type { CommandContext } from '../../src/cli/context.ts';

let folder = '';
let printed: string[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'crm-kpi-explain-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function context(asOf: string, json = false): CommandContext {
  printed = [];
  return {
    flags: { config: folder, json, logLevel: 'silent', quiet: true, color: false, asOf },
    version: '0',
    env: {},
    cwd: folder,
    clock: { now: () => Date.parse(`${asOf}T22:30:00Z`) },
    signal: new AbortController().signal,
    out: (line) => printed.push(line),
    note: () => {},
    terminal: { output: false, input: false },
  };
}

const lastJson = () => JSON.parse(printed.join('\n'));

function writeSettings(more = ''): void {
  const settings = `timeZone: Europe/Madrid
currency: EUR
connections: { files: { connector: csv, path: ./*.csv } }
kpis: [win_rate, revenue_won, deals_won, mean_win]
${more}`;
  writeFileSync(join(folder, 'crm-kpi.yaml'), settings);
}

function writeDeals(deals: readonly string[]): void {
  writeFileSync(join(folder, 'deal.csv'), `id,outcome,closed_on,amount,currency,type\n${deals.join('\n')}\n`);
}

const closed = (won: number, lost: number, month = '2026-01') =>
  Array.from({ length: won + lost }, (_, place) => {
    const outcome = place < won ? 'won' : 'lost';
    return `${month}-${place},${outcome},${month}-10,100.50,EUR,new`;
  });

const [official, later] = ['2026-02-20', '2026-03-20'];

beforeEach(() => {
  mkdirSync(join(folder, 'kpis'));
  writeFileSync(
    join(folder, 'kpis/mean_win.sql'),
    `/*
id: mean_win
label: { en: Mean win, es: Venta media }
unit: money
better: higher
kind: flow
derive: { num: revenue_won.num, den: deals_won.num }
*/
`,
  );
  writeSettings('goals: [{ kpi: win_rate, every: month, atLeast: 0.2 }]\n');
});

describe('a restated figure', () => {
  it('stands beside what was official, with the causes, and keeps the reason of its status', async () => {
    writeDeals(closed(20, 80));
    await runAll(context(official), [], {});
    writeDeals([...closed(20, 78), 'late,won,2026-01-31,10,EUR,new']);
    await runAll(context(later), [], {});
    await explain(context(later), ['win_rate'], { period: '2026-01', limit: 1 });
    expect(printed).toContain(
      'Restated: was 20.0 % when it became official. Since then: deleted or merged records 0 / −2; records that came later +1 / +1.',
    );
    expect(printed.join('\n')).toContain('On target (20.0 % against at least 20.0 %; the target is met)');
    await results(context(later), [], { kpi: 'win_rate', period: '2026-01' });
    expect(printed.join('\n')).toContain('21.2 % (was 20.0 %)');
  });

  it('is told under the days that it speaks of after the fiscal year was changed', async () => {
    writeDeals(closed(2, 2));
    await runAll(context(later), [], {});
    writeSettings('fiscalYearStart: 4\ngrains: [quarter]\n');
    await runAll(context('2026-05-20'), [], {});
    await explain(context('2026-05-20', true), ['win_rate'], { period: '2026-Q4', limit: 10 });
    expect(lastJson()).toMatchObject({
      result: { num: 2, den: 4, period: { start: '2026-01-01', label: '2026-Q4' } },
      factsTotal: 4,
    });
  });
});

describe('explain', () => {
  it('writes money in major units, in sums as in records and in the KPIs that one is computed from', async () => {
    writeDeals(closed(2, 1));
    await runAll(context(official), [], {});
    await explain(context(official), ['revenue_won'], { period: '2026-01', limit: 1 });
    expect(printed.some((line) => line.startsWith('sum 201; 2 records count'))).toBe(true);
    await explain(context(official), ['mean_win'], { period: '2026-01', limit: 1 });
    expect(printed.filter((line) => line.startsWith('  '))).toEqual([
      '  revenue_won: 201, 2 records',
      '  deals_won: 2, 2 records',
    ]);
    await explain(context(official, true), ['mean_win'], { period: '2026-01', limit: 1 });
    expect(lastJson()).toMatchObject({
      result: { value: 100.5 },
      inputs: [
        { kpi: 'revenue_won', num: 201 },
        { kpi: 'deals_won', num: 2 },
      ],
    });
  });

  it('says how much data a trend and a comparison would take, and judges the newest period', async () => {
    const months = ['2025-07', '2025-08', '2025-09', '2025-10', '2025-11', '2025-12', '2026-01'];
    writeDeals(months.flatMap((month, place) => closed(place === 6 ? 60 : 20 + (place % 2), 80, month)));
    await runAll(context(official), [], {});
    await explain(context(official, true), ['win_rate'], { period: '2026-01', limit: 1 });
    expect(lastJson().routine).toMatchObject({
      method: 'xmr',
      period: '2026-01',
      signals: ['outside'],
      small: false,
      n: 6,
      provisional: true,
    });
    await explain(context(official, true), ['win_rate'], { period: '2025-09', limit: 1 });
    const { notes, routine } = lastJson();
    expect(routine).toBeNull();
    expect(notes).toEqual([
      'Control limits take 6 complete official periods before the newest; there are 2. Periods with fewer than 10 records are left out.',
      'A trend takes 6 complete official periods with a value; there are 3 so far.',
      expect.stringMatching(/^To tell 20\.8 % from 20\.0 % takes about [\d,]+ records per period\.$/),
    ]);
  });
});
