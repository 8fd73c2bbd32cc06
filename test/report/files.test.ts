import { describe, expect, it } from 'vitest';
import type { ReportRequest } from '../../src/model/report.ts';
import { csvCell } from '../../src/report/csv-file.ts';
import { makeReport } from '../../src/report/make-report.ts';
import { findBrowser } from '../../src/report/pdf-file.ts';
import { browser } from '../serve/dashboard.ts';
import { monthOf, monthsUntil, openDesk } from './company.ts';
import { readSheet } from './unzip.ts';

const months = monthsUntil('2026-10', 14).map((label, place) => monthOf(label, { value: (10 + place) / 77 }));
const request: ReportRequest = {
  title: 'Review: <October>',
  kpis: [],
  grain: null,
  period: null,
  periods: 3,
  segments: ['company'],
  language: 'en',
};

describe('a report', () => {
  it('has the chosen periods, as the very numbers in Excel and CSV', async () => {
    await using fixture = await openDesk({ results: months });
    const excel = await makeReport(fixture.desk, request, { format: 'xlsx', pdf: browser });
    const [heading = [], ...rows] = readSheet(excel.body);
    const column = heading.indexOf('Value');
    expect(rows.map((row) => row[column])).toEqual(months.slice(-3).map(({ value }) => value));
    expect(rows.map((row) => row[heading.indexOf('Period')])).toEqual(['2026-08', '2026-09', '2026-10']);
    const csv = (await makeReport(fixture.desk, request, { format: 'csv', pdf: browser })).body.toString();
    expect(csv).toMatch(/^\uFEFFKPI,Domain,Period,/);
    expect(
      csv
        .trimEnd()
        .split('\r\n')
        .slice(1)
        .map((line) => Number(line.split(',')[5])),
    ).toEqual(months.slice(-3).map(({ value }) => value));
  });

  it('stands alone as a page: style within, no script, nothing from elsewhere', async () => {
    await using fixture = await openDesk({ results: months });
    const { body } = await makeReport(
      fixture.desk,
      { ...request, language: 'es' },
      { format: 'html', pdf: browser },
    );
    const text = body.toString();
    expect(text).toContain('<html lang="es">');
    expect(text).toContain('<h1>Review: &lt;October&gt;</h1>');
    expect(text).toContain('Tasa de conversión de ventas');
    expect(text).toContain('<style>');
    // Three periods are shown; the limits come from all of them.
    expect(text).toContain('Límites de la variación habitual según 13 periodos completos');
    expect(text).not.toMatch(/<script|<link|src=|href="http|@import|url\(/);
  });

  it('compares the segments of a kind', async () => {
    const owners = ['Ana', '=cmd|calc'].map((name, place) =>
      monthOf('2026-10', {
        segment: { kind: 'owner', id: `005${place}`, name, source: 'sales' },
        value: 0.1 * place,
      }),
    );
    await using fixture = await openDesk({ results: [...months, ...owners] });
    const asked = { ...request, segments: ['owner'] };
    const csv = (await makeReport(fixture.desk, asked, { format: 'csv', pdf: browser })).body.toString();
    expect(csv.trimEnd().split('\r\n')).toHaveLength(3);
    expect(csv).toContain(",'=cmd|calc,");
  });

  it('says what to install where no browser prints a PDF', async () => {
    await using fixture = await openDesk({ results: months });
    await expect(
      makeReport(fixture.desk, request, { format: 'pdf', pdf: { ...browser, path: '/nowhere' } }),
    ).rejects.toMatchObject({ kind: 'usage', fix: expect.stringContaining('apt install chromium') });
    expect(findBrowser('/nowhere:/also/nowhere')).toBeNull();
  });
});

describe('a cell of CSV', () => {
  it.each([
    ['=1+1', "'=1+1"],
    ['@sum(a1)', "'@sum(a1)"],
    ['-2+3', "'-2+3"],
    ['\tx', '"\'\tx"'],
    ['a,"b"', '"a,""b"""'],
    ['two\nlines', '"two\nlines"'],
  ])('%j is written as %j', (value, written) => expect(csvCell(value)).toBe(written));

  it('is a number when it is one, also below zero', () => {
    expect([csvCell(-0.5), csvCell(1e21), csvCell(null), csvCell(true)]).toEqual([
      '-0.5',
      '1e+21',
      '',
      'true',
    ]);
  });
});
