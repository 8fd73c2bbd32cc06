import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import type { Log } from '../../model/connector.ts';
import type { ScheduledJob } from '../../model/operations.ts';
import type { CommandContext } from '../context.ts';
import { packageFile } from '../places.ts';

/** How long a job may take to put things away when it is told to stop. */
const graceMs = 4_000;

const commandOf = {
  report: 'report',
  all: 'run',
  sync: 'sync',
  evaluate: 'evaluate',
  publish: 'publish',
} as const;

/** What a person would type for a job, after `crm-kpi`. */
export function jobCommand({ run, report, connections, deadlineMs }: ScheduledJob): readonly string[] {
  if (report !== undefined) return ['report', '--name', report, '--send'];
  const names = run === 'evaluate' ? [] : connections;
  const deadline = deadlineMs === null ? [] : ['--deadline', `${Math.ceil(deadlineMs / 1000)}s`];
  return [commandOf[run], ...names, ...deadline];
}

/** The program itself: compiled beside the package's files, in a checkout from its sources. */
export function programFile(): string {
  const compiled = packageFile('dist', 'src', 'cli', 'crm-kpi.cjs');
  const source = packageFile('src', 'cli', 'crm-kpi.cjs');
  return existsSync(source) ? source : compiled;
}

export interface ChildJob {
  readonly job: ScheduledJob;
  readonly settingsFile: string;
  readonly log: Log;
}

/**
 * Runs a job as a process of its own: it reads the settings anew, and neither a crash nor what it leaves in memory
 * touches the schedule. Told to stop, it gets a few seconds.
 */
export function runChild({ job, settingsFile, log }: ChildJob, context: CommandContext): Promise<number> {
  const { flags, env, cwd, signal } = context;
  const level = flags.logLevel === undefined ? [] : ['--log-level', flags.logLevel];
  const args = [
    programFile(),
    ...jobCommand(job),
    '--config',
    settingsFile,
    ...level,
    ...(flags.quiet ? ['--quiet'] : []),
  ];
  const child = spawn(process.execPath, args, { cwd, env, stdio: ['ignore', 'ignore', 'inherit'] });
  let killer: NodeJS.Timeout | null = null;
  const stop = () => {
    child.kill('SIGTERM');
    killer = setTimeout(() => child.kill('SIGKILL'), graceMs);
  };
  if (signal.aborted) stop();
  signal.addEventListener('abort', stop, { once: true });
  return new Promise((resolve) => {
    const end = (code: number) => {
      if (killer) clearTimeout(killer);
      signal.removeEventListener('abort', stop);
      resolve(code);
    };
    child.once('error', (error) => {
      log.error({ job: job.id, message: error.message }, 'schedule.not_started');
      end(1);
    });
    child.once('close', (code, name) => end(code ?? (name === 'SIGTERM' ? 143 : 137)));
  });
}
