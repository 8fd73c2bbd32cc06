import type { Log } from '../model/connector.ts';
import type { TableName } from '../model/entities.ts';
import { RunError } from '../model/errors.ts';
import type { ActorInfo, ChangeStore, FactStore, SourceInfo } from '../model/fact-store.ts';
import type { Goal } from '../model/goal.ts';
import type { Kpi } from '../model/kpi.ts';
import type { ResultStore } from '../model/result-store.ts';
import type { Settings } from '../model/settings.ts';
import { createZone, type Zone } from '../model/zone.ts';
import { type Beginnings, createBeginnings } from './beginning.ts';
import { createSchedules, type Schedules } from './business-hours.ts';
import { type Coverage, coverageOf } from './coverage.ts';
import { namedObjects } from './fact-query.ts';
import { fingerprintOf, type Nightly } from './nightly.ts';
import { loadOwnership } from './ownership.ts';
import type { PassContext } from './pass.ts';
import { periodOf } from './periods.ts';
import { loadQuotas, type QuotaContext, type QuotaTargets } from './quotas.ts';
import { loadRates } from './rates.ts';
import { loadSegmentNames, type SegmentNamer } from './segments.ts';
import type { GoalTrack } from './series.ts';

export type EvaluateSettings = Pick<
  Settings,
  | 'calendar'
  | 'currency'
  | 'kpis'
  | 'grains'
  | 'segments'
  | 'history'
  | 'goals'
  | 'businessHours'
  | 'pausedStatuses'
> &
  Partial<Pick<Settings, 'connections'>>;

/** What all KPIs of one evaluation share, looked up once. */
export interface Desk extends Omit<PassContext, 'schedules'> {
  readonly store: FactStore & ChangeStore & ResultStore;
  readonly settings: EvaluateSettings;
  readonly zone: Zone;
  /** First instant that no longer counts; `reportedAsOf` is as asked for. */
  readonly asOf: number;
  readonly reportedAsOf: number;
  readonly sources: readonly SourceInfo[];
  readonly actors: readonly ActorInfo[];
  readonly nameSegment: SegmentNamer;
  /** Changes when a name, or who is active, does. */
  readonly names: string;
  /** Mapped dimensions, by the objects that have them. */
  readonly mapped: ReadonlyMap<string, ReadonlySet<string>>;
  readonly tracks: readonly GoalTrack[];
  readonly catalog: ReadonlyMap<string, Kpi>;
  /** By table: records from before this instant were let go. */
  readonly purgedBefore: ReadonlyMap<TableName, number>;
  /** Working hours, where the settings have them; null: durations can only be measured by the calendar. */
  readonly schedules: Schedules | null;
  readonly beganAt: Beginnings;
  /** Quotas and goals that stand in the CRMs, where a goal takes its targets from them. */
  readonly quotas: QuotaTargets;
  /** What is taken over from the last evaluation; without it everything is read. */
  readonly nightly?: Nightly | null;
}

export interface DeskOptions {
  readonly store: FactStore & ChangeStore & ResultStore;
  readonly settings: EvaluateSettings;
  readonly catalog: readonly Kpi[];
  readonly asOf: number;
  readonly log: Log;
  /** Nothing is written: the goals of the settings are left aside. */
  readonly readOnly?: boolean;
}

export async function openDesk(options: DeskOptions): Promise<Desk> {
  const { store, settings, catalog, asOf, readOnly = false } = options;
  const zone = createZone(settings.calendar.timeZone);
  const cutoff = cutoffOf(zone, asOf);
  const sources = await store.sources();
  const rates = await loadRates(store, sources, settings.currency);
  const ownership = await loadOwnership(store);
  const kpis = new Map(catalog.map((kpi) => [kpi.id, kpi]));
  return {
    store,
    settings,
    zone,
    asOf: cutoff,
    reportedAsOf: asOf,
    sources,
    actors: await store.actors(),
    rates,
    ownership,
    nameSegment: await loadSegmentNames(store),
    names: fingerprintOf([await store.actors(), await store.teams(), await store.names('campaign')]),
    mapped: await loadMapped(store),
    tracks: readOnly ? [] : await loadTracks({ store, settings, zone, asOf: cutoff }),
    catalog: kpis,
    purgedBefore: await store.purgedBefore(),
    schedules: await loadSchedules(store, settings),
    beganAt: createBeginnings(store),
    quotas: await quotasFor(settings, { store, zone, rates, catalog: kpis }),
  };
}

/** Nobody's quotas are read where no goal speaks of them. */
async function quotasFor(
  { goals, calendar, currency }: EvaluateSettings,
  context: Pick<QuotaContext, 'store' | 'zone' | 'rates' | 'catalog'>,
): Promise<QuotaTargets> {
  if (!goals.some(({ targets }) => targets.kind === 'quotas')) return () => [];
  return loadQuotas({ ...context, rules: calendar, currency });
}

