import type { FactStore, SourceInfo } from '../model/fact-store.ts';
import type { Kpi } from '../model/kpi.ts';
import { currencyExponent } from '../model/money.ts';

/** Amounts in minor units, from any currency to the reporting currency at a day's rate; null without a rate. */
export interface Rates {
  /** `dayOf` is asked only where a rate is needed. */
  convert(
    amountMinor: number,
    from: { readonly source: string; readonly currency: string | null; readonly dayOf: () => string },
  ): number | null;
  readonly reporting: string;
  /** An amount without a currency is one in the reporting currency. */
  readonly reportsOwn: boolean;
  /** Whether a KPI's amounts may depend on the day of a rate. */
  hasRates(kpi: Pick<Kpi, 'money'>): boolean;
  /** Whether every rate in force on one day was so on another. */
  areEqualOn(day: string, other: string): boolean;
}

interface DatedRate {
  readonly day: string;
  readonly rate: number;
}

/** source -> currency -> rates, oldest first */
type RateTable = Map<string, Map<string, DatedRate[]>>;

export async function loadRates(
  store: Pick<FactStore, 'rows'>,
  sources: readonly SourceInfo[],
  currency: string,
): Promise<Rates> {
  const table: RateTable = new Map();
  const sql =
    'select source_id, currency, day, rate_to_base from fx_rate where rate_to_base > 0 order by source_id, currency, day, id';
  for await (const rows of store.rows({ sql, params: {} })) {
    for (const [source, code, day, rate] of rows) {
      const currencies = table.get(String(source)) ?? new Map<string, DatedRate[]>();
      table.set(String(source), currencies);
      const dated = currencies.get(String(code)) ?? [];
      currencies.set(String(code), dated);
      dated.push({ day: String(day ?? ''), rate: Number(rate) });
    }
  }
  return createRates(table, sources, currency);
}

function createRates(table: RateTable, sources: readonly SourceInfo[], reporting: string): Rates {
  const bases = new Map(sources.map((source) => [source.connection, source.currency]));
  const names = [...new Set([...bases.keys(), ...table.keys()])].sort();

  function toBase(source: string, currency: string, day: string): number | null {
    if (currency === (bases.get(source) ?? reporting)) return 1;
    return rateAt(table.get(source)?.get(currency), day);
  }

  /** Major units of `currency` in one unit of the reporting currency, through the base of one source. */
  function through(source: string, currency: string, day: string): number | null {
    const from = toBase(source, currency, day);
    const to = toBase(source, reporting, day);
    return from === null || to === null ? null : from / to;
  }

  function factor(source: string, currency: string, day: string): number | null {
    // The record's own source comes first: another one's rates may differ.
    for (const name of [source, ...names.filter((other) => other !== source)]) {
      const found = through(name, currency, day);
      if (found !== null) return found;
    }
    return null;
  }

  return {
    reporting,
    reportsOwn: sources.every((source) => (source.currency ?? reporting) === reporting),
    hasRates: ({ money }) => money.length > 0 && table.size > 0,
    areEqualOn: (day, other) =>
      [...table.values()].every((currencies) =>
        [...currencies.values()].every((dated) => rateAt(dated, day) === rateAt(dated, other)),
      ),
    convert(amountMinor, { source, currency, dayOf }) {
      const code = currency ?? bases.get(source) ?? reporting;
      if (code === reporting) return roundHalfAway(amountMinor);
      const rate = factor(source, code, dayOf());
      if (rate === null) return null;
      const shift = 10 ** (currencyExponent(reporting) - currencyExponent(code));
      return roundHalfAway(amountMinor * rate * shift);
    },
  };
}

/** The rate of the latest day that is not after the given one. */
function rateAt(rates: readonly DatedRate[] | undefined, day: string): number | null {
  let low = 0;
  let high = rates?.length ?? 0;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((rates?.[middle]?.day ?? '') <= day) low = middle + 1;
    else high = middle;
  }
  return rates?.[low - 1]?.rate ?? null;
}

/** To whole minor units; what is a half but for binary fractions counts as one. */
function roundHalfAway(amount: number): number {
  const size = Math.abs(amount);
  return Math.sign(amount) * Math.round(size * (1 + Number.EPSILON)) + 0;
}
