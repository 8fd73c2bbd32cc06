import type { Status } from './commands/status.ts';
import type { CommandContext, ExitCode } from './context.ts';
import { formatTable } from './table.ts';

/** The answer in one screen: good or not first, then what it rests on. */
export function printStatus(status: Status, exitCode: ExitCode, { out }: CommandContext): void {
  out(describeNight(status, exitCode));
  if (status.running !== null) out(`Running now: ${status.running}.`);
  out('');
  for (const connection of status.connections) printConnection(connection, out);
  for (const { id, job, startedAt, finishedAt, outcome, exitCode: code } of status.runs)
    out(`run ${id}  ${job}  ${startedAt}  ${describeEnd({ startedAt, finishedAt, outcome, code })}`);
  for (const { run, connections, nextAt } of status.schedule)
    out(`next  ${[run, ...connections].join(' ')}  ${nextAt ?? 'never'}`);
  printTroubles(status, out);
}

function describeNight({ runs, schedule }: Status, exitCode: ExitCode): string {
  const ended = runs.filter(({ outcome }) => outcome !== null);
  // An interrupted job says nothing about the night: the one before it does.
  const newest = ended.find(({ outcome }) => outcome !== 'interrupted') ?? ended[0];
  if (!newest) return 'No job has run yet. Start one with `crm-kpi run`.';
  const job = newest === ended[0] ? 'the last job' : 'the last job that was not interrupted';
  const last = `${job}, ${newest.job}, began ${newest.startedAt} and ended ${newest.outcome}`;
  if (exitCode === 0 && newest.outcome !== 'interrupted') return `Last night is good: ${last}.`;
  if (exitCode === 0) return `Nothing is wrong, but not all is done: ${last}; the next run goes on.`;
  if (exitCode === 4) return `Nothing is wrong, but not all is done: ${last}; the next run goes on.`;
  const missing = schedule.some((job) => job.isMissing) ? ', and a scheduled start is missing' : '';
  return `Last night is NOT good: ${last}${missing}.`;
}

interface Ended {
  readonly startedAt: string | null;
  readonly finishedAt: string | null;
  readonly outcome: string | null;
  readonly code: number | null;
}

function describeEnd({ startedAt, finishedAt, outcome, code }: Ended): string {
  if (outcome === null || finishedAt === null) return 'did not end';
  const took = Math.round((Date.parse(finishedAt) - Date.parse(startedAt ?? finishedAt)) / 1000);
  return `${outcome} in ${took} s${code ? `, exit code ${code}` : ''}`;
}

type ConnectionStatus = Status['connections'][number];

function printConnection({ name, connector, account, objects, api }: ConnectionStatus, out: Print): void {
  out(`${name} (${connector}${account ? `, ${account}` : ''})${describeApi(api)}`);
  const rows = objects.map(({ object, rows, deleted, lastSuccessAt, complete, lastError, unavailable }) => [
    `  ${object}`,
    String(rows),
    String(deleted),
    lastSuccessAt ?? 'never',
    describeProof(complete),
    lastError ?? unavailable ?? '',
  ]);
  out(
    rows.length > 0
      ? formatTable(['  Object', '>Rows', '>Deleted', 'Last success', 'Proof', 'Problem'], rows)
      : '  never synced',
  );
  out('');
}

type Print = (text: string) => void;

function describeProof(complete: ConnectionStatus['objects'][number]['complete']): string {
  if (!complete) return '';
  return complete.ours === complete.theirs ? 'complete' : `${complete.ours} of ${complete.theirs}`;
}

function describeApi({ used, limit, calls, callsToday, resetsAt }: ConnectionStatus['api']): string {
  const resets = resetsAt === null ? '' : ` (until ${resetsAt})`;
  const daily = used !== null && limit !== null ? `, ${used} of ${limit} API calls used today${resets}` : '';
  return `${daily}; crm-kpi sent ${callsToday} today, ${calls} in its last job`;
}

function printTroubles(status: Status, out: Print): void {
  for (const { connection, key, reason } of status.refused)
    out(`refused by ${connection}: ${key}: ${reason}`);
  for (const { title, since } of status.alerts.open) out(`alert since ${since}: ${title}`);
  for (const { target, title, attempts, problem } of status.alerts.undelivered)
    out(`not delivered to ${target} after ${attempts} tries: ${title}\n  ${problem}`);
  for (const { where, problem, fix } of status.needsPerson)
    out(`needs a person: ${where}: ${problem}\n  Fix: ${fix}`);
  for (const { problem, fix } of status.stale) out(`not fresh: ${problem}\n  Fix: ${fix}`);
  const silent = status.silent.length;
  if (silent > 0)
    out(
      `${silent} ${silent === 1 ? 'KPI has' : 'KPIs have'} no value, since what they count is not there: --json lists them.`,
    );
}