export async function loadSchedules(
  store: Pick<FactStore, 'teams'>,
  { businessHours = [] }: Pick<Settings, 'businessHours'>,
): Promise<Schedules | null> {
  if (businessHours.length === 0) return null;
  const names = new Map((await store.teams()).map(({ source, id, name }) => [`${source}\n${id}`, name]));
  return createSchedules(businessHours, (source, id) => names.get(`${source}\n${id}`) ?? null);
}

/** The last millisecond of a local day means all of that day. */
export function cutoffOf(zone: Zone, asOf: number): number {
  return zone.dateOf(asOf + 1) === zone.dateOf(asOf) ? asOf : asOf + 1;
}

async function loadMapped(store: FactStore): Promise<Desk['mapped']> {
  const mapped = new Map<string, Set<string>>();
  const sql = 'select distinct name, object from dimension order by name, object';
  for await (const rows of store.rows({ sql, params: {} })) {
    for (const [name, object] of rows) {
      const objects = mapped.get(String(name)) ?? new Set<string>();
      mapped.set(String(name), objects.add(String(object)));
    }
  }
  return mapped;
}

async function loadTracks({
  store,
  settings,
  zone,
  asOf,
}: Pick<Desk, 'store' | 'settings' | 'zone' | 'asOf'>): Promise<readonly GoalTrack[]> {
  const today = zone.dateOf(asOf - 1);
  const periodStart = (goal: Goal) => periodOf(settings.calendar, zone, goal.every, today).startOn;
  const versions = await store.saveGoals(settings.goals, { asOf, periodStart });
  return settings.goals.map((goal) => ({
    goal,
    versions: versions.filter((version) => version.goal.id === goal.id),
  }));
}

export interface Chosen {
  readonly kpi: Kpi;
  readonly coverage: Coverage;
}

export interface Skipped {
  readonly kpi: string;
  readonly reason: string;
}

/** The KPIs to compute, and those that cannot be, each with the reason. */
export async function chooseKpis(
  desk: Desk,
  catalog: readonly Kpi[],
): Promise<{ readonly chosen: readonly Chosen[]; readonly skipped: readonly Skipped[] }> {
  const wanted = wantedIds(desk.settings, catalog);
  const filled = new Set(await desk.store.filledTables());
  const chosen: Chosen[] = [];
  const skipped: Skipped[] = [];
  for (const kpi of catalog) {
    const asked = wanted.has(kpi.id);
    if (!asked && desk.settings.kpis !== null) continue;
    const coverage = coverageOf(kpi, desk.sources, desk);
    const empty = kpi.needs.filter((table) => !filled.has(table));
    if (coverage === null) {
      skipped.push({
        kpi: kpi.id,
        reason: `no connection delivers ${lackingTables(kpi, desk.sources).join(', ')}`,
      });
    } else if (!asked && empty.length > 0) {
      skipped.push({ kpi: kpi.id, reason: `there are no records of ${empty.join(', ')}` });
    } else {
      chosen.push({ kpi, coverage });
    }
  }
  return { chosen, skipped };
}

function lackingTables({ needs }: Kpi, sources: readonly SourceInfo[]): readonly string[] {
  return needs.filter((table) =>
    sources.every(({ completeThrough }) => completeThrough[table] === undefined),
  );
}

/** Those that the settings list or set goals for. */
function wantedIds(settings: EvaluateSettings, catalog: readonly Kpi[]): ReadonlySet<string> {
  const ids = new Set([...(settings.kpis ?? []), ...settings.goals.map((goal) => goal.kpi)]);
  const known = new Set(catalog.map((kpi) => kpi.id));
  const unknown = [...ids].filter((id) => !known.has(id)).sort();
  if (unknown.length > 0) {
    throw new RunError('config', {
      where: 'crm-kpi.yaml kpis, goals',
      message: `There is no KPI called ${unknown.join(', ')}.`,
      fix: `Use one of ${[...known].sort().join(', ')}, or add a file to the folder kpis.`,
    });
  }
  return ids;
}

/** The mapped dimensions that records of a KPI have. */
export function mappedFor(desk: Pick<Desk, 'mapped' | 'catalog'>, kpi: Kpi): ReadonlySet<string> {
  const inputs = kpi.derive?.inputs ?? [];
  const objects = namedObjects(
    kpi.derive ? inputs.map((id) => desk.catalog.get(id)?.sql ?? '').join(' ') : kpi.sql,
  );
  const names = [...desk.mapped].filter(
    ([, has]) => objects === null || objects.some((object) => has.has(object)),
  );
  return new Set(names.map(([name]) => name));
}
