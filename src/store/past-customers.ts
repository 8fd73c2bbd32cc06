import type { Handle } from './database.ts';
import { saveSpans, survivors } from './derive-customers.ts';
import { type Instant, rowsOf } from './later-data.ts';

/**
 * Purchases and spans of the accounts whose customer history was another one then: `temp.then_purchase` and
 * `temp.then_span`, with the accounts in `temp.then_account`. False: of none.
 */
export function showPastCustomers(handle: Handle, instant: Instant): boolean {
  handle.exec(
    `CREATE TEMP TABLE then_account (source_id TEXT, account_id TEXT, PRIMARY KEY (source_id, account_id)) WITHOUT ROWID;
     INSERT INTO temp.then_account ${accountsThatDiffer(instant)}`,
  );
  if (handle.prepare('SELECT 1 FROM temp.then_account LIMIT 1').get() === undefined) return false;
  listPurchases(handle, instant);
  handle.exec(
    `CREATE TEMP TABLE customer_span AS SELECT * FROM main.customer_span WHERE 0;
     CREATE TEMP VIEW contract AS SELECT * FROM main.contract
       WHERE created_at IS NULL OR created_at < ${instant.asOf}`,
  );
  saveSpans(handle, instant.zone, '(source_id, account_id) IN temp.then_account');
  handle.exec(
    `DROP VIEW temp.contract;
     ALTER TABLE temp.purchase RENAME TO then_purchase;
     ALTER TABLE temp.customer_span RENAME TO then_span;`,
  );
  return true;
}

/** Those with a purchase or contract more or less, or on another day. */
function accountsThatDiffer(instant: Instant): string {
  const later = `t.created_at >= ${instant.asOf}`;
  return `
    WITH RECURSIVE ${survivors}, differing AS (
      SELECT p.source_id, p.account_id FROM ${rowsOf('deal', 'deal', instant)}
      CROSS JOIN main.purchase p ON p.source_id = t.source_id AND p.id = t.id WHERE ${later}
      UNION
      SELECT d.source_id, d.account_id FROM temp.then_deal t
      JOIN main.deal d ON d.source_id = t.source_id AND d.id = t.id
      LEFT JOIN main.purchase p ON p.source_id = t.source_id AND p.id = t.id
      WHERE CASE WHEN t.outcome = 'won' THEN t.closed_on END IS NOT p.day
      UNION
      SELECT t.source_id, t.account_id FROM ${rowsOf('contract', 'contract', instant)} WHERE ${later}
    )
    SELECT DISTINCT d.source_id, coalesce(r.into_id, d.account_id) FROM differing d
    LEFT JOIN root r ON r.source_id = d.source_id AND r.id = d.account_id WHERE d.account_id IS NOT NULL`;
}

/** `temp.purchase`: of the accounts that differ, what they had bought. */
function listPurchases(handle: Handle, { asOf }: Instant): void {
  handle.exec(`
    CREATE TEMP TABLE purchase AS
    WITH RECURSIVE ${survivors}
    SELECT p.source_id, p.id, p.account_id, p.day FROM temp.then_account a
    CROSS JOIN main.purchase p INDEXED BY purchase_by_account ON p.source_id = a.source_id AND p.account_id = a.account_id
    LEFT JOIN main.deal d ON d.source_id = p.source_id AND d.id = p.id
    WHERE (d.created_at IS NULL OR d.created_at < ${asOf})
      AND NOT EXISTS (SELECT 1 FROM temp.then_deal t WHERE t.source_id = p.source_id AND t.id = p.id)
    UNION ALL
    SELECT d.source_id, d.id, coalesce(r.into_id, d.account_id), t.closed_on FROM temp.then_deal t
    JOIN main.deal d ON d.source_id = t.source_id AND d.id = t.id
    LEFT JOIN root r ON r.source_id = d.source_id AND r.id = d.account_id
    LEFT JOIN main.account a ON a.source_id = d.source_id AND a.id = coalesce(r.into_id, d.account_id)
    WHERE t.outcome = 'won' AND t.closed_on GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'
      AND (d.source_id, coalesce(r.into_id, d.account_id)) IN temp.then_account
      AND d.deleted_at IS NULL AND d.merged_into IS NULL AND d.is_test = 0
      AND a.deleted_at IS NULL AND coalesce(a.is_test, 0) = 0;
    CREATE INDEX temp.then_purchase_by_account ON purchase (source_id, account_id, day, id)`);
}
