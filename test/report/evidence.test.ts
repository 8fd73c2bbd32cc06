import { expect, it } from 'vitest';
import type { StoredFinding } from '../../src/model/finding.ts';
import { evidenceList, measureText } from '../../src/report/evidence.ts';
import { createFormat } from '../../src/report/format.ts';
import { readCatalog } from './company.ts';

const catalog = await readCatalog();
const scaleOf = (language: 'en' | 'es', kpi: string) => ({
  ...{ currency: 'EUR', format: createFormat(language, 'Europe/Madrid') },
  kpi: catalog.find(({ id }) => id === kpi) ?? null,
});
const findingOf = (evidence: StoredFinding['evidence']) => ({ evidence }) as StoredFinding;

it('the figures behind a finding are in the unit of its KPI, in the words of the page', () => {
  const finding = findingOf({
    ...{ value: 20_300_000, target: 50_000_000, status: 'off_target', period: '2026-11', n: 14 },
    ...{ certainty: 'unknown', worst_id: '00E5', worst_team: 'Sales <Iberia>', worst_share: 0.619 },
  });
  const english = String(evidenceList(finding, scaleOf('en', 'revenue_won')));
  expect(english).toContain('<dt>value</dt><dd>203,000 EUR</dd>');
  expect(english).toContain('<dt>status</dt><dd>Off target</dd>');
  expect(english).toContain('<dd>Sales &lt;Iberia&gt;</dd>');
  expect(english).not.toMatch(/certainty|worst id|00E5/);
  const spanish = String(evidenceList(finding, scaleOf('es', 'revenue_won')));
  expect(spanish).toContain('<dt>objetivo</dt><dd>500.000 EUR</dd>');
  expect(spanish).toContain('<dt>periodo</dt><dd>noviembre de 2026</dd>');
  expect(spanish).toContain('<dt>su parte de lo que falta</dt><dd>61,9 %</dd>');
});

it('days of the week are those of the language', () => {
  const finding = findingOf({ late_when: 'sunday 08-18, thursday 17-23' });
  expect(String(evidenceList(finding, scaleOf('es', 'win_rate')))).toContain('domingo 08-18, jueves 17-23');
  expect(String(evidenceList(finding, scaleOf('en', 'win_rate')))).toContain('Sunday 08-18, Thursday 17-23');
});

it('what nobody has explained is told as it is', () => {
  const list = String(evidenceList(findingOf({ odd_thing: 3, p: 0.0004 }), scaleOf('en', 'win_rate')));
  expect(list).toContain('<dt>odd thing</dt><dd>3</dd>');
  expect(list).toContain('<dt>p</dt><dd>&lt; 0.001</dd>');
});

it.each([
  ['days', 12, '12 d'],
  ['minor_units', 123_456, '1,235 EUR'],
  ['hours', 30, '30.0 h'],
  ['closed_at', Date.parse('2026-10-31T12:00:00Z'), '31 Oct 2026'],
  ['moves', 4, '4'],
])('a record that is bad by its %s tells the unit', (measure, value, text) => {
  expect(measureText(findingOf({ measure }), value, scaleOf('en', 'win_rate'))).toBe(text);
});
