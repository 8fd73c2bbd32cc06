import { RunError } from '../model/errors.ts';
import type { ApiUsage, LimitReport } from '../model/http.ts';

export interface Budget {
  /** Calls that this run may make; null: as many as it needs. */
  readonly maxCalls: number | null;
  /** Share of the daily limit that this run may use, once the remote system has told its limit. */
  readonly share: number | null;
}

export interface Meter {
  /** Counts a call that is about to be made; RunError `stopped` when the budget is spent. */
  countCall(): void;
  observe(daily: NonNullable<LimitReport['daily']>): void;
  usage(): ApiUsage;
}

export function createMeter(where: string, budget: Budget): Meter {
  let usage: ApiUsage = { calls: 0, used: null, limit: null, resetsAt: null };
  return {
    countCall() {
      refuseOverBudget(where, budget, usage);
      usage = { ...usage, calls: usage.calls + 1 };
    },
    observe(daily) {
      // Answers may arrive out of order: what was used once stays used.
      const used = Math.max(usage.used ?? 0, daily.used);
      usage = { ...usage, used, limit: daily.limit, resetsAt: daily.resetsAt ?? null };
    },
    usage: () => usage,
  };
}

function refuseOverBudget(where: string, budget: Budget, usage: ApiUsage): void {
  const { maxCalls, share } = budget;
  const ofLimit =
    share === null || usage.limit === null ? Number.POSITIVE_INFINITY : Math.floor(share * usage.limit);
  const allowed = Math.min(maxCalls ?? Number.POSITIVE_INFINITY, ofLimit);
  if (usage.calls < allowed) return;
  const meaning =
    allowed === ofLimit && share !== null
      ? `${Number((share * 100).toFixed(2))} % of the daily limit of ${usage.limit}`
      : 'the calls set for one run';
  throw new RunError('stopped', {
    where: `${where} apiBudget`,
    message: `The API budget is spent: ${usage.calls} calls of ${allowed} (${meaning}).`,
    fix: 'Nothing is lost and the next run goes on here; to do more in one run, raise apiBudget of this connection.',
  });
}
