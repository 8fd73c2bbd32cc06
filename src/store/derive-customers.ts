import type { Zone } from '../model/zone.ts';
import { listSpans, type Purchase, purchaseRule } from './customer-spans.ts';
import type { Handle } from './database.ts';

interface WonDeal {
  readonly source_id: string;
  readonly id: string;
  readonly account_id: string;
  readonly day: string;
}

/** Builds purchase and customer_span anew: one pass over the won deals, in one transaction. */
export function deriveCustomers(handle: Handle, zone: Zone): void {
  handle.exec('DELETE FROM purchase');
  handle.exec('DELETE FROM customer_span');
  listPurchases(handle);
  const insert = handle.prepare(
    `INSERT INTO customer_span (source_id, account_id, from_on, from_at, to_on, number, first_deal_id, last_on,
       year_before_last_on, reason, rule_version) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 'purchase', ?)`,
  );
  for (const { source, account, purchases } of readAccounts(handle)) {
    for (const [place, span] of listSpans(purchases).entries()) {
      const { fromOn, toOn, firstDealId, lastOn, yearBeforeLastOn } = span;
      const days = [fromOn, zone.startOf(fromOn), toOn];
      const row = [source, account, ...days, place + 1, firstDealId, lastOn, yearBeforeLastOn];
      insert.run(...row, purchaseRule);
    }
  }
}

/** Accounts that were merged away count as the one that survived; a chain of merges ends after ten. */
function listPurchases(handle: Handle): void {
  handle.exec(
    `INSERT INTO purchase (source_id, id, account_id, day)
     WITH RECURSIVE survivor (source_id, id, into_id, step) AS (
       SELECT source_id, id, merged_into, 1 FROM account WHERE merged_into IS NOT NULL
       UNION ALL
       SELECT s.source_id, s.id, a.merged_into, s.step + 1 FROM survivor s
       JOIN account a ON a.source_id = s.source_id AND a.id = s.into_id
       WHERE a.merged_into IS NOT NULL AND s.step < 10
     ), root AS (
       SELECT source_id, id, into_id, max(step) FROM survivor GROUP BY source_id, id
     )
     SELECT d.source_id, d.id, coalesce(r.into_id, d.account_id), d.closed_on
     FROM deal d LEFT JOIN root r ON r.source_id = d.source_id AND r.id = d.account_id
     LEFT JOIN account a ON a.source_id = d.source_id AND a.id = coalesce(r.into_id, d.account_id)
     WHERE d.outcome = 'won' AND d.account_id IS NOT NULL AND d.closed_on GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'
       AND d.deleted_at IS NULL AND d.merged_into IS NULL AND d.is_test = 0
       AND a.deleted_at IS NULL AND coalesce(a.is_test, 0) = 0`,
  );
}

interface AccountPurchases {
  readonly source: string;
  readonly account: string;
  readonly purchases: readonly Purchase[];
}

/** Read in chunks by key: the same handle cannot write while it iterates. */
function* readAccounts(handle: Handle): Generator<AccountPurchases> {
  const deals = handle
    .prepare<unknown[], WonDeal>(
      'SELECT source_id, id, account_id, day FROM purchase ORDER BY source_id, account_id, day, id',
    )
    .all();
  let start = 0;
  for (let end = 1; end <= deals.length; end++) {
    const first = deals[start];
    const next = deals[end];
    if (!first || (next && next.source_id === first.source_id && next.account_id === first.account_id))
      continue;
    const purchases = deals.slice(start, end).map(({ id, day }) => ({ dealId: id, day }));
    yield { source: first.source_id, account: first.account_id, purchases };
    start = end;
  }
}
