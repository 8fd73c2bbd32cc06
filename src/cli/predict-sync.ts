import type { Connection, Stream } from '../model/connector.ts';
import { RunError } from '../model/errors.ts';
import type { CommandContext, ExitCode } from './context.ts';
import { formatFailure } from './report-failure.ts';
import { formatTable } from './table.ts';
import { chooseConnections, openWorkspace, type Workspace, type WorkspaceConnection } from './wire.ts';

/** What a pass over one object would take; null where the CRM cannot tell. */
interface Prediction {
  readonly connection: string;
  readonly object: string;
  readonly rows: number | null;
  readonly calls: number | null;
  /** At the pace that the connection's limit allows. */
  readonly minutes: number | null;
  /** Of the daily limit, 0.01 = 1 %. */
  readonly quotaShare: number | null;
}

/** Tells, without storing anything, what the next sync would read and what it would cost. */
export async function predictSync(context: CommandContext, names: readonly string[]): Promise<ExitCode> {
  await using workspace = await openWorkspace(context);
  const predictions: Prediction[] = [];
  const failures: RunError[] = [];
  for (const connection of chooseConnections(workspace, names)) {
    try {
      predictions.push(...(await predictConnection(workspace, connection)));
    } catch (error) {
      if (!(error instanceof RunError)) throw error;
      failures.push(error);
    }
  }
  if (context.flags.json) context.out(JSON.stringify(predictions));
  else context.out(formatPredictions(predictions));
  for (const failure of failures) context.note(formatFailure(failure));
  return failures.length > 0 ? 3 : 0;
}

async function predictConnection(
  { store }: Workspace,
  { settings, open, usage, connector }: WorkspaceConnection,
): Promise<readonly Prediction[]> {
  await using connection = await open();
  const predictions: Prediction[] = [];
  for (const stream of await connection.streams()) {
    if (stream.unavailable) continue;
    const cursor = await store.cursor({ connection: settings.name, stream: stream.name });
    const { rows, calls } = await predictStream(connection, stream, cursor);
    const { limit } = usage();
    predictions.push({
      connection: settings.name,
      object: stream.name,
      rows,
      calls,
      minutes: calls === null ? null : minutesFor(calls, connector.policy),
      quotaShare: calls === null || limit === null ? null : calls / limit,
    });
  }
  return predictions;
}

async function predictStream(connection: Connection, stream: Stream, cursor: string | null) {
  if (connection.estimate) return await connection.estimate(stream, cursor);
  const counted = stream.comparable && connection.count ? await connection.count(stream) : null;
  return { rows: counted?.rows ?? null, calls: null };
}

/** The slowest rate among the connector's buckets decides; null where only concurrency limits. */
function minutesFor(calls: number, policy: WorkspaceConnection['connector']['policy']): number | null {
  const rates = Object.values(policy?.buckets ?? {}).flatMap(({ rate }) =>
    rate ? [rate.ms / rate.count] : [],
  );
  return rates.length === 0 ? null : (calls * Math.max(...rates)) / 60_000;
}

function formatPredictions(predictions: readonly Prediction[]): string {
  const text = (value: number | null, digits: number) => (value === null ? '' : value.toFixed(digits));
  const rows = predictions.map(({ connection, object, rows, calls, minutes, quotaShare }) => [
    connection,
    object,
    text(rows, 0),
    text(calls, 0),
    text(minutes, 1),
    quotaShare === null ? '' : `${(quotaShare * 100).toFixed(2)} %`,
  ]);
  return formatTable(['Connection', 'Object', '>Rows', '>Calls', '>Minutes', '>Daily limit'], rows);
}
