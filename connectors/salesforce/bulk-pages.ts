import type { Job } from './bulk-job.ts';
import type { JobMark } from './cursor.ts';
import { explainFailure } from './explain.ts';
import { SalesforceFailure } from './failure.ts';
import { placeOf, type ReadEnv } from './read-env.ts';
import { isRecord } from './values.ts';

/**
 * Locators of a job's sets of results in their order, from the one at which reading goes on; the first set has none.
 * Empty where there is but one, or where Salesforce does not list them: before API version 58 each set only names the
 * next (Bulk API 2.0 Guide: Get Parallel Results for a Query Job).
 */
export async function listSets(env: ReadEnv, job: Job, mark: JobMark): Promise<readonly (string | null)[]> {
  const { bulk, log } = env;
  const left = job.records === null ? null : job.records - mark.received;
  if (bulk.setsAtOnce < 2 || left === null || left <= bulk.recordsPerSet) return [];
  try {
    const all = await readLocators(env, mark.id);
    const locators = all.map((locator, index) => (index === 0 ? null : locator));
    const start = locators.indexOf(mark.locator);
    return start < 0 ? [] : locators.slice(start);
  } catch (error) {
    if (!(error instanceof SalesforceFailure) || error.status === 401 || error.status >= 500) {
      throw explainFailure(error, placeOf(env));
    }
    log.info({ ...placeOf(env), code: error.code }, 'bulk.no_set_list');
    return [];
  }
}

async function readLocators({ api, signal }: ReadEnv, id: string): Promise<string[]> {
  const locators: string[] = [];
  const seen = new Set<string>();
  let path: string | null = `/jobs/query/${id}/resultPages`;
  while (path !== null && !seen.has(path)) {
    signal.throwIfAborted();
    seen.add(path);
    const body = await api.get(path);
    const pages = Array.isArray(body.resultPages) ? body.resultPages.filter(isRecord) : [];
    locators.push(...pages.map(({ resultUrl }) => locatorOf(String(resultUrl))));
    path = typeof body.nextRecordsUrl === 'string' && body.done !== true ? body.nextRecordsUrl : null;
  }
  return locators;
}

function locatorOf(url: string): string {
  return new URL(url, 'https://any.example').searchParams.get('locator') ?? '';
}
