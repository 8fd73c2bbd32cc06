import type { Labels } from '../model/kpi.ts';
import type { Bench } from './bench.ts';

export const openDealWords: Labels = { en: 'open deals', es: 'oportunidades abiertas' };

/** Of an activity: it is still to come. */
export const isPlanned = `created_at < :as_of and (done_at is null or done_at >= :as_of)
    and (starts_at >= :as_of or due_on >= :today) and status is distinct from 'cancelled'
    and (status is distinct from 'done' or done_at is not null)`;

/** Deals with such an activity. */
export const plannedSql = `
  select distinct source_id, deal_id from activity
  where deal_id is not null and ${isPlanned}`;

interface Amount {
  readonly minor: number | null;
  readonly currency: string | null;
  readonly bad: boolean;
}

export interface Weight {
  /** Of the value; of the count where no deal has an amount. */
  readonly share: number;
  /** Minor units of the reporting currency; null where no deal has an amount. */
  readonly bad: number | null;
  readonly all: number | null;
}

/** How much of the open value is concerned. */
export function weighAmounts({ convert }: Pick<Bench, 'convert'>): {
  add(source: string, amount: Amount): void;
  total(counted: { readonly share: number }): Weight;
} {
  let all = 0;
  let bad = 0;
  return {
    add(source, amount) {
      const minor = amount.minor === null ? 0 : (convert(amount.minor, source, amount.currency) ?? 0);
      all += minor;
      if (amount.bad) bad += minor;
    },
    total: (counted) =>
      all > 0 ? { share: bad / all, bad, all } : { share: counted.share, bad: null, all: null },
  };
}
