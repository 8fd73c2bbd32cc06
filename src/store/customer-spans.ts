import { addDays } from '../model/zone.ts';

/** A customer who has bought nothing for this long is lost; buying again soon after that is no interruption. */
const monthsWithoutPurchase = 12;
const restartDays = 30;
/** Changes with the rule, so that results tell which one they followed. */
export const purchaseRule = `no purchase in ${monthsWithoutPurchase} months`;
/** An account that has contracts is a customer for as long as they run, whatever it buys. */
export const contractRule = `contract ended, not renewed within ${restartDays} days`;

export interface Purchase {
  readonly dealId: string;
  readonly day: string;
}

export interface CustomerSpan {
  readonly fromOn: string;
  /** First day on which the account no longer is a customer; may lie in the future. */
  readonly toOn: string;
  readonly firstDealId: string | null;
  readonly lastOn: string;
  readonly yearBeforeLastOn: string;
}

/** The spans of one account by what it bought, oldest first; `purchases` in the order of their days. */
export function listSpans(purchases: readonly Purchase[]): readonly CustomerSpan[] {
  const spans: CustomerSpan[] = [];
  for (const { dealId, day } of purchases) {
    const last = spans.at(-1);
    const bought = {
      toOn: addMonths(day, monthsWithoutPurchase),
      lastOn: day,
      yearBeforeLastOn: addMonths(day, -12),
    };
    if (last && day <= addDays(last.toOn, restartDays)) spans[spans.length - 1] = { ...last, ...bought };
    else spans.push({ fromOn: day, firstDealId: dealId, ...bought });
  }
  return spans;
}

export interface Term {
  readonly fromOn: string;
  /** Last day; null: open-ended. */
  readonly lastDay: string | null;
}

/** A contract without an end runs on beyond any period that is computed. */
const never = '9999-12-31';

/** The spans of one account by its contracts, in the order of their first days, and what it bought meanwhile. */
export function listContractSpans(
  terms: readonly Term[],
  purchases: readonly Purchase[],
): readonly CustomerSpan[] {
  const spans: { fromOn: string; toOn: string }[] = [];
  for (const { fromOn, lastDay } of terms) {
    const toOn = lastDay === null ? never : addDays(lastDay, 1);
    if (toOn <= fromOn) continue;
    const last = spans.at(-1);
    if (!last || (last.toOn !== never && fromOn > addDays(last.toOn, restartDays)))
      spans.push({ fromOn, toOn });
    else if (toOn > last.toOn) last.toOn = toOn;
  }
  return spans.map((span, place) => {
    const begins = place === 0 ? '' : span.fromOn;
    const bought = purchases.filter(({ day }) => day >= begins && day < span.toOn);
    const lastOn = bought.at(-1)?.day ?? span.fromOn;
    return {
      ...span,
      firstDealId: bought[0]?.dealId ?? null,
      lastOn,
      yearBeforeLastOn: addMonths(lastOn, -12),
    };
  });
}

/** The same day of another month, or that month's last one. */
export function addMonths(date: string, months: number): string {
  const count = Number(date.slice(0, 4)) * 12 + Number(date.slice(5, 7)) - 1 + months;
  const month = `${String(Math.floor(count / 12)).padStart(4, '0')}-${String((count % 12) + 1).padStart(2, '0')}`;
  const lastDay = new Date(Date.UTC(Math.floor(count / 12), (count % 12) + 1, 0)).getUTCDate();
  return `${month}-${String(Math.min(Number(date.slice(8)), lastDay)).padStart(2, '0')}`;
}
