import type { ActionStore } from '../model/action.ts';
import { entityTables, type SqlValue, type TableName } from '../model/entities.ts';
import type { FactStore } from '../model/fact-store.ts';
import type { OperationsStore } from '../model/operations.ts';
import type { Segment } from '../model/result.ts';
import type { PublishStore, ResultStore, StoredResult } from '../model/result-store.ts';
import type { ReviewStore } from '../model/review.ts';
import type { RunStore, StreamState } from '../model/store.ts';
import { createActionStore } from './actions.ts';
import { createAlertStore } from './alerts.ts';
import { type Handle, type HandleOptions, openReadOnly } from './database.ts';
import { createDirectory } from './directory.ts';
import { withStoreErrors } from './explain-error.ts';
import { createFactStore } from './facts.ts';
import { createFindingReader, type FindingReader } from './findings.ts';
import { createOperations } from './operations.ts';
import { createOutbox } from './outbox.ts';
import { createPastViews } from './past-view.ts';
import { fromResultRow } from './result-rows.ts';
import { createResultTable } from './results.ts';
import { createRetentionStore } from './retention.ts';
import { createReviewStore } from './reviews.ts';
import { createRunLog } from './runs.ts';
import { createStreamStates } from './stream-states.ts';
import { readTrendLimit, withinTrendLimit } from './trends.ts';

/** What pages and reports ask of the store. Its handle cannot write. */
export interface Reader
  extends FactStore,
    Pick<ResultStore, 'latestEvaluation' | 'latestResults' | 'officialResult'>,
    Pick<PublishStore, 'refused'>,
    Pick<RunStore, 'runs' | 'apiUsage' | 'streamStates'>,
    Pick<ActionStore, 'actions' | 'effects'>,
    Pick<ReviewStore, 'reviews'>,
    FindingReader,
    AsyncDisposable {
  /** The newest rows of the series asked for, oldest period first, found by index without reading any others. */
  series(query: SeriesQuery): readonly StoredResult[];
  /** Ids that have a result of these KPIs in a period. */
  segmentsIn(query: PeriodQuery): readonly { readonly source: string | null; readonly id: string }[];
  /** What is measured of the runs. Of its methods only those that read can succeed. */
  readonly measured: RunStore & PublishStore & OperationsStore;
  /** Local days on which actions on a KPI were started, in this segment or the whole company. */
  changedOn(query: ChangeQuery): readonly string[];
  /** What people call a record; null where it has no name. */
  recordName(source: string, table: string, id: string): string | null;
  /** When each stream last succeeded, and what is wrong with it; rows as last counted, not counted anew. */
  freshness(): readonly Omit<StreamState, 'rows' | 'deleted'>[];
}

export interface PeriodQuery {
  readonly kpis: readonly string[];
  readonly grain: string;
  readonly kind: string;
  /** Local date on which the period starts. */
  readonly periodStart: string;
}

export interface ChangeQuery {
  readonly kpi: string;
  readonly segment: Pick<Segment, 'kind' | 'id' | 'source'>;
  readonly asOf: number;
}

export interface SeriesQuery {
  readonly asOf: number;
  readonly kpis: readonly string[];
  readonly grain: string;
  readonly kind: string;
  /** Of the segment; none: all of the kind. */
  readonly id?: string;
  /** First and last local date on which a period may start. */
  readonly from?: string;
  readonly to?: string;
}

export function openReader(path: string, options: HandleOptions = {}): Reader {
  const handle = openReadOnly(path, options);
  return withStoreErrors(path, () => ({
    ...createFactStore(handle),
    ...createPastViews(handle),
    ...createDirectory(handle),
    ...pick(createRetentionStore(handle), ['purgedBefore']),
    ...pick(createResultTable(handle, handle), ['latestEvaluation', 'latestResults', 'officialResult']),
    ...pick(createOutbox(handle), ['refused']),
    ...pick(createRunLog(handle), ['runs']),
    ...pick(createStreamStates(handle), ['apiUsage', 'streamStates']),
    ...pick(createActionStore(handle), ['actions', 'effects']),
    ...pick(createReviewStore(handle), ['reviews']),
    ...createFindingReader(handle),
    measured: {
      ...createOutbox(handle),
      ...createRunLog(handle),
      ...createStreamStates(handle),
      ...createOperations(handle),
      ...createAlertStore(handle),
    },
    series: (query) => withStoreErrors(path, () => readSeries(handle, query)),
    segmentsIn: (query) => withStoreErrors(path, () => readSegments(handle, query)),
    changedOn: (query) => withStoreErrors(path, () => readChanges(handle, query)),
    recordName: (source, table, id) =>
      withStoreErrors(path, () => readRecordName(handle, { source, table, id })),
    freshness: () => withStoreErrors(path, () => readFreshness(handle)),
    [Symbol.asyncDispose]: async () => void handle.close(),
  }));
}

