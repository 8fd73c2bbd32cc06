import { entityTables } from '../model/entities.ts';
import type { FactStore } from '../model/fact-store.ts';
import type { ExclusionInput } from './exclusions.ts';
import { namedObjects } from './fact-query.ts';
import { passFacts } from './pass.ts';
import { createPeriodIndex } from './period-index.ts';
import { readsPeriods } from './period-table.ts';
import { keyText } from './segments.ts';

/** What counted in a figure at the evaluation before the last one, and no longer does. */
export interface Left {
  /** At least so many records: those that are gone, and those that an edit took out as far as the counts tell. */
  readonly n: number;
  /** Of them, those deleted or merged away. */
  readonly gone: readonly GoneRecord[];
}

export interface GoneRecord {
  readonly source: string;
  readonly object: string;
  readonly id: string;
  readonly change: 'gone';
}

export interface LeftInput extends ExclusionInput {
  readonly since: number;
  /** Records that count now, and those of them that are new. */
  readonly now: { readonly n: number; readonly fresh: number };
}

export async function findLeft(input: LeftInput): Promise<Left> {
  const gone = await goneRecords(input);
  const before = await countBefore(input);
  const missing = before === null ? 0 : before - input.now.n + input.now.fresh;
  return { n: Math.max(gone.length, missing), gone };
}

/** The KPI's query over records that were taken away since then: what it would have counted. */
async function goneRecords({ context, kpi, period, segment, since }: LeftInput): Promise<GoneRecord[]> {
  const found: GoneRecord[] = [];
  if (readsPeriods(kpi.sql) || segment.kind !== 'company') return found;
  const tables = (namedObjects(kpi.sql) ?? []).filter((name) => name in entityTables);
  for (const table of tables) {
    const dead = `deleted_at is not null and synced_at > ${Math.trunc(since)} and is_test = 0`;
    const sql = `with ${table} as (select * from main.${table} where ${dead}) select * from (\n${kpi.sql}\n) gone`;
    if ('problem' in (await context.store.checkQuery(sql))) continue;
    await passFacts(context, {
      kpi: { ...kpi, sql, maturesMs: null },
      kinds: ['company'],
      indexes: [createPeriodIndex([period])],
      visit: ({ fact: { source, object, id }, measure, segments }) => {
        const isOurs = segments.some((key) => keyText(key) === keyText(segment));
        if (isOurs && measure.kind === 'counts') found.push({ source, object, id, change: 'gone' });
      },
    });
  }
  return found;
}

const sql = `select r.n from result r
  join (select max(id) as id from evaluation where finished_at is not null) last on r.evaluation_id < last.id
  where r.kpi = :kpi and r.period_label = :label and r.grain = :grain
    and r.segment_kind = :kind and coalesce(r.segment_id, '') = :id and coalesce(r.segment_source, '') = :source
  order by r.id desc limit 1`;

/** How many records counted when the evaluation before the last one looked. */
async function countBefore({ context, kpi, period, segment }: LeftInput): Promise<number | null> {
  const params = {
    kpi: kpi.id,
    label: period.label,
    grain: period.grain,
    kind: segment.kind,
    id: segment.id ?? '',
    source: segment.source ?? '',
  };
  const store: Pick<FactStore, 'rows'> = context.store;
  for await (const rows of store.rows({ sql, params })) {
    const n = rows[0]?.[0];
    return typeof n === 'number' ? n : null;
  }
  return null;
}
