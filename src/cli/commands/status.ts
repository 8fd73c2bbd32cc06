import type { RunInfo, StreamState } from '../../model/store.ts';
import type { CommandContext, ExitCode } from '../context.ts';
import { formatTable } from '../table.ts';
import { openWorkspace, type Workspace } from '../wire.ts';

export async function run(context: CommandContext): Promise<ExitCode> {
  await using workspace = await openWorkspace(context);
  const status = await collectStatus(workspace);
  const exitCode = worstProblem(status);
  if (context.flags.json) context.out(JSON.stringify(status));
  else printStatus(status, context);
  return exitCode;
}

const runsShown = 5;

async function collectStatus({ store, connections, settings }: Workspace) {
  const states = await store.streamStates();
  const usage = new Map((await store.apiUsage()).map((entry) => [entry.connection, entry]));
  const accounts = new Map((await store.sources()).map((source) => [source.connection, source]));
  const runs = await store.runs(runsShown);
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
      },
    })),
    runs: runs.map(describeRun),
    refused: await store.refused(),
    needsPerson: [...streamProblems(states), ...runProblems(runs)],
    store: settings.store,
  };
}

type Status = Awaited<ReturnType<typeof collectStatus>>;

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

interface Problem {
  readonly where: string;
  readonly problem: string;
  readonly fix: string;
}

function streamProblems(states: readonly StreamState[]): readonly Problem[] {
  return states
    .filter(({ unavailable, lastError }) => unavailable !== null || lastError !== null)
    .map(({ connection, stream, unavailable, lastError, fix }) => ({
      where: `${connection} ${stream}`,
      problem: unavailable ?? lastError ?? '',
      fix: fix ?? `Run \`crm-kpi check ${connection}\`.`,
    }));
}

/** What the newest run left for a person to do. */
function runProblems(runs: readonly RunInfo[]): readonly Problem[] {
  const [newest] = runs;
  if (!newest || !Array.isArray(newest.error)) return [];
  return newest.error
    .filter((failure) => ['config', 'auth', 'store', 'usage'].includes(failure.kind))
    .map(({ where, message, fix }) => ({ where, problem: message, fix }));
}

/** The smallest code among the newest run's, the streams' and the refusals'. */
function worstProblem({ runs, connections, refused }: Status): ExitCode {
  const codes: number[] = [];
  const newest = runs.find(({ outcome }) => outcome !== 'interrupted');
  if (newest?.exitCode && newest.exitCode <= 4) codes.push(newest.exitCode);
  if (connections.some(({ objects }) => objects.some(({ lastError }) => lastError !== null))) codes.push(3);
  if (refused.length > 0) codes.push(3);
  return (codes.length === 0 ? 0 : Math.min(...codes)) as ExitCode;
}

function printStatus(status: Status, { out }: CommandContext): void {
  for (const { name, connector, account, objects, api } of status.connections) {
    out(`${name} (${connector}${account ? `, ${account}` : ''})${describeApi(api)}`);
    const rows = objects.map(({ object, rows, deleted, lastSuccessAt, complete, lastError, unavailable }) => [
      `  ${object}`,
      String(rows),
      String(deleted),
      lastSuccessAt ?? 'never',
      complete
        ? complete.ours === complete.theirs
          ? 'complete'
          : `${complete.ours} of ${complete.theirs}`
        : '',
      lastError ?? unavailable ?? '',
    ]);
    out(
      rows.length > 0
        ? formatTable(['  Object', '>Rows', '>Deleted', 'Last success', 'Proof', 'Problem'], rows)
        : '  never synced',
    );
    out('');
  }
  for (const { id, job, startedAt, outcome } of status.runs)
    out(`run ${id}  ${job}  ${startedAt}  ${outcome ?? 'did not end'}`);
  for (const { connection, key, reason } of status.refused)
    out(`refused by ${connection}: ${key}: ${reason}`);
  for (const { where, problem, fix } of status.needsPerson)
    out(`needs a person: ${where}: ${problem}\n  Fix: ${fix}`);
  if (status.runs.length === 0) out('No job has run yet. Start one with `crm-kpi run`.');
}

function describeApi({ used, limit, calls }: Status['connections'][number]['api']): string {
  const daily = used !== null && limit !== null ? `, ${used} of ${limit} API calls used today` : '';
  return `${daily}, ${calls} calls by the last job`;
}

function toIso(at: number | null): string | null {
  return at === null ? null : new Date(at).toISOString();
}
