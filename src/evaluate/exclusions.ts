import { entityTables } from '../model/entities.ts';
import type { FactStore } from '../model/fact-store.ts';
import type { Kpi, Labels } from '../model/kpi.ts';
import type { Period } from '../model/period.ts';
import { conditionsOf } from './conditions.ts';
import { namedObjects } from './fact-query.ts';
import { type PassContext, passFacts } from './pass.ts';
import { createPeriodIndex } from './period-index.ts';
import { readsPeriods } from './period-table.ts';
import { keyText, type SegmentKey } from './segments.ts';

/** Records that do not count, and why. */
export interface Exclusion {
  readonly reason: Labels;
  readonly n: number;
}

export interface ExclusionInput {
  readonly context: PassContext;
  readonly kpi: Kpi;
  readonly period: Period;
  readonly segment: SegmentKey;
}

/** Why records that one might look for do not count; reasons that leave none out are left out. */
export async function listExclusions(input: ExclusionInput): Promise<readonly Exclusion[]> {
  const { kpi } = input;
  const found: Exclusion[] = [...(await byMeasure(input)), ...(await byCondition(input))];
  // Of a record that is gone, nobody knows any more whose it was.
  if (input.segment.kind === 'company') found.push(...(await byDeath(input)));
  if (kpi.maturesMs !== null) {
    const all = await tally(input, { ...kpi, maturesMs: null });
    const mature = await tally(input, kpi);
    found.push({ reason: words.young, n: sum(all) - sum(mature) });
  }
  return found.filter(({ n }) => n > 0);
}

const words = {
  missing: { en: 'a figure is missing', es: 'falta un dato' },
  negative_span: { en: 'ends before it begins', es: 'termina antes de empezar' },
  fx_missing: { en: 'no exchange rate', es: 'sin tipo de cambio' },
  young: { en: 'not observed long enough yet', es: 'todavía sin observación suficiente' },
  elsewhere: { en: 'belongs to another segment', es: 'pertenece a otro segmento' },
  outside: { en: 'outside the period', es: 'fuera del periodo' },
  deleted: { en: 'deleted in the CRM', es: 'eliminado en el CRM' },
  merged: { en: 'merged into another record', es: 'fusionado con otro registro' },
  test: { en: 'a test record', es: 'registro de prueba' },
} as const satisfies Record<string, Labels>;

/** What people call the values that records are most often left out for. */
const known: Readonly<Record<string, Labels>> = {
  'outcome open': { en: 'still open', es: 'todavía abierto' },
  'outcome lost': { en: 'lost', es: 'perdido' },
  'outcome won': { en: 'won', es: 'ganado' },
  'type renewal': { en: 'a renewal', es: 'renovación' },
  'is_closed 0': { en: 'still open', es: 'todavía abierto' },
  'imported 1': { en: 'imported in bulk', es: 'importado en masa' },
  'automated 1': { en: 'made by software', es: 'hecho por un programa' },
};

function namedReason(column: string | null, value: string | null): Labels {
  if (column === null) return { en: 'does not meet the conditions', es: 'no cumple las condiciones' };
  const label = known[`${column} ${value ?? ''}`];
  if (label) return label;
  return value === null || value === ''
    ? { en: `${column} is empty`, es: `${column} está vacío` }
    : { en: `${column} is ${value}`, es: `${column} es ${value}` };
}

const sum = (counts: ReadonlyMap<string, number>) => [...counts.values()].reduce((all, n) => all + n, 0);

/** Facts of the period and segment, by their part. */
async function tally(
  { context, period, segment }: ExclusionInput,
  kpi: Kpi,
): Promise<ReadonlyMap<string, number>> {
  const counts = new Map<string, number>();
  const wanted = keyText(segment);
  await passFacts(context, {
    kpi,
    kinds: [segment.kind],
    indexes: [createPeriodIndex([period])],
    visit: ({ fact, segments }) => {
      if (!segments.some((key) => keyText(key) === wanted)) return;
      const part = fact.part ?? '';
      counts.set(part, (counts.get(part) ?? 0) + 1);
    },
  });
  return counts;
}

