import type { PassEstimate } from '../../src/model/connector.ts';
import { type CountEnv, countRecords } from './count.ts';
import { readCursor } from './cursor.ts';
import { compareSources, needsWholeRead, sourcesOf } from './drift.ts';
import type { BulkLimits } from './limits.ts';
import { overlapMs } from './read-env.ts';
import { countChangedSoql, countSoql, idsPerQuestion } from './soql.ts';

const recordsPerPage = 2000;
/** Questions about a job until it is done, and its beginning and end. */
const callsPerJob = 8;
/** The count at the end of the pass, and the log of deletions. */
const callsPerPass = 2;

interface EstimateEnv extends Omit<CountEnv, 'currency'> {
  readonly bulk: BulkLimits;
}

/** What the next pass would read, by asking Salesforce to count it. */
export async function estimatePass(env: EstimateEnv, cursor: string | null): Promise<PassEstimate> {
  const { api, plan, since, bulk } = env;
  const position = readCursor(cursor, `${api.connection} ${plan.object}`);
  const drift = compareSources(position.sources, sourcesOf(plan, since));
  const whole = plan.whole || position.upto === null || needsWholeRead(drift);
  const from = position.pass?.mark?.at ?? (position.upto ?? 0) - overlapMs;
  const soql = plan.whole ? countSoql(plan, since) : countChangedSoql(plan, whole ? null : from, since);
  const rows = await countRecords(api, plan.object, soql);
  const questions = plan.companions.length * Math.ceil(rows / idsPerQuestion);
  return { rows, calls: questions + callsPerPass + readCalls(rows, whole && !plan.whole, bulk) };
}

function readCalls(rows: number, byJob: boolean, bulk: BulkLimits): number {
  if (byJob && rows >= bulk.fromRecords) return callsPerJob + Math.ceil(rows / bulk.recordsPerSet);
  return Math.max(1, Math.ceil(rows / recordsPerPage));
}
