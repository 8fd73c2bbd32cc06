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

/** More than this are done as a whole. */
const mostAccounts = 20_000;

/** Notes the accounts that touched deals and accounts may concern: those whose purchases they were, and now are. */
export function noteCustomers(handle: Handle): void {
  const isNoted = handle.prepare('SELECT 1 FROM touched WHERE object = ? LIMIT 1').pluck();
  // A contract does not tell whose it was before.
  if (isNoted.get('contract') !== undefined)
    handle.exec("INSERT OR IGNORE INTO touched VALUES ('customer', '', '')");
  handle.exec(
    `INSERT OR IGNORE INTO touched
     WITH RECURSIVE ${survivors}, met AS (
       SELECT p.source_id, p.account_id AS id FROM touched t
       JOIN purchase p ON p.source_id = t.source_id AND p.id = t.id WHERE t.object = 'deal'
       UNION
       SELECT d.source_id, d.account_id FROM touched t
       JOIN deal d ON d.source_id = t.source_id AND d.id = t.id WHERE t.object = 'deal' AND d.account_id IS NOT NULL
       UNION
       SELECT source_id, id FROM touched WHERE object = 'account'
       UNION
       SELECT p.source_id, p.account_id FROM touched t
       JOIN deal d ON d.source_id = t.source_id AND d.account_id = t.id
       JOIN purchase p ON p.source_id = d.source_id AND p.id = d.id WHERE t.object = 'account'
     )
     SELECT 'customer', source_id, id FROM met
     UNION
     SELECT 'customer', m.source_id, r.into_id FROM met m JOIN root r ON r.source_id = m.source_id AND r.id = m.id`,
  );
}

const noted = "SELECT source_id, id FROM touched WHERE object = 'customer'";

/** Brings purchase and customer_span up to date for the accounts noted. */
export function deriveCustomers(handle: Handle, zone: Zone): void {
  const accounts = handle
    .prepare<unknown[], { count: number; first: string | null }>(
      `SELECT count(*) AS count, min(source_id) AS first FROM (${noted})`,
    )
    .get();
  const isWhole = accounts !== undefined && (accounts.count > mostAccounts || accounts.first === '');
  const where = isWhole ? '1' : `(source_id, account_id) IN (${noted})`;
  handle.exec(`DELETE FROM customer_span WHERE ${where}`);
  // What was bought in deals that were let go since is all that is left of them.
  handle.exec(`DELETE FROM purchase WHERE ${where} AND (source_id, id) NOT IN
    (SELECT source_id, id FROM purged WHERE "table" = 'deal')`);
  listPurchases(handle, isWhole ? null : noted);
  saveSpans(handle, zone, where);
}

