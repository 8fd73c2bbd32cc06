import { expect, it } from 'vitest';
import { formatValue, plainNumber } from '../../src/model/format.ts';
import type { Language, Unit } from '../../src/model/kpi.ts';

it.each<[number | null, Unit, string | null, Language, string]>([
  [0.18, 'ratio', null, 'en', '18.0 %'],
  [0.18, 'ratio', null, 'es', '18,0 %'],
  [1.5, 'ratio', null, 'en', '150.0 %'],
  [-0.0001, 'ratio', null, 'en', '0.0 %'],
  [-0.05, 'ratio', null, 'en', '-5.0 %'],
  [12_345, 'money', 'EUR', 'en', '123.45 EUR'],
  [123_456_700, 'money', 'EUR', 'en', '1,234,567 EUR'],
  [123_456_700, 'money', 'EUR', 'es', '1.234.567 EUR'],
  [5000, 'money', 'JPY', 'en', '5,000 JPY'],
  [12_345, 'money', null, 'en', '123.45'],
  [30, 'hours', null, 'en', '30.0 h'],
  [336, 'hours', null, 'en', '14.0 d'],
  [1234, 'count', null, 'es', '1.234'],
  [0.5, 'count', null, 'en', '0.5'],
  [42, 'points', null, 'en', '42'],
  [7.25, 'months', null, 'en', '7.3 mo'],
  [7.25, 'months', null, 'es', '7,3 meses'],
  [null, 'ratio', null, 'en', '–'],
])('%s as %s (%s, %s) reads %s', (value, unit, currency, language, text) => {
  expect(formatValue(value, { unit, currency, language })).toBe(text);
});

it('only money changes its unit on the way out', () => {
  expect(plainNumber(12_345, 'money', 'EUR')).toBe(123.45);
  expect(plainNumber(12_345, 'count', 'EUR')).toBe(12_345);
  expect(plainNumber(null, 'money', 'EUR')).toBeNull();
});
