import type { Settings } from '../model/settings.ts';
import type { FactStore } from '../model/store.ts';
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
  /** Local date, exclusive. */
  readonly endOn: string;
  readonly segment: SegmentKey;
  readonly asOf: number;
}

const sql = `select source_id, amount_minor, currency, probability, owner_id from deal
  where outcome = 'open' and expected_close_on < :end_on order by source_id, id`;

/** What open deals promise beside what is won already; null for segments that they cannot be told by. */
export async function pipelineOutlook(input: OutlookInput): Promise<Outlook | null> {
  const { store, settings, segment } = input;
  if (segment.kind !== 'company' && segment.kind !== 'owner') return null;
  const rates = await loadRates(store, await store.sources(), settings.currency);
  const today = createZone(settings.calendar.timeZone).dateOf(input.asOf);
  const sum = { weightedOpenMinor: 0, deals: 0, missing: 0 };
  for await (const rows of store.rows({ sql, params: { end_on: input.endOn } })) {
    for (const [source, amount, currency, probability, owner] of rows) {
      if (segment.kind === 'owner' && (segment.id !== owner || segment.source !== source)) continue;
      const converted =
        typeof amount !== 'number'
          ? null
          : rates.convert(amount, {
              source: String(source),
              currency: currency === null || currency === undefined ? null : String(currency),
              dayOf: () => today,
            });
      if (converted === null || typeof probability !== 'number') {
        sum.missing++;
        continue;
      }
      sum.deals++;
      sum.weightedOpenMinor += Math.round(converted * probability);
    }
  }
  return sum;
}
