import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { run as explain } from '../../src/cli/commands/explain.ts';
import { run as kpi } from '../../src/cli/commands/kpi.ts';
import { run as results } from '../../src/cli/commands/results.ts';
import { run as runAll } from '../../src/cli/commands/run.ts';
import { run as runSync } from '../../src/cli/commands/sync.ts';
import type { CommandContext } from '../../src/cli/context.ts';

let folder = '';
let printed: string[] = [];
let noted: string[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'crm-kpi-own-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function context(json = false): CommandContext {
  printed = [];
  noted = [];
  return {
    flags: {
      config: folder,
      json,
      logLevel: 'silent',
      quiet: true,
      color: false,
      asOf: '2026-02-20',
    },
    version: '0',
    env: {},
    cwd: folder,
    clock: { now: () => Date.parse('2026-02-20T12:00:00Z') },
    signal: new AbortController().signal,
    out: (line) => printed.push(line),
    note: (line) => noted.push(line),
    terminal: { output: false, input: false },
  };
}

const lastJson = () => JSON.parse(printed.join('\n'));

function writeWorkspace(more = ''): void {
  writeFileSync(
    join(folder, 'crm-kpi.yaml'),
    `timeZone: Europe/Madrid
currency: EUR
connections:
  files: { connector: csv, path: ./*.csv }
${more}`,
  );
  writeFileSync(
    join(folder, 'deal.csv'),
    `id,outcome,closed_on,amount,currency,type,next_step
a,won,2026-01-05,100.50,EUR,new,call
b,lost,2026-01-06,40,EUR,new,
c,won,2026-01-07,10,EUR,renewal,
d,open,,10,EUR,new,
e,won,2026-02-01,10,EUR,new,
`,
  );
}

function stored(sql: string): unknown {
  const store = new Database(join(folder, 'data/crm-kpi.db'), { readonly: true });
  try {
    return store.prepare(sql).all();
  } finally {
    store.close();
  }
}

describe('kpi new', () => {
  it('writes a KPI that works and cases that hold, and never overwrites', async () => {
    writeWorkspace();
    expect(await kpi(context(), ['new', 'large_deals'])).toBe(0);
    expect(readFileSync(join(folder, 'kpis/large_deals.sql'), 'utf8')).toContain('id: large_deals');
    expect(await kpi(context(), ['test'])).toBe(0);
    expect(printed).toEqual(['large_deals: 5 of 5 cases hold']);
    await expect(kpi(context(), ['new', 'large_deals'])).rejects.toMatchObject({ kind: 'usage' });
  });

  it('refuses a name that a KPI of ours has, or that is none', async () => {
    writeWorkspace();
    await expect(kpi(context(), ['new', 'win_rate'])).rejects.toMatchObject({
      message: 'There is a KPI called win_rate already.',
    });
    await expect(kpi(context(), ['new', 'Large Deals'])).rejects.toMatchObject({ kind: 'usage' });
  });
});

describe('kpi test', () => {
  it('tells of a case that fails what came out, and which records counted', async () => {
    writeWorkspace();
    await kpi(context(), ['new', 'large_deals']);
    const cases = join(folder, 'kpis/large_deals.yaml');
    writeFileSync(cases, readFileSync(cases, 'utf8').replace('{ value: 2, n: 2 }', '{ value: 3 }'));
    expect(await kpi(context(), ['test', 'large_deals'])).toBe(2);
    expect(printed).toEqual([
      'large_deals: 4 of 5 cases hold',
      '  fails: counts deals won in the month',
      '    value is 2, expected 3',
      '    counted: deal a (1), deal b (1)',
    ]);
  });

  it('names the column that a case has wrong', async () => {
    writeWorkspace();
    await kpi(context(), ['new', 'large_deals']);
    writeFileSync(
      join(folder, 'kpis/large_deals.yaml'),
      '- { it: x, rows: { deal: [{ id: a, amount: 1 }] }, expect: { value: 0 } }\n',
    );
    await expect(kpi(context(), ['test'])).rejects.toMatchObject({
      where: 'rows of deal',
      message: 'There is no column amount.',
    });
  });

  it.each([
    ['rows: { deal: [] }, expect: { value: 0 }, asOf: yesterday', 'asOf: must be an instant'],
    ['rows: { deal: [] }, expect: { value: 0 }, timeZone: Mars/Base', 'timeZone: must be a time zone'],
    ['rows: { deal: [{ outcome: won }] }, expect: { value: 0 }', 'each row must have an id'],
    ['rows: { deal: [{ id: *x }] }, expect: { value: 0 }', 'an alias (*) in it cannot be followed'],
    ['rows: { deals: [] }, expect: { value: 0 }', 'Unrecognized key: "deals"'],
    ['rows: { deal: [{ id: a, created_at: soon }] }, expect: { value: 0 }', 'what is not an instant'],
    ['rows: { deal: [{ id: a, closed_on: 5 }] }, expect: { value: 0 }', 'what is not a day'],
    ['rows: { deal: [{ id: a, amount_minor: many }] }, expect: { value: 0 }', 'what is not a number'],
  ])('refuses the case { %s }', async (text, message) => {
    writeWorkspace();
    await kpi(context(), ['new', 'large_deals']);
    writeFileSync(join(folder, 'kpis/large_deals.yaml'), `- { it: x, ${text} }\n`);
    await expect(kpi(context(), ['test'])).rejects.toMatchObject({
      kind: 'config',
      message: expect.stringContaining(message),
    });
  });

  it('names a field that no result has, and a file of cases that is none', async () => {
    writeWorkspace();
    await kpi(context(), ['new', 'large_deals']);
    const cases = join(folder, 'kpis/large_deals.yaml');
    writeFileSync(cases, '- { it: x, rows: { deal: [] }, expect: { valeu: 0 } }\n');
    expect(await kpi(context(), ['test'])).toBe(2);
    expect(printed[2]).toContain('valeu is no field of a result; there are asOf, attainment');
    writeFileSync(cases, 'a: b\n');
    await expect(kpi(context(), ['test'])).rejects.toMatchObject({
      message: 'The cases cannot be read: it is no list of cases.',
    });
    rmSync(cases);
    mkdirSync(cases);
    await expect(kpi(context(), ['test'])).rejects.toMatchObject({
      message: 'The cases cannot be read: the file is a folder.',
    });
  });

  it('computes a KPI that derives from others', async () => {
    writeWorkspace();
    await kpi(context(), ['new', 'won_per_closed']);
    writeFileSync(
      join(folder, 'kpis/won_per_closed.sql'),
      `/*
id: won_per_closed
label: { en: Won per closed, es: Ganadas por cerrada }
unit: ratio
better: higher
kind: flow
derive: { num: deals_won.num, den: win_rate.den }
*/
`,
    );
    writeFileSync(
      join(folder, 'kpis/won_per_closed.yaml'),
      `- it: divides one sum by another
  rows: { deal: [{ id: a, outcome: won, closed_on: 2026-01-05 }, { id: b, outcome: lost, closed_on: 2026-01-05 }] }
  expect: { num: 1, den: 2, value: 0.5 }
`,
    );
    expect(await kpi(context(), ['test'])).toBe(0);
  });
});

