import fc from 'fast-check';
import { expect, it } from 'vitest';
import { currencyExponent, toMajorUnits, toMinorUnits } from '../../src/model/money.ts';

it.each([
  [0.1, 'EUR', 10],
  ['1234.56', 'EUR', 123_456],
  ['-0.5', 'USD', -50],
  [1e21, 'EUR', null],
  ['1e2', 'EUR', 10_000],
  [1e-7, 'EUR', 0],
  ['5.', 'EUR', 500],
  ['.5', 'EUR', 50],
  [5000, 'JPY', 5000],
  ['1.2345', 'KWD', 1234],
  ['12', 'jpy', 12],
  ['0', 'EUR', 0],
  ['-0', 'EUR', 0],
])('%s in %s is %s minor units', (amount, currency, minor) => {
  expect(toMinorUnits(amount, currency)).toBe(minor);
});

it.each([
  ['0.125', 12],
  ['0.135', 14],
  ['0.1251', 13],
  ['-0.125', -12],
  [1.005, 100],
  [2.675, 268],
])('the half of a cent goes to the even one: %s is %s', (amount, minor) => {
  expect(toMinorUnits(amount, 'EUR')).toBe(minor);
});

it.each([
  null,
  undefined,
  '',
  ' ',
  '.',
  '-',
  '1,234.50',
  '12 EUR',
  'NaN',
  Number.NaN,
  Infinity,
  '1e9999',
  '0x10',
])('%s is no amount', (amount) => {
  expect(toMinorUnits(amount, 'EUR')).toBeNull();
});

it('decimal places follow ISO 4217', () => {
  const places = ['EUR', 'JPY', 'BHD', 'CLF', 'XYZ'].map(currencyExponent);
  expect(places).toEqual([2, 0, 3, 4, 2]);
  expect(toMajorUnits(123_456, 'EUR')).toBe(1234.56);
  expect(toMajorUnits(123_456, 'KWD')).toBe(123.456);
});

it('minor units survive the way to major units and back', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: -1e13, max: 1e13 }),
      fc.constantFrom('EUR', 'JPY', 'KWD'),
      (minor, currency) => {
        expect(toMinorUnits(toMajorUnits(minor, currency), currency)).toBe(minor);
      },
    ),
  );
});
