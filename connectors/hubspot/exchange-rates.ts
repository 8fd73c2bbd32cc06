import type { Batch } from '../../src/model/connector.ts';
import type { EntityRow } from '../../src/model/entities.ts';
import type { Zone } from '../../src/model/zone.ts';
import { formatCursor } from './cursor.ts';
import { alwaysWhole, type Draft } from './draft.ts';
import { estimateWhole } from './estimate.ts';
import { createFirstPage } from './first-page.ts';
import { type RatePage, type RateRecord, ratePage } from './marketing-shapes.ts';
import { followPages } from './pages.ts';
import { rawPaths } from './paths.ts';
import type { Session } from './session.ts';
import { parseInstant } from './values.ts';

const pageSize = 100;

/** None where the account says that it has one currency only. */
export async function rateDrafts(session: Session): Promise<readonly Draft[]> {
  const { additionalCurrencies } = await session.details();
  if (additionalCurrencies?.length === 0) return [];
  const first = createFirstPage(() => fetchRates(session, undefined), session.now);
  const currency = session.context.currency;
  return [
    {
      ...alwaysWhole('exchange_rates', 'fx_rate', 'deals'),
      consequence: `Amounts in other currencies than ${currency} then need rates from another source.`,
      probe: first.ask,
      read: (_, { signal }) => readRates(session, { first: first.take, signal }),
      count: async () => ({ rows: (await first.ask()).results.length }),
      estimate: async () => estimateWhole((await first.ask()).results.length),
    },
  ];
}

async function fetchRates(session: Session, after: string | undefined): Promise<RatePage> {
  const query: [string, string][] = [['limit', String(pageSize)]];
  if (after !== undefined) query.push(['after', after]);
  const call = { what: 'exchange rates', path: rawPaths.exchangeRates, query, shape: ratePage };
  return (await session.api.get(call)).value;
}

async function* readRates(
  session: Session,
  { first, signal }: { readonly first: () => Promise<RatePage>; readonly signal: AbortSignal },
): AsyncGenerator<Batch> {
  const { zone } = session;
  const base = (await session.details()).companyCurrency?.toUpperCase() ?? null;
  const living: string[] = [];
  const pages = followPages<RateRecord>({
    where: `${session.name} exchange rates`,
    first: undefined,
    signal,
    fetch: (after) => (after === undefined ? first() : fetchRates(session, after)),
  });
  for await (const { results } of pages) {
    const rows = results.flatMap((rate) => mapRate(rate, { zone, base }) ?? []);
    living.push(...rows.map(({ id }) => id));
    if (rows.length > 0) yield { tables: [{ table: 'fx_rate', rows }], deleted: [], cursor: null };
  }
  const cursor = formatCursor({ phase: 'whole', at: session.now() });
  yield { tables: [], deleted: [], complete: living, cursor };
}

/** A rate holds from its day on until the next one of its currency (developer documentation, "Currencies"). */
export function mapRate(
  rate: RateRecord,
  own: { readonly zone: Zone; readonly base: string | null },
): EntityRow<'fx_rate'> | null {
  const [from, to] = [rate.fromCurrencyCode?.toUpperCase(), rate.toCurrencyCode?.toUpperCase()];
  const { conversionRate, effectiveAt } = rate;
  const at = parseInstant(effectiveAt ?? rate.createdAt, own.zone);
  if (!from || !conversionRate || conversionRate <= 0 || at === null) return null;
  const isInverse = own.base !== null && from === own.base && to !== undefined && to !== own.base;
  if (!isInverse && own.base !== null && to !== undefined && to !== own.base) return null;
  const currency = isInverse ? to : from;
  const day = own.zone.dateOf(at);
  return {
    id: rate.id ?? `${currency}:${day}`,
    created_at: parseInstant(rate.createdAt, own.zone),
    updated_at: parseInstant(rate.updatedAt, own.zone),
    deleted_at: null,
    currency,
    day,
    rate_to_base: isInverse ? 1 / conversionRate : conversionRate,
  };
}
