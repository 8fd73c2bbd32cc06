import type { Deletion, Log } from '../../src/model/connector.ts';
import type { Api } from './api.ts';
import { explainFailure } from './explain.ts';
import { SalesforceFailure } from './failure.ts';
import { idOf } from './mapped.ts';
import { type PageRequest, wholePages } from './pages.ts';
import { idCondition, idsPerQuestion } from './soql.ts';
import { isRecord, soqlInstant, toId, toInstant, toText } from './values.ts';

const dayMs = 86_400_000;
/** REST API Developer Guide, sObject Get Deleted: at most 15 days back, and at least a minute long. */
const furthestMs = 15 * dayMs - 60_000;
const shortestMs = 60_000;

export interface DeletionWindow {
  readonly object: string;
  readonly from: number;
  readonly to: number;
  readonly signal: AbortSignal;
}

export interface DeletionLog {
  readonly deleted: readonly Deletion[];
  /** Start of the next window; null where Salesforce has no such log for the object. */
  readonly upto: number | null;
  /** Deletions may be missing from it: it does not reach back far enough, or has too many. */
  readonly hasGap: boolean;
}

/** Above this the log is taken as it is: asking would cost more calls than an undeleted record is worth. */
const askedLimit = 2_000;

/** Hard deletions leave no row behind: the log of deleted ids is the only trace of them. */
export async function readDeletions(api: Api, window: DeletionWindow, log: Log): Promise<DeletionLog> {
  const { object, to, signal } = window;
  const from = Math.max(window.from, to - furthestMs);
  const place = { connection: api.connection, object };
  if (to - from < shortestMs) return { deleted: [], upto: window.from, hasGap: false };
  const query = `start=${encodeURIComponent(soqlInstant(from))}&end=${encodeURIComponent(soqlInstant(to))}`;
  try {
    const body = await api.get(`/sobjects/${object}/deleted/?${query}`);
    const records = Array.isArray(body.deletedRecords) ? body.deletedRecords.filter(isRecord) : [];
    const earliest = toInstant(body.earliestDateAvailable);
    const hasGap = from > window.from || (earliest !== null && earliest > from);
    if (hasGap) log.info(place, 'deletions.log_too_short');
    const told = records.flatMap((record) => {
      const at = toInstant(record.deletedDate) ?? to;
      return idForms(record.id).map((id) => ({ id, at }));
    });
    return {
      deleted: await withoutLiving({ api, object, signal }, told),
      upto: Math.min(toInstant(body.latestDateCovered) ?? to, to),
      hasGap,
    };
  } catch (error) {
    if (!(error instanceof SalesforceFailure) || error.status >= 500 || error.status === 401) {
      throw explainFailure(error, place);
    }
    // More than 600,000 deletions are not told at all.
    if (error.code === 'EXCEEDED_ID_LIMIT') return { deleted: [], upto: to, hasGap: true };
    log.info({ ...place, code: error.code }, 'deletions.no_log');
    return { deleted: [], upto: null, hasGap: false };
  }
}

/** An id may be told without the three letters that the rest of the API gives it: whichever form is held is meant. */
function idForms(value: unknown): string[] {
  return [...new Set([toText(value), toId(value)])].filter((id) => id !== null);
}

/** A record that was taken back out of the recycle bin may still stand in the log. */
async function withoutLiving(
  { api, object, signal }: Pick<PageRequest, 'api' | 'object' | 'signal'>,
  told: readonly Deletion[],
): Promise<Deletion[]> {
  if (told.length > askedLimit) return [...told];
  const living = new Set<string>();
  for (let index = 0; index < told.length; index += idsPerQuestion) {
    const ids = told.slice(index, index + idsPerQuestion).map(({ id }) => id);
    const soql = `SELECT Id FROM ${object} WHERE ${idCondition('Id', ids)}`;
    const records = await wholePages({ api, object, soql, scope: 'living', signal });
    for (const record of records) living.add(idOf(record.Id).slice(0, 15));
  }
  return told.filter(({ id }) => !living.has(id.slice(0, 15)));
}
