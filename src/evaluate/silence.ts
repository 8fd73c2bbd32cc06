import { entityTables, type TableName } from '../model/entities.ts';
import type { FactStore } from '../model/fact-store.ts';
import type { Goal } from '../model/goal.ts';
import type { Kpi, Labels } from '../model/kpi.ts';
import type { RunStore, StreamState } from '../model/store.ts';
import { measureColumns } from './needed-columns.ts';

/** Why a KPI has no figure: in what a CRM cannot give, by name. */
export interface Silence {
  readonly kpi: string;
  /** The connection that lacks it; null: all of them. */
  readonly connection: string | null;
  readonly reason: Labels;
}

export interface SilenceContext {
  readonly store: Pick<FactStore, 'sources' | 'rowCounts' | 'rows'> & Pick<RunStore, 'streamStates'>;
  readonly catalog: readonly Kpi[];
}

/** KPIs that were not computed, since a table that they need is missing or empty. Those that nobody chose are left out. */
export async function findUnserved(
  { store, catalog }: SilenceContext,
  settings: { readonly kpis: readonly string[] | null; readonly goals: readonly Pick<Goal, 'kpi'>[] },
): Promise<readonly Silence[]> {
  const asked = new Set([...(settings.kpis ?? []), ...settings.goals.map(({ kpi }) => kpi)]);
  const sources = await store.sources();
  const states = await store.streamStates();
  const counts = await store.rowCounts();
  const filled = new Set(counts.filter(({ rows }) => rows > 0).map(({ table }) => table));
  return catalog.flatMap((kpi): Silence[] => {
    if (settings.kpis !== null && !asked.has(kpi.id)) return [];
    const missing = kpi.needs.filter((table) =>
      sources.every(({ completeThrough }) => completeThrough[table] === undefined),
    );
    if (missing.length > 0) return [{ kpi: kpi.id, connection: null, reason: undelivered(missing, states) }];
    const empty = kpi.needs.filter((table) => !filled.has(table));
    return empty.length > 0 ? [{ kpi: kpi.id, connection: null, reason: noRecords(empty) }] : [];
  });
}

function undelivered(tables: readonly TableName[], states: readonly StreamState[]): Labels {
  const causes = states.filter(({ table, unavailable }) => tables.includes(table) && unavailable !== null);
  const told = causes.map(({ connection, stream, unavailable }) => `${connection} ${stream}: ${unavailable}`);
  const list = tables.join(', ');
  const because = told.length > 0 ? ` (${told.join('; ')})` : '';
  return {
    en: `no connection delivers ${list}${because}`,
    es: `ninguna conexión aporta ${list}${because}`,
  };
}

function noRecords(tables: readonly TableName[]): Labels {
  const list = tables.join(', ');
  return { en: `there are no records of ${list}`, es: `no hay registros de ${list}` };
}

/** Of a KPI that found records and nothing to count in them: the columns that no record of a connection has. */
export async function explainSilence(
  { store, catalog }: SilenceContext,
  kpi: Kpi,
  connection: string | null,
): Promise<readonly Silence[]> {
  const parts = kpi.derive ? catalog.filter(({ id }) => kpi.derive?.inputs.includes(id)) : [kpi];
  const inputs = new Map<TableName, Set<string>>();
  for (const part of parts) {
    for (const column of part.inputs?.length ? part.inputs : measureColumns(part.sql)) {
      const [table = '', name = ''] = column.split('.');
      if (!isTable(table)) continue;
      inputs.set(table, (inputs.get(table) ?? new Set()).add(name));
    }
  }
  const found: Silence[] = [];
  for (const { connection: source } of await store.sources()) {
    if (connection !== null && connection !== source) continue;
    const lacking = await emptyColumns(store, source, inputs);
    if (lacking.length > 0) found.push({ kpi: kpi.id, connection: source, reason: lacks(source, lacking) });
  }
  return found;
}

function isTable(name: string): name is TableName {
  return name in entityTables;
}

async function emptyColumns(
  store: Pick<FactStore, 'rows'>,
  source: string,
  inputs: ReadonlyMap<TableName, ReadonlySet<string>>,
): Promise<readonly string[]> {
  const empty: string[] = [];
  for (const [table, columns] of inputs) {
    const names = [...columns].sort();
    const counts = names.map((name) => `count(${name})`).join(', ');
    const sql = `select count(*), ${counts} from ${table} where source_id = :source`;
    for await (const rows of store.rows({ sql, params: { source } })) {
      const [all = 0, ...filled] = rows[0] ?? [];
      if (Number(all) === 0) continue;
      for (const [place, name] of names.entries())
        if (Number(filled[place]) === 0) empty.push(`${table}.${name}`);
    }
  }
  return empty;
}

function lacks(connection: string, columns: readonly string[]): Labels {
  const list = columns.join(', ');
  return {
    en: `no record of ${connection} has ${list}`,
    es: `ningún registro de ${connection} tiene ${list}`,
  };
}
