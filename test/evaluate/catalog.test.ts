import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadCatalog } from '../../src/evaluate/catalog.ts';
import { RunError } from '../../src/model/errors.ts';
import type { Kpi } from '../../src/model/kpi.ts';
import { openWorkspace, shippedKpis, type Workspace } from './workspace.ts';

let folder: string;
let workspace: Workspace;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'crm-kpi-catalog-'));
  workspace = await openWorkspace();
});
afterEach(async () => {
  rmSync(folder, { recursive: true, force: true });
  await workspace[Symbol.asyncDispose]();
});

const header = `/*
id: mine
label: { en: Mine, es: Mío }
domain: sales   unit: count   better: higher   kind: flow
*/
`;
const query = "select source_id, 'deal' as object, id, closed_on as day, 1 as num from deal";

function load(folders = [folder], mapped: readonly string[] = []): Promise<readonly Kpi[]> {
  return loadCatalog({ folders, check: (sql) => workspace.store.checkQuery(sql), mapped });
}

function write(text: string, name = 'mine.sql'): void {
  writeFileSync(join(folder, name), text);
}

async function refusal(text: string): Promise<string> {
  write(text);
  const error = await load().catch((caught: unknown) => caught);
  if (!(error instanceof RunError)) throw new Error('not refused');
  expect(error.kind).toBe('config');
  return error.message;
}

describe('a KPI file', () => {
  it('may hold several keys on one line, and is complete with few', async () => {
    write(`${header}${query};\n`);
    const [kpi] = await load();
    expect(kpi).toMatchObject({
      id: 'mine',
      label: { en: 'Mine', es: 'Mío' },
      description: { en: 'Mine', es: 'Mío' },
      domain: 'sales',
      unit: 'count',
      better: 'higher',
      kind: 'flow',
      dimensions: [],
      needs: ['deal'],
      money: [],
      withinMs: null,
      maturesMs: null,
      sql: query,
    });
    expect(kpi?.version).toMatch(/^[0-9a-f]{8}$/);
  });

  it('keeps its version when only spaces and comments change, and gets a new one when the query does', async () => {
    const versions: (string | undefined)[] = [];
    for (const text of [
      query,
      `${query.replaceAll(' ', '\n')} -- the same`,
      `${query} where outcome = 'won'`,
    ]) {
      write(header + text);
      versions.push((await load())[0]?.version);
    }
    expect(versions[0]).toBe(versions[1]);
    expect(versions[2]).not.toBe(versions[0]);
  });

  it('takes mapped dimensions only where they are known', async () => {
    write(`${header.replace('*/', 'dimensions: [owner, region]\n*/')}${query}`);
    await expect(load()).rejects.toThrow('mine.sql:5 has the unknown dimension "region"');
    expect((await load([folder], ['region']))[0]?.dimensions).toEqual(['owner', 'region']);
  });

  it('may name texts that look like forbidden words', async () => {
    write(`${header}${query} where lost_reason is distinct from 'drop table; 1/0 like' -- delete ;\n`);
    expect(await load()).toHaveLength(1);
  });
});

