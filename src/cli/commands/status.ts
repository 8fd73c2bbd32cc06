import type { RunInfo, StreamState } from '../../model/store.ts';
import { readSpentCalls } from '../api-calls.ts';
import type { CommandContext, ExitCode } from '../context.ts';
import { scheduleProblems, toIso } from '../night.ts';
import { collectProblems } from '../problems.ts';
import { printStatus } from '../status-text.ts';
import { openWorkspace, type Workspace } from '../wire.ts';

export async function run(context: CommandContext): Promise<ExitCode> {
  await using workspace = await openWorkspace(context);
  const status = await collectStatus(workspace, context.clock.now());
  const exitCode = worstProblem(status);
  if (context.flags.json) context.out(JSON.stringify(status));
  else printStatus(status, exitCode, context);
  return exitCode;
}

const runsShown = 5;

async function collectStatus(workspace: Workspace, now: number) {
  const { store, connections, settings } = workspace;
  const states = await store.streamStates();
  const usage = new Map((await store.apiUsage()).map((entry) => [entry.connection, entry]));
  const accounts = new Map((await store.sources()).map((source) => [source.connection, source]));
  const runs = await store.runs(runsShown);
  const lines = connections.map(({ settings: { name }, connector }) => ({ name, policy: connector.policy }));
  const callsToday = await readSpentCalls(store, lines, now);
  const own = states.filter(({ connection }) =>
    connections.some(({ settings: { name } }) => name === connection),
  );
  const problems = await collectProblems(workspace, { streams: own, runs, now });
  return {
    connections: connections.map(({ settings: { name }, connector }) => ({
      name,
      connector: connector.id,
      account: accounts.get(name)?.accountName ?? null,
      objects: states.filter(({ connection }) => connection === name).map(describeStream),
      api: {
        used: usage.get(name)?.used ?? null,
        limit: usage.get(name)?.limit ?? null,
        resetsAt: toIso(usage.get(name)?.resetsAt ?? null),
        calls: usage.get(name)?.calls ?? 0,
        callsToday: callsToday.get(name) ?? 0,
      },
    })),
    runs: runs.map(describeRun),
    ...problems,
    silent: problems.silent.map(({ kpi, connection, reason }) => ({
      ...{ kpi, connection },
      reason: reason[settings.language],
    })),
    store: settings.store,
  };
}

export type Status = Awaited<ReturnType<typeof collectStatus>>;

function describeStream(state: StreamState) {
  return {
    object: state.stream,
    rows: state.rows,
    deleted: state.deleted,
    watermark: toIso(state.watermark),
    lastSuccessAt: toIso(state.lastSuccessAt),
    lastError: state.lastError,
    unavailable: state.unavailable,
    complete:
      state.ours === null || state.theirs === null ? null : { ours: state.ours, theirs: state.theirs },
  };
}

function describeRun(info: RunInfo) {
  return { ...info, startedAt: toIso(info.startedAt), finishedAt: toIso(info.finishedAt) };
}

/** The smallest code among those of the newest run, the objects, refusals, the schedule and the alerts. */
function worstProblem({ runs, connections, refused, schedule, running, stale, alerts }: Status): ExitCode {
  const codes: number[] = [];
  const newest = runs.find(({ outcome }) => outcome !== 'interrupted');
  if (newest?.exitCode && newest.exitCode <= 4) codes.push(newest.exitCode);
  if (connections.some(({ objects }) => objects.some(({ lastError }) => lastError !== null))) codes.push(3);
  if (refused.length > 0 || stale.length > 0 || alerts.undelivered.length > 0) codes.push(3);
  if (scheduleProblems(schedule, running).length > 0) codes.push(2);
  return (codes.length === 0 ? 0 : Math.min(...codes)) as ExitCode;
}
