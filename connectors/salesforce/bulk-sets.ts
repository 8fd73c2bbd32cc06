import { RunError } from '../../src/model/errors.ts';
import { type Job, JobFailure } from './bulk-job.ts';
import { listSets } from './bulk-pages.ts';
import { type ResultSet, readRecords, readResults } from './bulk-results.ts';
import type { JobMark } from './cursor.ts';
import { readAhead } from './read-ahead.ts';
import { placeOf, type ReadEnv } from './read-env.ts';
import type { SalesforceRecord } from './values.ts';

/** Times that one set of results is asked for. */
const attemptLimit = 4;
/** Chunks of one set, mostly of 16 KB, that wait in memory while an earlier set is stored. */
const chunksAhead = 48;

/** Records of a job's results in their order, and after each set the position behind it. */
export type SetPart = { readonly records: readonly SalesforceRecord[] } | { readonly mark: JobMark };

/**
 * Several sets are fetched at a time where Salesforce lists them; they are delivered one after the other all the same,
 * so that each position holds for all that came before it.
 */
export async function* readSets(env: ReadEnv, job: Job, mark: JobMark): AsyncGenerator<SetPart> {
  const sets = openSets(env, await listSets(env, job, mark));
  let current = mark;
  const seen = new Set<string>();
  try {
    for (;;) {
      const { next, records } = yield* readSet(env, current, sets);
      const received = current.received + records;
      if (next === null) {
        if (job.records === null || job.records === received) return;
        throw new JobFailure(`the job processed ${job.records} records and gave ${received}`);
      }
      if (seen.has(next)) throw new JobFailure('the job named the same set of results twice');
      seen.add(next);
      current = { ...current, locator: next, received };
      yield { mark: current };
    }
  } finally {
    await sets.close();
  }
}

/** One set of results; asked for again from its beginning when it breaks off. */
async function* readSet(
  env: ReadEnv,
  mark: JobMark,
  sets: OpenSets,
): AsyncGenerator<SetPart, { next: string | null; records: number }> {
  for (let attempt = 1; ; attempt += 1) {
    let records = 0;
    try {
      const set = await sets.take(mark);
      for await (const part of readRecords(env, set.chunks)) {
        env.signal.throwIfAborted();
        records += part.length;
        yield { records: part };
      }
      if (set.announced !== null && set.announced !== records) {
        throw new JobFailure(`a set of ${set.announced} records had ${records}`);
      }
      return { next: set.next, records };
    } catch (error) {
      env.signal.throwIfAborted();
      const broken = error instanceof JobFailure || (error instanceof RunError && error.kind === 'remote');
      if (!broken || attempt >= attemptLimit) throw error;
      env.log.warn({ ...placeOf(env), attempt }, 'bulk.set_again');
    }
  }
}

interface OpenSets {
  /** The set at a position; sees to it that the following ones are on their way. */
  take(mark: JobMark): Promise<ResultSet>;
  close(): Promise<void>;
}

/** A set on its way; what became of it is asked only when its turn comes. */
interface ComingSet {
  readonly index: number;
  readonly set: Promise<ResultSet>;
  stop(): Promise<void>;
}

function openSets(env: ReadEnv, locators: readonly (string | null)[]): OpenSets {
  let coming: ComingSet[] = [];
  const fetchNext = ({ id }: JobMark, index: number) => {
    const end = Math.min(locators.length, index + env.bulk.setsAtOnce);
    for (let next = index + 1; next < end; next += 1) {
      if (coming.some((one) => one.index === next)) continue;
      coming.push({ index: next, ...fetchAhead(env, { id, locator: locators[next] ?? null }) });
    }
  };
  return {
    async take(mark) {
      const index = locators.indexOf(mark.locator);
      // Not listed: each set names the next one itself.
      if (index < 0) return readResults(env, mark, env.bulk.recordsPerSet);
      const ready = coming.find((one) => one.index === index);
      coming = coming.filter((one) => one.index > index);
      fetchNext(mark, index);
      const set = await (ready?.set ?? readResults(env, mark, null));
      return { ...set, next: locators[index + 1] ?? set.next };
    },
    async close() {
      await Promise.all(coming.map((one) => one.stop()));
      coming = [];
    },
  };
}

function fetchAhead(env: ReadEnv, mark: Pick<JobMark, 'id' | 'locator'>): Omit<ComingSet, 'index'> {
  const opened = readResults(env, mark, null);
  const queue = readAhead(async () => (await opened).chunks, chunksAhead);
  const set = opened.then((result) => ({ ...result, chunks: queue.items }));
  // Its failure is told when its turn comes.
  set.catch(() => {});
  return { set, stop: queue.stop };
}
