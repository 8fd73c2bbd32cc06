import type { Zone } from '../model/zone.ts';
import {
  type CustomerSpan,
  contractRule,
  listContractSpans,
  listSpans,
  type Purchase,
  purchaseRule,
  type Term,
} from './customer-spans.ts';
import type { Handle } from './database.ts';

interface WonDeal {
  readonly source_id: string;
  readonly id: string;
  readonly account_id: string;
  readonly day: string;
}

/** Builds purchase and customer_span anew: one pass over contracts and won deals, in one transaction. */
export function deriveCustomers(handle: Handle, zone: Zone): void {
  handle.exec('DELETE FROM purchase');
  handle.exec('DELETE FROM customer_span');
  listPurchases(handle);
  const insert = handle.prepare(
    `INSERT INTO customer_span (source_id, account_id, from_on, from_at, to_on, number, first_deal_id, last_on,
       year_before_last_on, reason, rule_version) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const contracts = readTerms(handle);
  const save = (key: AccountKey, spans: readonly CustomerSpan[], rule: readonly string[]) => {
    for (const [place, span] of spans.entries()) {
      const { fromOn, toOn, firstDealId, lastOn, yearBeforeLastOn } = span;
      const days = [fromOn, zone.startOf(fromOn), toOn];
      insert.run(key.source, key.account, ...days, place + 1, firstDealId, lastOn, yearBeforeLastOn, ...rule);
    }
  };
  for (const account of readAccounts(handle)) {
    const place = placeOf(account);
    const contract = contracts.get(place);
    if (!contract) save(account, listSpans(account.purchases), ['purchase', purchaseRule]);
    else save(account, listContractSpans(contract.terms, account.purchases), ['contract', contractRule]);
    contracts.delete(place);
  }
  for (const contract of contracts.values())
    save(contract, listContractSpans(contract.terms, []), ['contract', contractRule]);
}

interface AccountKey {
  readonly source: string;
  readonly account: string;
}

const placeOf = ({ source, account }: AccountKey) => `${source}\n${account}`;

interface ContractRow {
  readonly source_id: string;
  readonly account_id: string;
  readonly starts_on: string;
  readonly ends_on: string | null;
}

/** Contracts that were ever in force, by the surviving account. */
function readTerms(handle: Handle): Map<string, AccountKey & { terms: Term[] }> {
  const rows = handle
    .prepare<unknown[], ContractRow>(
      `WITH RECURSIVE ${survivors}
       SELECT c.source_id, coalesce(r.into_id, c.account_id) AS account_id, c.starts_on, c.ends_on
       FROM contract c LEFT JOIN root r ON r.source_id = c.source_id AND r.id = c.account_id
       LEFT JOIN account a ON a.source_id = c.source_id AND a.id = coalesce(r.into_id, c.account_id)
       WHERE c.active = 1 AND c.account_id IS NOT NULL AND c.starts_on IS NOT NULL
         AND c.deleted_at IS NULL AND c.merged_into IS NULL AND c.is_test = 0
         AND a.deleted_at IS NULL AND coalesce(a.is_test, 0) = 0
       ORDER BY c.source_id, account_id, c.starts_on, c.id`,
    )
    .all();
  const accounts = new Map<string, AccountKey & { terms: Term[] }>();
  for (const { source_id: source, account_id: account, starts_on, ends_on } of rows) {
    const known = accounts.get(placeOf({ source, account })) ?? { source, account, terms: [] };
    known.terms.push({ fromOn: starts_on, lastDay: ends_on });
    accounts.set(placeOf({ source, account }), known);
  }
  return accounts;
}

/** Accounts that were merged away count as the one that survived; a chain of merges ends after ten. */
const survivors = `survivor (source_id, id, into_id, step) AS (
       SELECT source_id, id, merged_into, 1 FROM account WHERE merged_into IS NOT NULL
       UNION ALL
       SELECT s.source_id, s.id, a.merged_into, s.step + 1 FROM survivor s
       JOIN account a ON a.source_id = s.source_id AND a.id = s.into_id
       WHERE a.merged_into IS NOT NULL AND s.step < 10
     ), root AS (
       SELECT source_id, id, into_id, max(step) FROM survivor GROUP BY source_id, id
     )`;

function listPurchases(handle: Handle): void {
  handle.exec(
    `INSERT INTO purchase (source_id, id, account_id, day)
     WITH RECURSIVE ${survivors}
     SELECT d.source_id, d.id, coalesce(r.into_id, d.account_id), d.closed_on
     FROM deal d LEFT JOIN root r ON r.source_id = d.source_id AND r.id = d.account_id
     LEFT JOIN account a ON a.source_id = d.source_id AND a.id = coalesce(r.into_id, d.account_id)
     WHERE d.outcome = 'won' AND d.account_id IS NOT NULL AND d.closed_on GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'
       AND d.deleted_at IS NULL AND d.merged_into IS NULL AND d.is_test = 0
       AND a.deleted_at IS NULL AND coalesce(a.is_test, 0) = 0`,
  );
}

interface AccountPurchases extends AccountKey {
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
