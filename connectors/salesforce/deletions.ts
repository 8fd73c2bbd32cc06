import type { Deletion, Log } from '../../src/model/connector.ts';
import type { Api } from './api.ts';
import { explainFailure } from './explain.ts';
import { SalesforceFailure } from './failure.ts';
import { isRecord, soqlInstant, soqlText, toInstant, toText } from './values.ts';

const dayMs = 86_400_000;
/** REST API Developer Guide, sObject Get Deleted: at most 15 days back, and at least a minute long. */
const furthestMs = 15 * dayMs - 60_000;
const shortestMs = 60_000;

export interface DeletionWindow {
  readonly object: string;
  readonly from: number;
  readonly to: number;
}

export interface DeletionLog {
  readonly deleted: readonly Deletion[];
  /** Start of the next window; null where Salesforce has no such log for the object. */
  readonly upto: number | null;
}

/** Ids in one question: its URL stays under Salesforce's 16,384 bytes. */
const idsPerQuery = 200;
/** Above this the log is taken as it is: asking would cost more calls than an undeleted record is worth. */
const askedLimit = 2_000;

/** Hard deletions leave no row behind: the log of deleted ids is the only trace of them. */
export async function readDeletions(api: Api, window: DeletionWindow, log: Log): Promise<DeletionLog> {
  const { object, to } = window;
  const from = Math.max(window.from, to - furthestMs);
  const place = { connection: api.connection, object };
  if (from > window.from) log.warn(place, 'deletions older than 15 days are not told any more');
  if (to - from < shortestMs) return { deleted: [], upto: window.from };
  const query = `start=${encodeURIComponent(soqlInstant(from))}&end=${encodeURIComponent(soqlInstant(to))}`;
  try {
    const body = await api.get(`/sobjects/${object}/deleted/?${query}`);
    const records = Array.isArray(body.deletedRecords) ? body.deletedRecords.filter(isRecord) : [];
    const earliest = toInstant(body.earliestDateAvailable);
    if (earliest !== null && earliest > from)
      log.warn(place, 'the log of deletions does not reach back to the last run');
    const told = records.flatMap((record) => {
      const id = toText(record.id);
      return id === null ? [] : [{ id, at: toInstant(record.deletedDate) ?? to }];
    });
    return {
      deleted: await withoutLiving(api, object, told),
      upto: Math.min(toInstant(body.latestDateCovered) ?? to, to),
    };
  } catch (error) {
    if (!(error instanceof SalesforceFailure) || error.status >= 500 || error.status === 401) {
      throw explainFailure(error, place);
    }
    log.info({ ...place, code: error.code }, 'no log of deletions: permanent deletions are not seen');
    return { deleted: [], upto: null };
  }
}

/** A record that was taken back out of the recycle bin may still stand in the log. */
async function withoutLiving(api: Api, object: string, told: readonly Deletion[]): Promise<Deletion[]> {
  if (told.length > askedLimit) return [...told];
  const living = new Set<string>();
  for (let index = 0; index < told.length; index += idsPerQuery) {
    const ids = told.slice(index, index + idsPerQuery).map(({ id }) => soqlText(id));
    const page = await api.query(`SELECT Id FROM ${object} WHERE Id IN (${ids.join(', ')})`);
    for (const record of page.records) living.add(String(record.Id));
  }
  return told.filter(({ id }) => !living.has(id));
}
