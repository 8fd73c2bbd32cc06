import { Gauge, Registry } from 'prom-client';
import type { OperationsStore } from '../model/operations.ts';
import type { PublishStore } from '../model/result-store.ts';
import type { RunInfo, RunStore } from '../model/store.ts';

export type MetricsStore = RunStore & PublishStore & OperationsStore;

const runsRead = 200;
const dayMs = 86_400_000;

/** What is measured, in the text format of Prometheus (https://prometheus.io/docs/instrumenting/exposition_formats/). */
export async function renderMetrics(store: MetricsStore, now: number): Promise<string> {
  const registry = new Registry();
  const gauge = createGauges(registry);
  await measureStreams(store, gauge);
  await measureRuns(store, gauge);
  await measureCalls(store, gauge, now);
  await measureTroubles(store, gauge);
  return registry.metrics();
}

type Labels = Readonly<Record<string, string>>;
/** Sets one series of a metric; null leaves it out. */
type SetGauge = (name: MetricName, labels: Labels, value: number | null) => void;

/** Every metric with its meaning; docs/events.md lists the same. */
export const metricTexts = {
  crm_kpi_object_rows: 'Living records of an object in the store',
  crm_kpi_object_deleted_rows: 'Records of an object known to be deleted',
  crm_kpi_object_remote_rows: 'Living records of an object as the CRM counted them at the last comparison',
  crm_kpi_object_last_success_timestamp_seconds: 'When an object was last read to the end',
  crm_kpi_object_failing: '1 where the last reading of an object failed',
  crm_kpi_crm_status_timestamp_seconds: 'When the record of freshness in the CRM was last written',
  crm_kpi_last_run_timestamp_seconds: 'When the newest run of a job began',
  crm_kpi_last_success_timestamp_seconds: 'When the newest run of a job that ended with exit code 0 began',
  crm_kpi_last_run_duration_seconds: 'How long the newest ended run of a job took',
  crm_kpi_last_run_exit_code: 'Exit code of the newest ended run of a job',
  crm_kpi_phase_duration_seconds: 'How long each phase of the newest ended run took',
  crm_kpi_runs_total: 'Ended runs by job and outcome',
  crm_kpi_failures: 'Failures of the newest ended run by kind',
  crm_kpi_api_calls_last_day: 'Calls that crm-kpi sent in the last 24 hours',
  crm_kpi_api_used: 'Calls of the daily limit used by all programs, as the CRM last told',
  crm_kpi_api_limit: 'Daily limit of calls, as the CRM last told',
  crm_kpi_refused_records: 'Results that the CRM refused',
  crm_kpi_alerts_open: 'Open alerts by event',
  crm_kpi_alerts_undelivered: 'Messages that could not be delivered yet',
} as const;
export type MetricName = keyof typeof metricTexts;

function createGauges(registry: Registry): SetGauge {
  const gauges = new Map<MetricName, Gauge>();
  return (name, labels, value) => {
    if (value === null) return;
    let gauge = gauges.get(name);
    if (!gauge) {
      gauge = new Gauge({
        name,
        help: metricTexts[name],
        labelNames: Object.keys(labels),
        registers: [registry],
      });
      gauges.set(name, gauge);
    }
    gauge.set(labels, value);
  };
}

const toSeconds = (ms: number | null) => (ms === null ? null : ms / 1000);

async function measureStreams(store: MetricsStore, gauge: SetGauge): Promise<void> {
  for (const state of await store.streamStates()) {
    const labels = { connection: state.connection, object: state.stream };
    gauge('crm_kpi_object_rows', labels, state.rows);
    gauge('crm_kpi_object_deleted_rows', labels, state.deleted);
    gauge('crm_kpi_object_remote_rows', labels, state.theirs);
    gauge('crm_kpi_object_last_success_timestamp_seconds', labels, toSeconds(state.lastSuccessAt));
    gauge('crm_kpi_object_failing', labels, state.lastError === null ? 0 : 1);
  }
  for (const { connection, writtenAt } of await store.crmFreshness())
    gauge('crm_kpi_crm_status_timestamp_seconds', { connection }, toSeconds(writtenAt));
}

async function measureRuns(store: MetricsStore, gauge: SetGauge): Promise<void> {
  const runs = await store.runs(runsRead);
  for (const [job, ofJob] of Map.groupBy(runs, (run) => run.job)) {
    const newest = ofJob[0];
    const ended = ofJob.find(({ finishedAt }) => finishedAt !== null);
    const good = ofJob.find(({ exitCode }) => exitCode === 0);
    gauge('crm_kpi_last_run_timestamp_seconds', { job }, toSeconds(newest?.startedAt ?? null));
    gauge('crm_kpi_last_success_timestamp_seconds', { job }, toSeconds(good?.startedAt ?? null));
    if (ended) measureEnded(ended, gauge);
  }
  for (const { job, outcome, runs: count } of await store.runTallies())
    gauge('crm_kpi_runs_total', { job, outcome }, count);
}

function measureEnded(
  { job, startedAt, finishedAt, exitCode, durations, error }: RunInfo,
  gauge: SetGauge,
): void {
  const durationMs = finishedAt === null ? null : finishedAt - startedAt;
  gauge('crm_kpi_last_run_duration_seconds', { job }, toSeconds(durationMs));
  gauge('crm_kpi_last_run_exit_code', { job }, exitCode);
  for (const [phase, ms] of Object.entries(durations))
    gauge('crm_kpi_phase_duration_seconds', { job, phase }, toSeconds(ms));
  const failures: readonly { readonly kind?: unknown }[] = Array.isArray(error) ? error : [];
  const kinds = Map.groupBy(failures, ({ kind }) => String(kind));
  for (const [kind, ofKind] of kinds) gauge('crm_kpi_failures', { job, kind }, ofKind.length);
}

async function measureCalls(store: MetricsStore, gauge: SetGauge, now: number): Promise<void> {
  for (const { connection, used, limit } of await store.apiUsage()) {
    gauge('crm_kpi_api_calls_last_day', { connection }, await store.apiCallsSince(connection, now - dayMs));
    gauge('crm_kpi_api_used', { connection }, used);
    gauge('crm_kpi_api_limit', { connection }, limit);
  }
}

async function measureTroubles(store: MetricsStore, gauge: SetGauge): Promise<void> {
  const refused = Map.groupBy(await store.refused(), ({ connection }) => connection);
  for (const [connection, records] of refused)
    gauge('crm_kpi_refused_records', { connection }, records.length);
  const alerts = (await store.openAlerts()).flatMap(({ notice }) => notice.events);
  for (const [event, ofEvent] of Map.groupBy(alerts, (event) => event))
    gauge('crm_kpi_alerts_open', { event }, ofEvent.length);
  const undelivered = (await store.alertMessages()).filter(({ problem }) => problem !== null);
  gauge('crm_kpi_alerts_undelivered', {}, undelivered.length);
}
