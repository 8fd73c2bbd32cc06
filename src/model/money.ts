const exponents: Readonly<Record<string, number>> = {
  BHD: 3,
  BIF: 0,
  CLF: 4,
  CLP: 0,
  DJF: 0,
  GNF: 0,
  IQD: 3,
  ISK: 0,
  JOD: 3,
  JPY: 0,
  KMF: 0,
  KRW: 0,
  KWD: 3,
  LYD: 3,
  OMR: 3,
  PYG: 0,
  RWF: 0,
  TND: 3,
  UGX: 0,
  UYI: 0,
  UYW: 4,
  VND: 0,
  VUV: 0,
  XAF: 0,
  XOF: 0,
  XPF: 0,
};

/** Decimal places of a currency (ISO 4217): 2 unless listed. */
export function currencyExponent(currency: string): number {
  return exponents[currency.toUpperCase()] ?? 2;
}

/**
 * A CRM's amount in minor units, rounded half to even; null for null, '' and what is no number.
 * A number is taken through its shortest decimal form, so 0.1 is exactly 10 cents.
 */
export function toMinorUnits(amount: string | number | null | undefined, currency: string): number | null {
  if (amount === null || amount === undefined) return null;
  if (typeof amount === 'number' && currencyExponent(currency) === 2) {
    const cents = Math.round(amount * 100);
    // Few amounts have more decimals: only those need all their digits looked at.
    if (cents / 100 === amount && Math.abs(cents) < 1e14) return cents + 0;
  }
  const match = /^\s*([+-]?)(\d*)(?:\.(\d*))?(?:e([+-]?\d+))?\s*$/i.exec(String(amount));
  if (!match || (!match[2] && !match[3])) return null;
  const [, sign, whole = '', fraction = '', exponent = '0'] = match;
  const shift = Number(exponent) + currencyExponent(currency) - fraction.length;
  if (Math.abs(shift) > 400) return null;
  const digits = BigInt(whole + fraction);
  const scaled = shift >= 0 ? digits * 10n ** BigInt(shift) : divideHalfEven(digits, 10n ** BigInt(-shift));
  const value = Number(sign === '-' ? -scaled : scaled);
  return Number.isSafeInteger(value) ? value + 0 : null;
}

function divideHalfEven(dividend: bigint, divisor: bigint): bigint {
  const quotient = dividend / divisor;
  const twice = (dividend % divisor) * 2n;
  if (twice < divisor) return quotient;
  if (twice > divisor) return quotient + 1n;
  return quotient + (quotient % 2n);
}

/** Minor units as a decimal number in major units, for people and JSON. */
export function toMajorUnits(minor: number, currency: string): number {
  return minor / 10 ** currencyExponent(currency);
}
