import { entityTables, type TableName } from '../model/entities.ts';
import type { FactStore } from '../model/fact-store.ts';
import type { ExplainedFact } from './explain.ts';

/** Of the records behind a figure, those that came or changed since the evaluation before the last one. */
export interface ChangedRecord {
  readonly source: string;
  readonly object: string;
  readonly id: string;
  readonly change: 'new' | 'changed';
}

export interface ChangesSince {
  /** When the evaluation before the last one ran, epoch ms; null: there was none. */
  readonly since: number | null;
  readonly records: readonly ChangedRecord[];
  readonly recordsTotal: number;
  /** Of all of them, those that came. */
  readonly fresh: number;
}

const idsPerQuery = 200;

export async function findChanges(
  store: Pick<FactStore, 'rows'>,
  facts: readonly Pick<ExplainedFact, 'source' | 'object' | 'id'>[],
  limit: number,
): Promise<ChangesSince> {
  const since = await evaluatedBefore(store);
  if (since === null) return { since, records: [], recordsTotal: 0, fresh: 0 };
  const records: ChangedRecord[] = [];
  for (const [place, ids] of groupRecords(facts)) {
    const [source = '', object = ''] = place.split('\n');
    if (!(object in entityTables)) continue;
    for (let from = 0; from < ids.length; from += idsPerQuery)
      records.push(
        ...(await changedOf(store, { source, object, ids: ids.slice(from, from + idsPerQuery), since })),
      );
  }
  const fresh = records.filter(({ change }) => change === 'new').length;
  return { since, records: records.slice(0, limit), recordsTotal: records.length, fresh };
}

/** The newest but one: what came since then is news in the last one. */
async function evaluatedBefore(store: Pick<FactStore, 'rows'>): Promise<number | null> {
  const sql = 'select started_at from evaluation where finished_at is not null order by id desc limit 2';
  for await (const rows of store.rows({ sql, params: {} })) {
    const before = rows[1]?.[0];
    return before === undefined || before === null ? null : Number(before);
  }
  return null;
}

function groupRecords(
  facts: readonly Pick<ExplainedFact, 'source' | 'object' | 'id'>[],
): ReadonlyMap<string, readonly string[]> {
  const groups = new Map<string, Set<string>>();
  for (const { source, object, id } of facts) {
    const place = `${source}\n${object}`;
    groups.set(place, (groups.get(place) ?? new Set()).add(id));
  }
  return new Map([...groups].map(([place, ids]) => [place, [...ids].sort()]));
}

interface Asked {
  readonly source: string;
  readonly object: string;
  readonly ids: readonly string[];
  readonly since: number;
}

/** `synced_at` tells when a record's stored values last changed. */
async function changedOf(
  store: Pick<FactStore, 'rows'>,
  { source, object, ids, since }: Asked,
): Promise<readonly ChangedRecord[]> {
  const names = ids.map((_, place) => `:id_${place}`);
  const params = Object.fromEntries(ids.map((id, place) => [`id_${place}`, id]));
  const sql = `select id, case when created_at > :since then 1 else 0 end from ${object as TableName}
    where source_id = :source and id in (${names.join(', ')}) and synced_at > :since order by id`;
  const records: ChangedRecord[] = [];
  for await (const rows of store.rows({ sql, params: { source, since, ...params } }))
    for (const [id, isNew] of rows)
      records.push({ source, object, id: String(id), change: isNew === 1 ? 'new' : 'changed' });
  return records;
}
