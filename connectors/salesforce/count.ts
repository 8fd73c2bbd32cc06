import type { StreamCount } from '../../src/model/connector.ts';
import { RunError } from '../../src/model/errors.ts';
import { currencyExponent, toMinorUnits } from '../../src/model/money.ts';
import type { Api } from './api.ts';
import { explainFailure } from './explain.ts';
import { SalesforceFailure } from './failure.ts';
import type { ReadPlan } from './plan.ts';
import { countSoql, sumSoql } from './soql.ts';
import { type SalesforceRecord, toNumber, toText } from './values.ts';

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
  const amounts = env.plan.amount === null ? null : await sumAmounts(env, env.plan.amount);
  return amounts === null ? { rows } : { rows, amounts };
}

export async function countLiving({ api, plan, since }: Omit<CountEnv, 'currency'>): Promise<number> {
  return countRecords(api, plan.object, countSoql(plan, since));
}

export async function countRecords(api: Api, object: string, soql: string): Promise<number> {
  const place = { connection: api.connection, object };
  try {
    const { totalSize } = await api.query(soql, 'all');
    if (totalSize !== null) return totalSize;
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

/** null where the sum would not be that of our rows. */
async function sumAmounts(env: CountEnv, amount: NonNullable<ReadPlan['amount']>): Promise<Amounts | null> {
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

/**
 * Sums are in the org's own currency, also when grouped (SOQL Reference: Querying Currency Fields in Multicurrency Orgs),
 * so only an org that uses no other can be compared to the cent.
 */
function readSums(records: readonly SalesforceRecord[], currency: string): Amounts | null {
  const sums: Record<string, number> = {};
  if (records.length === 0) return null;
  for (const record of records) {
    if (record.total === undefined && record.expr0 === undefined) return null;
    const code = toText(record.CurrencyIsoCode) ?? currency;
    const total = toMinorUnits(toNumber(record.total ?? record.expr0), currency);
    if (code !== currency) return null;
    if (total !== null) sums[code] = (sums[code] ?? 0) + total;
  }
  return sums;
}
