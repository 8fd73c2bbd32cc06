import type { SqlValue, TableName } from '../model/entities.ts';
import type { FactStore, SourceInfo } from '../model/fact-store.ts';
import type { FindingRecord } from '../model/finding.ts';
import type { Goal } from '../model/goal.ts';
import type { Kpi } from '../model/kpi.ts';
import type { ResultStore, StoredResult } from '../model/result-store.ts';
import { addDays, type Zone } from '../model/zone.ts';
import { type ColumnsRead, columnsSql, createColumnsRead } from './columns-read.ts';
import { createSpeech, type Speak } from './words.ts';

const hourMs = 3_600_000;
export const dayMs = 24 * hourMs;
/** What detectors look back on, in days. */
export const windowDays = 180;

export interface BenchOptions {
  readonly store: FactStore & Pick<ResultStore, 'latestResults'>;
  readonly zone: Zone;
  readonly currency: string;
  readonly goals: readonly Goal[];
  readonly catalog: readonly Kpi[];
  /** As reported with the results. */
  readonly asOf: number;
  /** The first instant that no longer counts. */
  readonly cutoff: number;
  /** Minor units in the reporting currency at today's rate; null without a rate. */
  readonly convert: Convert;
  /** Records that make a result what it is, the worst first. */
  readonly worstRecords?: (result: StoredResult) => Promise<readonly FindingRecord[]>;
}

export type Convert = (minor: number, source: string, currency: string | null) => number | null;

/** What every detector works with: the records up to an instant, who belongs to which team, results and goals. */
export interface Bench extends Omit<BenchOptions, 'store'> {
  /** Last local day that counts, wholly or in part. */
  readonly today: string;
  /** Where the window begins. */
  readonly from: number;
  readonly speak: Speak;
  readonly sources: readonly SourceInfo[];
  /** The primary team of a person at as_of. */
  readonly teamOf: (source: string, actor: string | null) => Team | null;
  readonly teams: readonly Team[];
  /** Results of the company, of every KPI and period. */
  readonly companyResults: readonly StoredResult[];
  /** Results of every segment of one KPI and goal period. */
  segmentResults(of: Pick<StoredResult, 'kpi' | 'grain' | 'periodLabel'>): Promise<readonly StoredResult[]>;
  /** Results of every segment that a goal promises something for, of every period. */
  goalResults(goal: Goal): Promise<readonly StoredResult[]>;
  /** Connections that deliver a table. */
  delivering(table: TableName): readonly string[];
  readonly columns: ColumnsRead;
  /** Shows each row of a query to `visit`; `:as_of`, `:from` (window), `:before` (the window before), `:long_ago` (a year before the window), `:today`, `:from_on` are bound. */
  each(sql: string, visit: (row: readonly SqlValue[]) => void): Promise<void>;
}

export interface Team {
  readonly source: string;
  readonly id: string;
  readonly name: string | null;
  readonly parentId: string | null;
}

export async function openBench(options: BenchOptions): Promise<Bench> {
  const { store, zone, cutoff } = options;
  const today = zone.dateOf(cutoff - 1);
  const sources = await store.sources();
  const teams = await store.teams();
  const moments = {
    as_of: cutoff,
    from: cutoff - windowDays * dayMs,
    before: cutoff - 2 * windowDays * dayMs,
    long_ago: cutoff - (windowDays + 360) * dayMs,
    today,
    from_on: addDays(today, -windowDays),
  };
  return {
    ...options,
    today,
    from: moments.from,
    speak: createSpeech(options.currency),
    sources,
    teams,
    teamOf: createTeams(teams, await store.memberships(), cutoff),
    companyResults: await collectResults(store, options.asOf, { segmentKind: 'company' }),
    segmentResults: ({ kpi, grain, periodLabel }) =>
      collectResults(store, options.asOf, { kpi, grain, period: periodLabel }),
    async goalResults({ id, kpi, every }) {
      const all = await collectResults(store, options.asOf, { kpi, grain: every });
      return all.filter(({ goal }) => goal === id);
    },
    delivering: (table) =>
      sources
        .filter(({ completeThrough }) => completeThrough[table] !== undefined)
        .map(({ connection }) => connection),
    columns: createColumnsRead(await readAll(store, columnsSql)),
    async each(sql, visit) {
      for await (const rows of store.rows({ sql, params: moments })) for (const row of rows) visit(row);
    },
  };
}

async function readAll(
  store: Pick<FactStore, 'rows'>,
  sql: string,
): Promise<readonly (readonly SqlValue[])[]> {
  const all: (readonly SqlValue[])[] = [];
  for await (const rows of store.rows({ sql, params: {} })) all.push(...rows);
  return all;
}

async function collectResults(
  store: Pick<ResultStore, 'latestResults'>,
  asOf: number,
  filter: Parameters<ResultStore['latestResults']>[1],
): Promise<readonly StoredResult[]> {
  const found: StoredResult[] = [];
  for await (const rows of store.latestResults(asOf, filter)) found.push(...rows);
  return found;
}

/** Before the first membership that was seen, that one holds. */
function createTeams(
  teams: readonly Team[],
  memberships: Awaited<ReturnType<FactStore['memberships']>>,
  instant: number,
): Bench['teamOf'] {
  const known = new Map(teams.map((team) => [`${team.source}\n${team.id}`, team]));
  const ofActor = new Map<string, { readonly team: Team; readonly to: number | null }>();
  for (const { source, actorId, teamId, primary, from, to } of memberships) {
    const key = `${source}\n${actorId}`;
    if (!primary || (ofActor.has(key) && (from ?? 0) > instant)) continue;
    const team = known.get(`${source}\n${teamId}`);
    if (team) ofActor.set(key, { team, to });
  }
  return (source, actor) => {
    const span = actor === null ? undefined : ofActor.get(`${source}\n${actor}`);
    return span && (span.to === null || span.to > instant) ? span.team : null;
  };
}

/** Instants of a query's answer as hours. */
export function hoursOf(ms: number): number {
  return ms / hourMs;
}
