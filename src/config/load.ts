import { readFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import type { z } from 'zod';
import type { Connector } from '../model/connector.ts';
import { RunError } from '../model/errors.ts';
import { segmentKinds, type Unit } from '../model/kpi.ts';
import type { OrganisationFacts } from '../model/organisation.ts';
import type { CalendarRules } from '../model/period.ts';
import type { ConnectionSettings, Settings } from '../model/settings.ts';
import { buildBusinessHours } from './business-hours.ts';
import { readCalendar } from './calendar.ts';
import { buildConnection, type ConnectorSource, mappedDimensions } from './connections.ts';
import { parseSettings } from './document.ts';
import { readEnvFile } from './env-file.ts';
import { statOrNull } from './file-stat.ts';
import type { KpiTraits } from './goal-fit.ts';
import { buildGoals, checkSegments, unknownKpi } from './goals.ts';
import { explainIssues } from './issues.ts';
import { buildAlerts, buildFreshness, buildMetrics, buildSchedule, checkSchedule } from './operations.ts';
import { parseDuration } from './operations-schema.ts';
import { isRecord } from './paths.ts';
import { ConfigError, sortProblems } from './problems.ts';
import { resolveReferences } from './references.ts';
import { createReport, type Report } from './report.ts';
import { buildServe } from './report-schema.ts';
import { checkRetention } from './retention.ts';
import { buildReports, scheduleReports } from './saved-reports.ts';
import { type FileSettings, fileSchema, parsedOnce } from './schema.ts';
import { fillSilence, hearConnections, type Silence } from './silence.ts';

export interface LoadOptions {
  /** crm-kpi.yaml or its folder. */
  readonly path: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** null: there is no such KPI. */
  readonly kpiUnit: (id: string) => Unit | null;
  /** Absent: goals are not held against what their KPIs are. */
  readonly kpiTraits?: (id: string) => KpiTraits | null;
  /** All KPIs, to suggest from. */
  readonly kpiIds: readonly string[];
  /** An id, a path or a package name; null where there is no such connector. */
  readonly resolveConnector: (id: string) => Promise<Connector | null>;
  /** All that come with crm-kpi, to suggest from. */
  readonly connectorIds: readonly string[];
  /** What connections told at the last sync, for where the file is silent; from a store, in the order of their names. */
  readonly organisation?: (store: string, connections: readonly string[]) => OrganisationFacts;
}

/** Reads and checks the settings; everything that is wrong is one `ConfigError`. */
export async function loadSettings(options: LoadOptions): Promise<Settings> {
  const file = findFile(resolve(options.path));
  const folder = dirname(file);
  const document = parseSettings(basename(file), readFileSync(file, 'utf8'));
  if (document.problems.length > 0) throw new ConfigError(document.problems);
  const envFile = readEnvFile(join(folder, '.env'));
  const resolved = await resolveReferences(document.root ?? {}, {
    folder,
    env: options.env,
    envFile: envFile.values,
  });
  const report = createReport(document, resolved);
  report.addProblem(...envFile.problems);
  const settings = await understand(resolved.root, { file, folder, options, report });
  if (report.problems.length > 0 || !settings) throw new ConfigError(sortProblems(report.problems));
  return settings;
}

/** Names of the dimensions that the settings map, as far as they can be read; what is wrong is told by loadSettings. */
export function readMappedDimensions(path: string): readonly string[] {
  const { root } = parseSettings(basename(path), readFileSync(path, 'utf8'));
  return isRecord(root) && isRecord(root.connections) ? mappedDimensions(root.connections) : [];
}

function findFile(path: string): string {
  const found = statOrNull(path);
  const file = found?.isDirectory() ? join(path, 'crm-kpi.yaml') : path;
  if (found?.isFile() || statOrNull(file)?.isFile()) return file;
  throw new RunError('config', {
    where: file,
    message: 'There is no such settings file.',
    fix: 'Go to the folder of crm-kpi.yaml, or name it with --config PATH.',
  });
}

interface Place {
  readonly file: string;
  readonly folder: string;
  readonly options: LoadOptions;
  readonly report: Report;
}

async function understand(root: unknown, place: Place): Promise<Settings | null> {
  const { folder, options, report } = place;
  const parsed = fileSchema.safeParse(root, parsedOnce);
  report.add(...explainIssues(parsed.error?.issues ?? [], { schema: fileSchema, value: root, at: [] }));
  const raw = isRecord(root) ? root : {};
  const rawConnections = isRecord(raw.connections) ? raw.connections : {};
  const connections = await buildConnections(rawConnections, options, report);
  const segments = [...segmentKinds, ...mappedDimensions(rawConnections)];
  const store = resolve(folder, parsed.data?.store ?? '');
  const voices = await hearConnections({ raw, connections, store }, { ...options, report });
  const silence = parsed.success ? fillSilence(parsed.data, voices) : null;
  const rules = await buildRules(silence, folder, report);
  const { timeZone } = rules;
  const own = await buildBusinessHours(raw.businessHours, { folder, timeZone, report });
  const businessHours = own.length > 0 ? own : (silence?.businessHours ?? []);
  const goals = await buildGoals(Array.isArray(raw.goals) ? raw.goals : [], {
    folder,
    rules,
    kpiUnit: options.kpiUnit,
    ...(options.kpiTraits && { kpiTraits: options.kpiTraits }),
    kpiIds: options.kpiIds,
    segments,
    hasBusinessHours: businessHours.length > 0 || voices.mayTellHours,
    report,
  });
  const readable = silence?.settings ?? readableSettings(raw, parsed.error?.issues ?? []);
  if (readable) checkNames(readable, { segments, options, report });
  if (!silence) return null;
  report.add(...checkSchedule(silence.settings.schedule, Object.keys(rawConnections)));
  report.add(...checkRetention(silence.settings.retention, connections));
  const { told, provisional } = silence;
  return {
    ...assemble(silence.settings, { ...place, rules, businessHours, connections, goals }),
    ...(told.length > 0 ? { told } : {}),
    ...(voices.listens ? { listens: true } : {}),
    ...(provisional.length > 0 ? { provisional } : {}),
  };
}

/** What is left without the keys that are wrong, so that one mistake hides no other; null: too little. */
function readableSettings(
  raw: Readonly<Record<string, unknown>>,
  issues: readonly z.core.$ZodIssue[],
): FileSettings | null {
  const faulty = new Set<PropertyKey>();
  for (const issue of issues) {
    if (issue.path[0] !== undefined) faulty.add(issue.path[0]);
    else if (issue.code === 'unrecognized_keys') for (const key of issue.keys) faulty.add(key);
  }
  const sound = Object.entries(raw).filter(([key]) => !faulty.has(key));
  return fileSchema.safeParse(Object.fromEntries(sound), parsedOnce).data ?? null;
}

async function buildConnections(
  raw: Readonly<Record<string, unknown>>,
  source: ConnectorSource,
  report: Report,
): Promise<ConnectionSettings[]> {
  const connections: ConnectionSettings[] = [];
  for (const [name, entry] of Object.entries(raw)) {
    const { value, findings } = await buildConnection(name, entry, source);
    report.add(...findings);
    if (value) connections.push(value);
  }
  return connections;
}

/** While other settings are wrong, the calendar of the usual case serves to check goals. */
async function buildRules(silence: Silence | null, folder: string, report: Report): Promise<CalendarRules> {
  const settings = silence?.settings;
  const file = settings?.calendar;
  const table = file === undefined ? (silence?.table ?? []) : await readCalendar(folder, file, report);
  return {
    timeZone: settings?.timeZone ?? 'UTC',
    weekStart: settings?.weekStart ?? 'monday',
    fiscalYearStart: settings?.fiscalYearStart ?? 1,
    fiscalYearName: settings?.fiscalYearName ?? 'end',
    ...(table.length > 0 ? { table } : {}),
  };
}

interface Names {
  readonly segments: readonly string[];
  readonly options: LoadOptions;
  readonly report: Report;
}

function checkNames(settings: FileSettings, { segments, options, report }: Names): void {
  report.add(...checkSegments(settings.segments, [], segments));
  report.add(...checkSegments(settings.publish.segments, ['publish'], segments));
  checkKpis(settings.kpis ?? [], ['kpis'], { options, report });
  for (const [index, saved] of settings.reports.entries())
    checkKpis(saved.kpis, ['reports', index, 'kpis'], { options, report });
  const { kpis } = settings.publish;
  if (Array.isArray(kpis)) checkKpis(kpis, ['publish', 'kpis'], { options, report });
}

function checkKpis(
  ids: readonly string[],
  path: readonly (string | number)[],
  { options, report }: Pick<Names, 'options' | 'report'>,
): void {
  for (const [index, id] of ids.entries()) {
    if (options.kpiUnit(id) === null) report.add(unknownKpi(id, [...path, index], options.kpiIds));
  }
}

type Parts = Place &
  Pick<Settings, 'businessHours' | 'connections' | 'goals'> & { readonly rules: CalendarRules };

function assemble(settings: Silence['settings'], parts: Parts): Settings {
  const { file, folder, rules, businessHours = [], connections, goals } = parts;
  const { timeZone } = settings;
  return {
    file,
    folder,
    calendar: rules,
    businessHours,
    pausedStatuses: settings.pausedStatuses,
    language: settings.language,
    currency: settings.currency,
    store: resolve(folder, settings.store),
    connections,
    kpis: settings.kpis ?? null,
    reports: buildReports(settings.reports, settings.language),
    serve: buildServe(settings.serve),
    grains: settings.grains,
    segments: settings.segments,
    history: settings.history,
    goals,
    publish: settings.publish,
    schedule: [
      ...buildSchedule(settings.schedule, { timeZone, connections: connections.map(({ name }) => name) }),
      ...scheduleReports(settings.reports, timeZone),
    ],
    alerts: buildAlerts(settings.alerts, timeZone),
    freshness: buildFreshness(settings.freshness),
    deadlineMs: settings.deadline === undefined ? null : parseDuration(settings.deadline),
    metrics: buildMetrics(settings.metrics, folder),
    retention: settings.retention,
  };
}