/** Records that the query lists and that add nothing to this figure. */
async function byMeasure({ context, kpi, period, segment }: ExclusionInput): Promise<readonly Exclusion[]> {
  const wanted = keyText(segment);
  const counts = { missing: 0, negative_span: 0, fx_missing: 0, elsewhere: 0, outside: 0 };
  const isEvent = kpi.kind !== 'snapshot' && !kpi.windowDays && !readsPeriods(kpi.sql);
  const ever: Period = { ...period, label: 'ever', startAt: 0, endAt: context.asOf };
  await passFacts(context, {
    kpi,
    kinds: [segment.kind],
    indexes: [createPeriodIndex([period]), ...(isEvent ? [createPeriodIndex([ever])] : [])],
    visit: ({ grain, segments, measure }) => {
      const isOurs = segments.some((key) => keyText(key) === wanted);
      if (grain === 1) {
        if (isOurs) counts.outside++;
        return;
      }
      if (isOurs) counts.outside--;
      else counts.elsewhere++;
      if (!isOurs || measure.kind === 'counts') return;
      if (measure.flag === 'negative_span' || measure.flag === 'fx_missing') counts[measure.flag]++;
      else counts.missing++;
    },
  });
  return Object.entries(counts).map(([name, n]) => ({ reason: words[name as keyof typeof counts], n }));
}

/** Records that fail one condition of the query and meet all the others. */
async function byCondition(input: ExclusionInput): Promise<readonly Exclusion[]> {
  const { context, kpi, segment } = input;
  const found: Exclusion[] = [];
  for (const { column, failing } of conditionsOf(kpi.sql)) {
    const counts = new Map(await tally(input, { ...kpi, sql: failing }));
    if (segment.kind === 'company')
      for (const [value, n] of await countUndated(context, kpi, failing))
        counts.set(value, (counts.get(value) ?? 0) + n);
    for (const [value, n] of counts) found.push({ reason: namedReason(column, value), n });
  }
  return found;
}

/** Without the day or instant by which they would count: an open deal has not been closed on any day. */
async function countUndated(
  { store, asOf }: PassContext,
  kpi: Kpi,
  failing: string,
): Promise<readonly (readonly [value: string, n: number])[]> {
  const anchor = ['day', 'at'].find((name) => new RegExp(`\\bas ${name}\\b`, 'i').test(kpi.sql));
  if (!anchor || !/\bas part\b/.test(failing)) return [];
  const sql = `select part, count(*) from (\n${failing}\n) f where ${anchor} is null group by part order by part`;
  const counts: (readonly [string, number])[] = [];
  for await (const rows of store.rows({ sql, params: { as_of: asOf } }))
    for (const [value, n] of rows) counts.push([String(value ?? ''), Number(n)]);
  return counts;
}

const deaths = {
  deleted: 'deleted_at is not null',
  merged: 'merged_into is not null and deleted_at is null',
  test: 'is_test = 1 and deleted_at is null and merged_into is null',
} as const;

/** The same query over records that are hidden from it. */
async function byDeath(input: ExclusionInput): Promise<readonly Exclusion[]> {
  const { kpi, context } = input;
  const tables = (namedObjects(kpi.sql) ?? []).filter((name) => name in entityTables);
  const found: Exclusion[] = [];
  if (tables.length === 0) return found;
  for (const [name, test] of Object.entries(deaths)) {
    const hidden = tables.map((table) => `${table} as (select * from main.${table} where ${test})`);
    const sql = `with ${hidden.join(', ')} select * from (\n${kpi.sql}\n) hidden`;
    if ('problem' in (await checkDead(context.store, sql, kpi))) continue;
    found.push({
      reason: words[name as keyof typeof deaths],
      n: sum(await tally(input, { ...kpi, sql, maturesMs: null })),
    });
  }
  return found;
}

/** A query that joins the table of periods cannot be wrapped. */
async function checkDead(
  store: Pick<FactStore, 'checkQuery'>,
  sql: string,
  kpi: Kpi,
): Promise<{ readonly columns: readonly string[] } | { readonly problem: string }> {
  return readsPeriods(kpi.sql) ? { problem: 'it joins the periods' } : store.checkQuery(sql);
}