function pick<T extends object, K extends keyof T>(methods: T, names: readonly K[]): Pick<T, K> {
  return Object.fromEntries(names.map((name) => [name, methods[name]])) as Pick<T, K>;
}

/**
 * Periods of a KPI are found one after the other by a look-up each, then their rows: the index begins with KPI, grain
 * and period, and a plain search would pass every owner's rows to find the company's.
 */
const seriesSql = (withId: boolean) => `
  WITH RECURSIVE place (kpi, start) AS (
    SELECT k.value, (SELECT min(period_start) FROM result
      WHERE kpi = k.value AND grain = @grain AND period_start >= @from) FROM json_each(@kpis) k
    UNION ALL
    SELECT kpi, (SELECT min(period_start) FROM result
      WHERE kpi = place.kpi AND grain = @grain AND period_start > place.start) FROM place WHERE start <= @to
  )
  SELECT r.* FROM place CROSS JOIN result r
  WHERE place.start <= @to AND r.kpi = place.kpi AND r.grain = @grain AND r.period_start = place.start
    AND r.segment_kind = @kind AND r.as_of <= @asOf
    ${withId ? "AND r.segment_source IN (SELECT id FROM source UNION SELECT '') AND r.segment_id = @id" : ''}
    AND r.evaluation_id NOT IN (SELECT id FROM evaluation WHERE finished_at IS NULL)
  ORDER BY r.period_start, r.as_of, r.id`;

function readSeries(handle: Handle, query: SeriesQuery): readonly StoredResult[] {
  const { asOf, kpis, grain, kind, id, from = '', to = '9999' } = query;
  const rows = handle
    .prepare<unknown[], Record<string, SqlValue>>(seriesSql(id !== undefined))
    .all({ asOf, kpis: JSON.stringify(kpis), grain, kind, from, to, ...(id !== undefined && { id }) });
  const newest = new Map<string, Record<string, SqlValue>>();
  for (const row of rows) newest.set(seriesKey(row), row);
  const limit = readTrendLimit(handle, asOf);
  return [...newest.values()]
    .filter(({ state }) => state === 'current')
    .map((row) => withinTrendLimit(fromResultRow(row), limit));
}

function seriesKey(row: Readonly<Record<string, SqlValue>>): string {
  return [row.kpi, row.period_start, row.segment_source, row.segment_id, row.goal].join('\n');
}

function readSegments(handle: Handle, { kpis, grain, kind, periodStart }: PeriodQuery) {
  return handle
    .prepare<unknown[], { source: string; id: string }>(
      `SELECT DISTINCT r.segment_source AS source, r.segment_id AS id
       FROM json_each(?) k CROSS JOIN result r
       WHERE r.kpi = k.value AND r.grain = ? AND r.period_start = ? AND r.segment_kind = ?`,
    )
    .all(JSON.stringify(kpis), grain, periodStart, kind)
    .map(({ source, id }) => ({ source: source || null, id }));
}

function readChanges(handle: Handle, { kpi, segment, asOf }: ChangeQuery): readonly string[] {
  return handle
    .prepare<unknown[], string>(
      `SELECT DISTINCT a.started_on FROM action a JOIN action_event e ON e.action_id = a.id AND e.state = 'started'
       WHERE coalesce(json_extract(a.plan, '$.kpi'), a.kpi) = @kpi AND a.started_on IS NOT NULL AND a.state IN ('started', 'done') AND e.at <= @asOf
         AND (a.segment_kind = 'company' OR (a.segment_kind = @kind AND a.segment_id IS @id
           AND coalesce(a.segment_source, @source, '') = coalesce(@source, a.segment_source, '')))
       ORDER BY a.started_on`,
    )
    .pluck()
    .all({ kpi, asOf, kind: segment.kind, id: segment.id, source: segment.source });
}

function readRecordName(
  handle: Handle,
  { source, table, id }: { readonly source: string; readonly table: string; readonly id: string },
): string | null {
  if (!isTable(table)) return null;
  const column = ['name', 'subject'].find((each) => Object.hasOwn(entityTables[table], each));
  if (column === undefined) return null;
  const row = handle
    .prepare<unknown[], { name: string | null }>(
      `SELECT ${column} AS name FROM ${table} WHERE source_id = ? AND id = ?`,
    )
    .get(source, id);
  return row?.name ?? null;
}

function isTable(name: string): name is TableName {
  return Object.hasOwn(entityTables, name);
}

function readFreshness(handle: Handle): readonly Omit<StreamState, 'rows' | 'deleted'>[] {
  return handle
    .prepare<unknown[], Omit<StreamState, 'rows' | 'deleted'>>(
      `SELECT source_id AS connection, name AS stream, "table", watermark, last_success_at AS lastSuccessAt,
         last_error AS lastError, fix, unavailable, ours, theirs FROM stream ORDER BY source_id, name`,
    )
    .all();
}