/** Derives the spans of accounts from `purchase` and `contract`, as the handle shows them. */
export function saveSpans(handle: Handle, zone: Zone, where: string): void {
  const insert = handle.prepare(
    `INSERT INTO customer_span (source_id, account_id, from_on, from_at, to_on, number, first_deal_id, last_on,
       year_before_last_on, reason, rule_version) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const contracts = readTerms(handle, where);
  const save = (key: AccountKey, spans: readonly CustomerSpan[], rule: readonly string[]) => {
    for (const [place, span] of spans.entries()) {
      const { fromOn, toOn, firstDealId, lastOn, yearBeforeLastOn } = span;
      const days = [fromOn, zone.startOf(fromOn), toOn];
      insert.run(key.source, key.account, ...days, place + 1, firstDealId, lastOn, yearBeforeLastOn, ...rule);
    }
  };
  for (const account of readAccounts(handle, where)) {
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
function readTerms(handle: Handle, where: string): Map<string, AccountKey & { terms: Term[] }> {
  const rows = handle
    .prepare<unknown[], ContractRow>(
      `WITH RECURSIVE ${survivors}
       SELECT * FROM (
       SELECT c.id, c.source_id, coalesce(r.into_id, c.account_id) AS account_id, c.starts_on, c.ends_on
       FROM contract c LEFT JOIN root r ON r.source_id = c.source_id AND r.id = c.account_id
       LEFT JOIN account a ON a.source_id = c.source_id AND a.id = coalesce(r.into_id, c.account_id)
       WHERE c.active = 1 AND c.account_id IS NOT NULL AND c.starts_on IS NOT NULL
         AND c.deleted_at IS NULL AND c.merged_into IS NULL AND c.is_test = 0
         AND a.deleted_at IS NULL AND coalesce(a.is_test, 0) = 0
       ) WHERE ${where} ORDER BY source_id, account_id, starts_on, id`,
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
export const survivors = `survivor (source_id, id, into_id, step) AS (
       SELECT source_id, id, merged_into, 1 FROM account WHERE merged_into IS NOT NULL
       UNION ALL
       SELECT s.source_id, s.id, a.merged_into, s.step + 1 FROM survivor s
       JOIN account a ON a.source_id = s.source_id AND a.id = s.into_id
       WHERE a.merged_into IS NOT NULL AND s.step < 10
     ), root AS (
       SELECT source_id, id, into_id, max(step) FROM survivor GROUP BY source_id, id
     )`;

/** Of these accounts, after merges; null: of all. */
function listPurchases(handle: Handle, accounts: string | null): void {
  const some = `member AS (
       SELECT t.source_id, t.id AS account_id, t.id AS root_id FROM (${accounts}) t
         WHERE NOT EXISTS (SELECT 1 FROM root r WHERE r.source_id = t.source_id AND r.id = t.id)
       UNION ALL
       SELECT r.source_id, r.id, r.into_id FROM root r JOIN (${accounts}) t ON t.source_id = r.source_id AND t.id = r.into_id
     )`;
  // Without statistics SQLite would go through all deals of the source for each account.
  const deals = accounts
    ? 'member m CROSS JOIN deal d INDEXED BY deal_by_account ON d.source_id = m.source_id AND d.account_id = m.account_id'
    : 'deal d LEFT JOIN root m ON m.source_id = d.source_id AND m.id = d.account_id';
  const account = accounts ? 'm.root_id' : 'coalesce(m.into_id, d.account_id)';
  handle.exec(
    `INSERT INTO purchase (source_id, id, account_id, day)
     WITH RECURSIVE ${survivors}${accounts ? `, ${some}` : ''}
     SELECT d.source_id, d.id, ${account}, d.closed_on FROM ${deals}
     LEFT JOIN account a ON a.source_id = d.source_id AND a.id = ${account}
     WHERE d.outcome = 'won' AND d.account_id IS NOT NULL AND d.closed_on GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'
       AND d.deleted_at IS NULL AND d.merged_into IS NULL AND d.is_test = 0
       AND a.deleted_at IS NULL AND coalesce(a.is_test, 0) = 0`,
  );
}

interface AccountPurchases extends AccountKey {
  readonly purchases: readonly Purchase[];
}

function* readAccounts(handle: Handle, where: string): Generator<AccountPurchases> {
  let open: WonDeal[] = [];
  for (const deal of readPurchases(handle, where)) {
    const [first] = open;
    if (first && (first.source_id !== deal.source_id || first.account_id !== deal.account_id)) {
      yield accountOf(first, open);
      open = [];
    }
    open.push(deal);
  }
  const [first] = open;
  if (first) yield accountOf(first, open);
}

function accountOf({ source_id, account_id }: WonDeal, deals: readonly WonDeal[]): AccountPurchases {
  const purchases = deals.map(({ id, day }) => ({ dealId: id, day }));
  return { source: source_id, account: account_id, purchases };
}

const purchasesPerChunk = 20_000;

/** By account and day, in chunks by key: the same handle cannot write while it iterates. */
function* readPurchases(handle: Handle, where: string): Generator<WonDeal> {
  const next = handle.prepare<unknown[], WonDeal>(
    `SELECT source_id, id, account_id, day FROM purchase
     WHERE ${where} AND (source_id, account_id, day, id) > (?, ?, ?, ?)
     ORDER BY source_id, account_id, day, id LIMIT ${purchasesPerChunk}`,
  );
  let last: WonDeal = { source_id: '', account_id: '', day: '', id: '' };
  for (;;) {
    const deals = next.all(last.source_id, last.account_id, last.day, last.id);
    yield* deals;
    const end = deals.at(-1);
    if (!end || deals.length < purchasesPerChunk) return;
    last = end;
  }
}
