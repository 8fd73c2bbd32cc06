import type { Language, Unit } from './kpi.ts';
import { currencyExponent, toMajorUnits } from './money.ts';
import type { Result } from './result.ts';

const locales: Readonly<Record<Language, string>> = { en: 'en-GB', es: 'es-ES' };

/** A figure for people: `18.0 %`, `1,234 EUR`, `30.0 h`. `value` as in a result: money in minor units. */
export function formatValue(
  value: number | null,
  { unit, currency, language }: { unit: Unit; currency: string | null; language: Language },
  format = createNumberFormat(language),
): string {
  if (value === null) return '–';
  switch (unit) {
    case 'ratio':
      return `${format(value * 100, 1)} %`;
    case 'money':
      return formatMoney(value, currency ?? '', format);
    case 'hours':
      return Math.abs(value) >= 24 * 14 ? `${format(value / 24, 1)} d` : `${format(value, 1)} h`;
    case 'count':
      return format(value, Number.isInteger(value) ? 0 : 1);
    case 'points':
      return format(value, 0);
    case 'months':
      return `${format(value, 1)} ${language === 'es' ? 'meses' : 'mo'}`;
  }
}

/** Numbers of a language with so many digits. Making a formatter is slow: whoever writes many numbers keeps this one. */
export function createNumberFormat(language: Language): (number: number, digits: number) => string {
  const made = new Map<number, Intl.NumberFormat>();
  return (number, digits) => {
    let format = made.get(digits);
    if (!format) {
      format = new Intl.NumberFormat(locales[language], {
        minimumFractionDigits: digits,
        maximumFractionDigits: digits,
        useGrouping: 'always',
        signDisplay: 'negative',
      });
      made.set(digits, format);
    }
    return format.format(number);
  };
}

const moreThan: Readonly<Record<Language, string>> = { en: 'more than', es: 'más de' };

/** A result's value for people: of a median that too much goes on for, what it is more than. */
export function formatResult(
  { value, unit, currency, details }: Pick<Result, 'value' | 'unit' | 'currency' | 'details'>,
  language: Language,
): string {
  const how = { unit, currency, language };
  if (value !== null || details?.beyond === undefined) return formatValue(value, how);
  return `${moreThan[language]} ${formatValue(details.beyond, how)}`;
}

function formatMoney(
  minor: number,
  currency: string,
  format: (number: number, digits: number) => string,
): string {
  const major = toMajorUnits(minor, currency);
  return `${format(major, Math.abs(major) >= 1000 ? 0 : currencyExponent(currency))} ${currency}`.trim();
}

/** The number that JSON, tables and the CRM carry: money in major units, else as it is. */
export function plainNumber(value: number | null, unit: Unit, currency: string | null): number | null {
  if (value === null || unit !== 'money') return value;
  return toMajorUnits(value, currency ?? '');
}
