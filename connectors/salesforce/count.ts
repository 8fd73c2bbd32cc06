import type { StreamCount } from '../../src/model/connector.ts';
import { RunError } from '../../src/model/errors.ts';
import { currencyExponent, toMinorUnits } from '../../src/model/money.ts';
import type { Api } from './api.ts';
import { explainFailure } from './explain.ts';
import { SalesforceFailure } from './failure.ts';
import { wholePages } from './pages.ts';
import type { ReadPlan } from './plan.ts';
import { amountsSoql, countSoql, sumSoql } from './soql.ts';
import { type SalesforceRecord, toInteger, toNumber, toText } from './values.ts';

export interface CountEnv {
  readonly api: Api;
  readonly plan: ReadPlan;
  readonly since: number | null;
  /** Of the org; amounts are added up in it. */
  readonly currency: string;
}

/** Living records by the rules by which rows are made, and the sum of their amounts where it can be compared. */
export async function countStream(env: CountEnv): Promise<StreamCount> {
  const rows = await countLiving(env);
  const amounts = env.plan.amount === null ? null : await amountsOf(env, env.plan.amount, rows);
  return amounts === null ? { rows } : { rows, amounts };
}

export async function countLiving({ api, plan, since }: Omit<CountEnv, 'currency'>): Promise<number> {
  return countRecords(api, plan.object, countSoql(plan, since));
}

export async function countRecords(api: Api, object: string, soql: string): Promise<number> {
  const place = { connection: api.connection, object };
  try {
    const { totalSize, records } = await api.query(soql, 'all');
    // `count()` gives no record; a gateway that makes it `count(Id)` gives one, with the number.
    const told = toInteger(records[0]?.expr0) ?? totalSize;
    if (told !== null) return told;
  } catch (error) {
    throw explainFailure(error, place);
  }
  throw new RunError('remote', {
    where: `${api.connection} ${object}`,
    message: 'Salesforce gave no count',
    fix: 'Run again later.',
  });
}

type Amounts = NonNullable<StreamCount['amounts']>;
type Amount = NonNullable<ReadPlan['amount']>;

/** Two thousand a call: more would cost more calls than the proof is worth. */
const addedUpLimit = 20_000;

/**
 * Sums are in the org's own currency, also when grouped (SOQL Reference: Querying Currency Fields in Multicurrency Orgs),
 * so in an org with several the amounts themselves are read and added up here, each in its currency.
 */
async function amountsOf(env: CountEnv, amount: Amount, rows: number): Promise<Amounts | null> {
  if (!env.plan.select.includes('CurrencyIsoCode')) return sumAmounts(env, amount);
  return rows > addedUpLimit ? null : addUpAmounts(env, amount);
}

/** A question that this user may not ask leaves the amounts unproven, and nothing else. */
async function unlessRefused<T>(ask: () => Promise<T>): Promise<T | null> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof RunError && error.kind === 'config') return null;
    throw error;
  }
}

async function addUpAmounts(
  { api, plan, since, currency }: CountEnv,
  { field }: Amount,
): Promise<Amounts | null> {
  const sums: Record<string, number> = {};
  const { signal } = new AbortController();
  const request = {
    api,
    object: plan.object,
    soql: amountsSoql(plan, field, since),
    scope: 'all',
    signal,
  } as const;
  const records = await unlessRefused(() => wholePages(request));
  if (records === null) return null;
  for (const record of records) {
    const code = toText(record.CurrencyIsoCode) ?? currency;
    const minor = toMinorUnits(toNumber(record[field]), code);
    if (minor !== null) sums[code] = (sums[code] ?? 0) + minor;
  }
  return sums;
}

/** null where the sum would not be that of our rows. */
async function sumAmounts(env: CountEnv, amount: Amount): Promise<Amounts | null> {
  const { api, plan, since, currency } = env;
  // Finer amounts than the currency has are rounded record by record here, and only once there.
  if (amount.scale > currencyExponent(currency)) return null;
  try {
    const { records } = await api.query(sumSoql(plan, amount.field, since), 'all');
    return readSums(records, currency);
  } catch (error) {
    if (error instanceof SalesforceFailure && error.status >= 400 && error.status < 500) return null;
    throw explainFailure(error, { connection: api.connection, object: plan.object });
  }
}

function readSums([record]: readonly SalesforceRecord[], currency: string): Amounts | null {
  if (!record || (record.total === undefined && record.expr0 === undefined)) return null;
  const total = toMinorUnits(toNumber(record.total ?? record.expr0), currency);
  return total === null ? {} : { [currency]: total };
}
