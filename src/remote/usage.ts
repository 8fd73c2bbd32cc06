import { RunError } from '../model/errors.ts';
import type { ApiUsage, LimitReport } from '../model/http.ts';

export interface Budget {
  /** Calls of ours that count for the same day of the limit, made by earlier runs. */
  readonly spent?: number;
  /** Calls that this run may make; null: as many as it needs. */
  readonly maxCalls: number | null;
  /** Share of the daily limit that our runs may use in a day, once the remote system has told its limit. */
  readonly share: number | null;
}

export interface Meter {
  /** Counts a call that is about to be made; RunError `stopped` when the budget is spent. */
  countCall(): void;
  observe(daily: NonNullable<LimitReport['daily']>): void;
  usage(): ApiUsage;
}

/** How many calls are told at once to whoever keeps count over runs. */
const callsTold = 10;

export function createMeter(where: string, budget: Budget, tell: (calls: number) => void = () => {}): Meter {
  let usage: ApiUsage = { calls: 0, used: null, limit: null, resetsAt: null };
  return {
    countCall() {
      refuseOverBudget(where, budget, usage);
      usage = { ...usage, calls: usage.calls + 1 };
      // Told in advance: a run that is killed must not have spent less than it is said to.
      if (usage.calls % callsTold === 1) tell(callsTold);
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
  const { maxCalls, share, spent = 0 } = budget;
  if (maxCalls !== null && usage.calls >= maxCalls)
    throw spentError(where, `${usage.calls} calls of ${maxCalls} (the calls set for one run)`);
  if (share === null || usage.limit === null) return;
  const allowed = Math.floor(share * usage.limit);
  const today = usage.calls + spent;
  if (today < allowed) return;
  const meaning = `${Number((share * 100).toFixed(2))} % of the daily limit of ${usage.limit}`;
  const earlier = spent > 0 ? `, ${spent} of them by earlier runs of the day` : '';
  throw spentError(where, `${today} calls of ${allowed} (${meaning})${earlier}`);
}

function spentError(where: string, message: string): RunError {
  return new RunError('stopped', {
    where: `${where} apiBudget`,
    message: `The API budget is spent: ${message}.`,
    fix: 'Nothing is lost and a run of the next day goes on here; to do more in a day, raise apiBudget of this connection.',
  });
}