it('kpi list and show say what each KPI counts, and why it has no value', async () => {
  writeWorkspace();
  await runSync(context(), [], {});
  await kpi(context(true), ['list']);
  const rows = lastJson() as { kpi: string; noValue: string | null; own: boolean }[];
  expect(rows.find((row) => row.kpi === 'csat')?.noValue).toBe('no connection delivers survey_answer');
  expect(rows.find((row) => row.kpi === 'win_rate')).toMatchObject({ noValue: null, own: false });
  await kpi(context(true), ['show', 'win_rate']);
  expect(lastJson()).toMatchObject({ kpi: 'win_rate', needs: ['deal'], unit: 'ratio' });
  expect(lastJson().columns).toContain('deal.outcome');
});

describe('explain', () => {
  it('tells what does not count and why, and which rule gave the status', async () => {
    writeWorkspace('goals: [{ kpi: win_rate, every: month, atLeast: 0.6, minN: 1 }]\n');
    await runAll(context(), [], {});
    await explain(context(true), ['win_rate'], { period: '2026-01', limit: 10 });
    const told = lastJson();
    expect(told.exclusions).toEqual([
      { reason: 'outside the period', n: 1 },
      { reason: 'still open', n: 1 },
      { reason: 'a renewal', n: 1 },
    ]);
    expect(told.rule).toBe('50.0 % against at least 60.0 %; short of the target by more than 10.0 % of it');
    expect(told.formula).toContain('never a mean of rates');
  });

  it('tells which records came since the evaluation before', async () => {
    writeWorkspace();
    await runAll(context(), [], {});
    const file = join(folder, 'deal.csv');
    writeFileSync(file, `${readFileSync(file, 'utf8')}f,lost,2026-01-09,1,EUR,new,\n`);
    const later: CommandContext = { ...context(), clock: { now: () => Date.parse('2026-02-20T13:00:00Z') } };
    await runAll(later, [], {});
    await explain(context(true), ['win_rate'], { period: '2026-01', limit: 10 });
    const { changes } = lastJson();
    expect(changes.records.map(({ id }: { id: string }) => id)).toEqual(['f']);
  });

  it('says of a KPI without data what is missing, by name', async () => {
    writeWorkspace();
    await runAll(context(), [], {});
    await expect(explain(context(), ['csat'], { limit: 10 })).rejects.toMatchObject({
      message: 'It has no value: no connection delivers survey_answer.',
    });
  });
});

describe('a KPI whose inputs are not there', () => {
  it('has a row without a value and with the reason, where it is asked for', async () => {
    writeWorkspace(`goals:
  - { kpi: csat, every: month, atLeast: 0.8 }
  - { kpi: gross_margin_rate, every: month, atLeast: 0.3 }
`);
    await runAll(context(), [], {});
    await results(context(true), [], { grain: 'month', period: '2026-01' });
    const rows = lastJson() as { kpi: string; value: number | null; reason: string | null; status: string }[];
    expect(rows.find((row) => row.kpi === 'csat')).toMatchObject({
      value: null,
      status: 'no_data',
      flags: ['no_source'],
      reason: 'no connection delivers survey_answer',
    });
    expect(rows.find((row) => row.kpi === 'gross_margin_rate')).toMatchObject({
      value: null,
      flags: ['no_input'],
      reason: 'no record of files has deal.cost_minor',
    });
  });
});

describe('the kpis of the settings', () => {
  it('leave columns null that none of them needs, and one more brings them back', async () => {
    const amounts = async () => {
      await results(context(true), [], {
        kpi: 'revenue_won',
        grain: 'month',
        period: '2026-01',
        segment: 'company',
      });
      return (lastJson() as { value: number }[]).map(({ value }) => value);
    };
    writeWorkspace('kpis: [win_rate, sales_cycle_hours]\n');
    await runAll(context(), [], {});
    expect(stored('select amount_minor, next_step from deal')).toEqual(
      Array.from({ length: 5 }, () => ({ amount_minor: null, next_step: null })),
    );
    expect(stored('select count(type) as types from deal')).toEqual([{ types: 5 }]);
    writeWorkspace('kpis: [win_rate, revenue_won]\n');
    await runAll(context(), [], {});
    expect(await amounts()).toEqual([110.5]);
  });
});
