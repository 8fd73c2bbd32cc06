import type { FactStore } from '../model/fact-store.ts';
import type { Settings } from '../model/settings.ts';
import { createZone } from '../model/zone.ts';
import { loadRates } from './rates.ts';
import type { SegmentKey } from './segments.ts';

export interface Outlook {
  /** Open amounts due until the period's end, each by its probability; minor units of the reporting currency. */
  readonly weightedOpenMinor: number;
  readonly deals: number;
  /** Open deals due in the period without amount, probability or rate. */
  readonly missing: number;
}

export interface OutlookInput {
  readonly store: FactStore;
  readonly settings: Pick<Settings, 'calendar' | 'currency'>;
  /** Ends of the periods that are asked about: local dates, exclusive. */
  readonly endsOn: readonly string[];
  readonly asOf: number;
}

/** What open deals promise until a period's end; null for segments that they cannot be told by. */
export type Outlooks = (segment: SegmentKey, endOn: string) => Outlook | null;

const sql = `select source_id, amount_minor, currency, probability, owner_id, expected_close_on from deal
  where outcome = 'open' and expected_close_on < :end_on order by source_id, id`;

const none: Outlook = { weightedOpenMinor: 0, deals: 0, missing: 0 };

/** What open deals promise beside what is won already, for the company and each owner, read once for all periods. */
export async function loadOutlooks(input: OutlookInput): Promise<Outlooks> {
  const { store, settings } = input;
  const endsOn = [...new Set(input.endsOn)].sort();
  const sums = new Map<string, Outlook>();
  const rates = await loadRates(store, await store.sources(), settings.currency);
  const today = createZone(settings.calendar.timeZone).dateOf(input.asOf);
  const weigh = (source: string, amount: unknown, { currency, probability }: Weighing): number | null => {
    if (typeof amount !== 'number' || typeof probability !== 'number') return null;
    const code = typeof currency === 'string' ? currency : null;
    const converted = rates.convert(amount, { source, currency: code, dayOf: () => today });
    return converted === null ? null : Math.round(converted * probability);
  };
  for await (const rows of store.rows({ sql, params: { end_on: endsOn.at(-1) ?? '' } })) {
    for (const [source, amount, currency, probability, owner, closeOn] of rows) {
      const weighted = weigh(String(source), amount, { currency, probability });
      for (const endOn of endsOn.filter((end) => String(closeOn) < end)) {
        add(sums, `${endOn} company`, weighted);
        if (owner !== null) add(sums, `${endOn} owner ${source} ${owner}`, weighted);
      }
    }
  }
  return ({ kind, id, source }, endOn) => {
    if (kind === 'company') return sums.get(`${endOn} company`) ?? none;
    return kind === 'owner' ? (sums.get(`${endOn} owner ${source} ${id}`) ?? none) : null;
  };
}

interface Weighing {
  readonly currency: unknown;
  readonly probability: unknown;
}

function add(sums: Map<string, Outlook>, key: string, weighted: number | null): void {
  const { weightedOpenMinor, deals, missing } = sums.get(key) ?? none;
  sums.set(
    key,
    weighted === null
      ? { weightedOpenMinor, deals, missing: missing + 1 }
      : { weightedOpenMinor: weightedOpenMinor + weighted, deals: deals + 1, missing },
  );
}