describe('refuses, with file, line and fix,', () => {
  it.each([
    ['a file without header', query, 'mine.sql:1 has no header'],
    ['a second statement', `${header}${query};\ndelete from deal`, 'mine.sql:7 uses DELETE'],
    ['a chained select', `${header}${query}; select 1`, 'mine.sql:6 has more than one statement'],
    ['what is no select', `${header}update deal set id = 1`, 'mine.sql:6 starts with "update"'],
    ['attaching files', `${header}attach 'x' as y`, 'starts with "attach"'],
    ["a CRM's own name", `${header}${query.replace('from deal', 'from Opportunity')}`, "Salesforce's name"],
    ['a CRM name that is a keyword', `${header}${query.replace('from deal', 'from Case')}`, 'Use ticket'],
    [
      'a table that is not there',
      `${header}${query.replace('from deal', 'from deal, secrets s')}`,
      'reads "secrets"',
    ],
    [
      "another schema's table",
      `${header}${query.replace('from deal', 'from main.deal')}`,
      'reads "main.deal"',
    ],
    [
      'the list of tables',
      `${header}${query.replace('from deal', 'from sqlite_master')}`,
      'reads "sqlite_master"',
    ],
    ['a quotient', `${header}${query.replace('1 as num', 'amount_minor / 100 as num')}`, 'divides by itself'],
    ['julianday', `${header}${query.replace('1 as num', 'julianday(closed_on) as num')}`, 'uses julianday'],
    ['date()', `${header}${query.replace('1 as num', 'date(closed_on) as num')}`, 'uses date'],
    ['iif', `${header}${query.replace('1 as num', 'iif(1, 1, 0) as num')}`, 'Use case when'],
    ['ifnull', `${header}${query.replace('1 as num', 'ifnull(amount_minor, 0) as num')}`, 'Use coalesce'],
    ['json', `${header}${query.replace('1 as num', "json_extract(name, '$') as num")}`, 'uses json_extract'],
    ['LIKE', `${header}${query} where name LIKE 'A%'`, 'uses like'],
    ['median', `${header}${query.replace('1 as num', 'median(amount_minor) as num')}`, 'uses median'],
    ['max of two', `${header}${query.replace('1 as num', 'max(amount_minor, 0) as num')}`, 'only SQLite has'],
    [
      'cast to date',
      `${header}${query.replace('1 as num', 'cast(closed_on as date) as num')}`,
      'casts to a date',
    ],
    [
      'a missing anchor',
      `${header}${query.replace('closed_on as day, ', '')}`,
      'returns no anchor: at or day',
    ],
    ['a missing measure', `${header}${query.replace(', 1 as num', '')}`, 'returns no measure: num'],
    ['a missing id', `${header}${query.replace(' id,', '')}`, 'returns no column id'],
    [
      'a column that is not there',
      `${header}${query.replace('closed_on', 'close_date')}`,
      'no such column: close_date',
    ],
    ['a parameter of its own', `${header}${query} where name = :name`, 'uses the parameter :name'],
    ['an endless text', `${header}${query} where name = 'x`, 'never ends'],
    ['an endless comment', `${header}${query} /* and`, 'never ends'],
    [
      'an unknown key',
      `${header.replace('*/', 'colour: red\n*/')}${query}`,
      'mine.sql:5 has a header with "colour", which is no key',
    ],
    ['a number as its parameter', `${header}${query} where id = $1`, 'uses the parameter $1'],
    ['a header that is never closed', `${header.replace('*/', '')}${query}`, 'has a header that never ends'],
    [
      'a header without a label in Spanish',
      `${header.replace(', es: Mío', '')}${query}`,
      'mine.sql:3 has a header without label.es.\n  Fix: Write it in both languages',
    ],
    ['a header that is a remark', `/* my KPI */ ${query}`, 'is no list of keys with values'],
    [
      'a header with an alias of nothing',
      `${header.replace('domain: sales', 'domain: *sales')}${query}`,
      'an alias (*) that cannot be followed',
    ],
    [
      'a query that reads itself',
      `${header}with recursive c(n) as (select 1 union all select n + 1 from c) ${query}, c`,
      'has a query, c, that reads itself',
    ],
    [
      'one that does so without the word',
      `${header}with c as (select id from deal union all select id from c) ${query}`,
      'has a query, c, that reads itself',
    ],
    [
      'an unknown unit',
      `${header.replace('unit: count', 'unit: euros')}${query}`,
      'mine.sql:4 has a wrong header: unit',
    ],
    ['a missing label', `${header.replace(/label.*\n/, '')}${query}`, 'label'],
    ['a ratio without den', `${header.replace('unit: count', 'unit: ratio')}${query}`, 'without den'],
    [
      'money without a currency',
      `${header.replace('unit: count', 'unit: money')}${query}`,
      'without its currency',
    ],
  ])('%s', async (_, text, message) => {
    expect(await refusal(text)).toContain(message);
  });

  it('all problems of all files at once', async () => {
    write(`${header}select 1 / 2 from Opportunity`);
    write('no header', 'other.sql');
    const message = await refusal(`${header}select 1 / 2 from Opportunity`);
    expect(message.split('\n').filter((line) => line.includes('.sql:'))).toHaveLength(3);
  });

  it.each([
    ['UTF-16', Buffer.from(`\ufeff${header}${query}`, 'utf16le'), 'is written in UTF-16'],
    ['what is not UTF-8', Buffer.from(header + query, 'latin1'), 'is not written in UTF-8'],
    ['more than 1 MB', Buffer.from(`${header}${query} -- ${'x'.repeat(1_000_000)}`), 'is larger than 1 MB'],
  ])('a file of %s', async (_, bytes, message) => {
    writeFileSync(join(folder, 'mine.sql'), bytes);
    await expect(load()).rejects.toThrow(`mine.sql:1 ${message}`);
  });

  it('what is no file, or cannot be read', async () => {
    mkdirSync(join(folder, 'mine.sql'));
    symlinkSync('/nowhere', join(folder, 'other.sql'));
    const error = await load().catch(String);
    expect(error).toContain('mine.sql:1 is a folder');
    expect(error).toContain('other.sql:1 cannot be read');
  });

  it('an id that another file has', async () => {
    write(header + query);
    write(header + query, 'second.sql');
    await expect(load()).rejects.toThrow('second.sql:1 has the id mine, which mine.sql has already');
  });

  it('an id that a KPI of ours has', async () => {
    write(header.replace('id: mine', 'id: win_rate') + query);
    await expect(load([shippedKpis, folder])).rejects.toThrow(
      'mine.sql:1 has the id win_rate, which a KPI that comes with crm-kpi has already',
    );
  });
});

describe('a query that reads mapped dimensions', () => {
  it('needs the records that have them, as dimensions come with those', async () => {
    const joined = `select d.source_id, 'deal' as object, d.id, d.closed_on as day, 1 as num
      from deal d join dimension x on x.record_id = d.id and x.object = 'deal' where x.value = 'north'`;
    write(`${header}${joined}`);
    expect((await load())[0]?.needs).toEqual(['deal']);
  });
});

describe('the shipped catalogue', () => {
  it('loads, with labels and descriptions in both languages', async () => {
    const kpis = await load([shippedKpis, join(folder, 'none')]);
    expect(kpis.length).toBeGreaterThanOrEqual(20);
    for (const kpi of kpis) {
      expect(kpi.file.endsWith(`${kpi.id}.sql`)).toBe(true);
      expect(kpi.description.en).not.toBe(kpi.label.en);
      expect(kpi.description.es).not.toBe(kpi.description.en);
    }
  });
});
